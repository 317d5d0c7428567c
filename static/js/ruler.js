/* Reading ruler and cross-lines: follow the pointer, the finger and the focus (EL-22, EL-23). */
(function () {
  "use strict";

  var kind = document.documentElement.getAttribute("data-ruler");
  var lines = (kind === "cross" ? ["ruler-across", "ruler-down"] : ["ruler-row"]).map(function (name) {
    var line = document.createElement("div");
    line.className = "ruler " + name;
    line.setAttribute("aria-hidden", "true");
    line.hidden = true;
    document.body.appendChild(line);
    return line;
  });

  function move(x, y) {
    lines.forEach(function (line) {
      line.hidden = false;
      var down = line.className.indexOf("ruler-down") !== -1;
      line.style.transform = down
        ? "translateX(" + x + "px)"
        : "translateY(" + Math.round(y - line.offsetHeight / 2) + "px)";
    });
  }

  function follow(event) { move(event.clientX, event.clientY); }
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerdown", follow);
  document.addEventListener("focusin", function (event) {
    var box = event.target.getBoundingClientRect();
    move(box.left, box.top + box.height / 2);
  });
}());
