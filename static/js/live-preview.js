/* The form of an activity shows how it will look while it is typed. The server draws the preview, as it does without
   scripts when its button is pressed; here it is asked for again whenever somebody pauses. */
(function () {
  "use strict";

  var PAUSE = 700;
  var box = document.querySelector("[data-live-preview]");
  var form = box && box.closest && box.closest("form");
  if (!form || !window.fetch || !window.FormData || !FormData.prototype.delete) { return; }
  var timer = null, asked = 0;

  function draw() {
    var number = asked += 1;
    var data = new FormData(form);
    data.delete("picture");
    fetch(box.getAttribute("data-live-preview"), { method: "POST", body: data, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (html) { if (html && number === asked) { box.innerHTML = html; } })
      .catch(function () { /* without the network the form goes on working */ });
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
}());
