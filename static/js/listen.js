/* Read aloud, and more: tap a paragraph to hear the page from there (指读), it reads on (连读), and what is being said is
   marked. The player works without any of this. Words come from the page, in its language. */
(function () {
  "use strict";

  var figure = document.querySelector(".listen[data-marks]");
  if (!figure || !window.fetch) { return; }
  var audio = figure.querySelector("audio");
  var choose = document.createElement("button");
  var paragraphs = null;
  var said = null;
  var isChoosing = false;

  function bare(text) { return text.replace(/[\s，。：；！？、,.:;!?()（）·|]+/g, ""); }

  function shown(element) {
    var words = element.cloneNode(true);
    Array.prototype.forEach.call(words.querySelectorAll(".hear-from, .hidden-text"), function (e) { e.remove(); });
    return bare(words.textContent);
  }

  /* The innermost part of the page that shows these words; parts that were found are not taken twice. */
  function find(text, taken) {
    var wanted = bare(text);
    var best = null;
    Array.prototype.forEach.call(document.querySelectorAll("#main *"), function (element) {
      if (taken.indexOf(element) >= 0 || element.closest(".listen, script, svg, .hear-from")) { return; }
      var words = shown(element);
      if (!words || words.indexOf(wanted) < 0 && (wanted.indexOf(words) !== 0 || words.length < wanted.length / 2)) { return; }
      if (!best || best.contains(element) || Math.abs(words.length - wanted.length) < best.off) {
        best = element;
        best.off = Math.abs(words.length - wanted.length);
      }
    });
    return best && best.off < wanted.length / 2 + 12 ? best : null;
  }

  function load() {
    return fetch(figure.getAttribute("data-marks")).then(function (answer) {
      if (!answer.ok) { throw new Error("not now"); }
      return answer.json();
    }).then(function (found) {
      var taken = [];
      paragraphs = [];
      found.marks.forEach(function (mark) {
        var element = find(mark[1], taken);
        if (element) {
          taken.push(element);
          paragraphs.push({ begins: mark[0], element: element });
        }
      });
    });
  }

  function mark() {
    var now = null;
    (paragraphs || []).forEach(function (one) {
      if (one.begins <= audio.currentTime + 0.05) { now = one.element; }
    });
    if (audio.paused && audio.currentTime === 0) { now = null; }
    if (now === said) { return; }
    if (said) { said.classList.remove("is-said"); }
    said = now;
    if (!now) { return; }
    now.classList.add("is-said");
    var box = now.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) { now.scrollIntoView({ block: "center" }); }
  }

  function hear(one) {
    var begin = function () { audio.currentTime = one.begins; audio.play(); };
    if (audio.readyState > 0) { begin(); return; }
    audio.addEventListener("loadedmetadata", begin, { once: true });
    audio.load();
  }

  function offer() {
    paragraphs.forEach(function (one) {
      var button = document.createElement("button");
      var name = document.createElement("span");
      button.type = "button";
      button.className = "hear-from";
      name.className = "hidden-text";
      name.textContent = figure.getAttribute("data-from") + " " + one.element.textContent.trim().slice(0, 12);
      button.appendChild(name);
      button.addEventListener("click", function (event) { event.stopPropagation(); hear(one); });
      one.element.classList.add("can-be-heard");
      one.element.insertBefore(button, one.element.firstChild);
      one.tap = function (event) { if (!event.target.closest("a, button, input, label")) { hear(one); } };
      one.element.addEventListener("click", one.tap);
    });
  }

  function withdraw() {
    paragraphs.forEach(function (one) {
      one.element.classList.remove("can-be-heard");
      one.element.removeEventListener("click", one.tap);
      var button = one.element.querySelector(".hear-from");
      if (button) { button.remove(); }
    });
  }

  choose.type = "button";
  choose.className = "button button-quiet";
  choose.textContent = figure.getAttribute("data-choose");
  choose.setAttribute("aria-pressed", "false");
  figure.appendChild(choose);
  choose.addEventListener("click", function () {
    (paragraphs ? Promise.resolve() : load()).then(function () {
      isChoosing = !isChoosing;
      choose.setAttribute("aria-pressed", String(isChoosing));
      choose.textContent = figure.getAttribute(isChoosing ? "data-done" : "data-choose");
      if (isChoosing) { offer(); } else { withdraw(); }
    }).catch(function () { choose.disabled = true; });
  });
  audio.addEventListener("playing", function () { if (!paragraphs) { load().then(mark, function () { }); } });
  audio.addEventListener("timeupdate", mark);
  audio.addEventListener("ended", function () { audio.currentTime = 0; mark(); });
}());
