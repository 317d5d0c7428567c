/* Audio books and films, where scripts run: 15 seconds back and on, speed, stop by itself, the place is kept. */
(function () {
  "use strict";

  var player = document.querySelector("[data-player]");
  var controls = document.querySelector("[data-controls]");
  if (!player || !controls) { return; }
  controls.hidden = false;

  Array.prototype.forEach.call(controls.querySelectorAll("[data-skip]"), function (button) {
    button.addEventListener("click", function () {
      player.currentTime = Math.max(0, player.currentTime + Number(button.getAttribute("data-skip")));
    });
  });
  controls.querySelector("[data-speed]").addEventListener("change", function () {
    player.playbackRate = Number(this.value);
  });
  var sleeping = 0;
  controls.querySelector("[data-sleep]").addEventListener("change", function () {
    window.clearTimeout(sleeping);
    if (Number(this.value)) {
      sleeping = window.setTimeout(function () { player.pause(); }, Number(this.value) * 60000);
    }
  });

  var from = Number(player.getAttribute("data-from")), began = false;
  player.addEventListener("play", function () {
    if (!began && from && location.hash === "" && location.search.indexOf("at=") < 0) {
      player.currentTime = from;
    }
    began = true;
  });

  var version = player.getAttribute("data-version"), kept = 0, counted = 0, first = 1;
  function post(address, facts, done) {
    var request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.setRequestHeader("Accept", "application/json");
    request.onload = function () { if (done && request.status === 200) { done(JSON.parse(request.responseText)); } };
    request.send(Object.keys(facts).map(function (name) {
      return name + "=" + encodeURIComponent(facts[name]);
    }).join("&"));
  }
  function keep() {
    if (!player.getAttribute("data-place")) { return; }
    post(player.getAttribute("data-place"), { chapter: player.getAttribute("data-chapter"),
      block: Math.round(player.currentTime), seen: version, csrf_token: player.getAttribute("data-token") },
      function (answer) { version = answer.version; });
  }
  player.addEventListener("timeupdate", function () {
    var now = Date.now();
    if (now - kept > 15000) { kept = now; keep(); }
    if (!counted) { counted = now; }
    if (now - counted > 60000) {
      post(player.getAttribute("data-seen"), { first: first, seconds: Math.round((now - counted) / 1000) });
      first = 0;
      counted = now;
    }
  });
  player.addEventListener("pause", keep);
  player.addEventListener("ended", keep);
}());
