/* Reading, where scripts run: the place is kept while one reads, the words light up as they are heard, selected words
   can be marked. Every page does without. */
(function () {
  "use strict";

  var text = document.querySelector(".book-text[data-seen]");
  if (!text) { return; }

  function post(address, facts, done) {
    var request = new XMLHttpRequest();
    var body = Object.keys(facts).map(function (name) {
      return encodeURIComponent(name) + "=" + encodeURIComponent(facts[name]);
    }).join("&");
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.setRequestHeader("Accept", "application/json");
    if (done) { request.onload = function () { done(request); }; }
    request.send(body);
  }

  /* How long the page is looked at: counted without a name. */
  var began = Date.now(), first = 1;
  function seen() {
    var seconds = Math.round((Date.now() - began) / 1000);
    if (seconds < 3) { return; }
    began = Date.now();
    post(text.getAttribute("data-seen"), { first: first, seconds: seconds });
    first = 0;
  }
  window.setTimeout(seen, 5000);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") { seen(); } else { began = Date.now(); }
  });

  /* The place: the first block in view, when one has stayed with it for a moment. */
  var place = text.getAttribute("data-place"), version = text.getAttribute("data-version"), timer = 0;
  var last = text.getAttribute("data-first");
  function firstInView() {
    var blocks = text.querySelectorAll("[id^=n]");
    for (var i = 0; i < blocks.length; i += 1) {
      var box = blocks[i].getBoundingClientRect();
      if (/^n\d+$/.test(blocks[i].id) && box.bottom > 60 && box.right > 0 && box.left < window.innerWidth) {
        return blocks[i].id.slice(1);
      }
    }
    return last;
  }
  function keep() {
    var block = firstInView();
    post(place, { chapter: text.getAttribute("data-chapter"), block: block, seen: version,
      csrf_token: text.getAttribute("data-token") }, function (request) {
      if (request.status === 200) {
        version = JSON.parse(request.responseText).version;
        last = block;
        Array.prototype.forEach.call(document.querySelectorAll("input[name=seen]"), function (field) {
          field.value = version;
        });
      }
    });
  }
  if (place) {
    timer = window.setTimeout(keep, 4000);
    window.addEventListener("scroll", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, 2500);
    }, true);
  }

  /* Media overlays: the sentence that is heard is marked; a press on a sentence plays it. */
  Array.prototype.forEach.call(document.querySelectorAll("audio[data-clips]"), function (audio) {
    var clips = JSON.parse(audio.getAttribute("data-clips")), now = null;
    function mark(id) {
      if (now) { now.classList.remove("book-heard"); }
      now = id ? document.getElementById(id) : null;
      if (now) { now.classList.add("book-heard"); }
    }
    audio.addEventListener("timeupdate", function () {
      var at = audio.currentTime;
      var clip = clips.filter(function (c) { return c[1] <= at && at < c[2]; })[0];
      if ((clip && (!now || now.id !== clip[0])) || (!clip && now)) { mark(clip && clip[0]); }
    });
    clips.forEach(function (clip) {
      var words = document.getElementById(clip[0]);
      if (words) {
        words.addEventListener("click", function (event) {
          if (event.target.closest && event.target.closest("a")) { return; }
          audio.currentTime = clip[1];
          audio.play();
        });
      }
    });
  });

  /* The parts of a page are heard one after the other, once the first was started by hand. */
  var parts = document.querySelectorAll("audio[data-part]");
  Array.prototype.forEach.call(parts, function (audio, number) {
    audio.addEventListener("ended", function () {
      if (parts[number + 1]) { parts[number + 1].play(); }
    });
  });
}());
