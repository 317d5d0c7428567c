/* Record a voice note right on the page (EL-15). Without scripts, or without a recorder, the field for a file stands
   there all the same: on a phone it opens the phone's own recorder. The words come from the page, in its language. */
(function () {
  "use strict";

  if (!window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) { return; }

  Array.prototype.forEach.call(document.querySelectorAll("[data-voice]"), function (place) {
    var field = document.getElementById(place.getAttribute("data-voice"));
    var button = document.createElement("button");
    var told = document.createElement("p");
    var recorder = null;
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = place.getAttribute("data-record");
    told.setAttribute("role", "status");
    field.parentNode.appendChild(button);
    field.parentNode.appendChild(told);

    function kept(parts, type) {
      var file = new File([new Blob(parts, { type: type })], "voice." + (/mp4/.test(type) ? "m4a" : "webm"), { type: type });
      var carried = new DataTransfer();
      carried.items.add(file);
      field.files = carried.files;
      var player = place.querySelector("audio") || document.createElement("audio");
      player.controls = true;
      player.src = URL.createObjectURL(file);
      field.parentNode.appendChild(player);
      told.textContent = place.getAttribute("data-kept");
    }

    function begin(sound) {
      var parts = [];
      recorder = new MediaRecorder(sound);
      recorder.addEventListener("dataavailable", function (event) { parts.push(event.data); });
      recorder.addEventListener("stop", function () {
        sound.getTracks().forEach(function (track) { track.stop(); });
        kept(parts, (recorder.mimeType || "audio/webm").split(";")[0]);
        recorder = null;
        button.textContent = place.getAttribute("data-record");
      });
      recorder.start();
      told.textContent = "";
      button.textContent = place.getAttribute("data-stop");
    }

    button.addEventListener("click", function () {
      if (recorder) { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () {
        told.textContent = place.getAttribute("data-denied");
      });
    });
  });
}());
