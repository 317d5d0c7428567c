/* Reads a ticket's QR code with the camera where the browser has BarcodeDetector; elsewhere nothing
   shows and the number is typed. */
"use strict";
(() => {
  const place = document.querySelector("[data-scan]");
  const field = document.querySelector('main input[name="q"]');
  if (!place || !field || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-quiet";
  button.textContent = place.dataset.scanLabel;
  place.append(button);
  place.hidden = false;
  let stream = null;
  let view = null;

  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    if (view) view.remove();
    stream = view = null;
    button.textContent = place.dataset.scanLabel;
  }

  async function look(detector) {
    if (!view) return;
    const found = await detector.detect(view).catch(() => []);
    if (found.length) {
      field.value = found[0].rawValue;
      stop();
      field.form.requestSubmit();
      return;
    }
    setTimeout(() => look(detector), 200);
  }

  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      place.hidden = true;
      return undefined;
    }
    view = document.createElement("video");
    view.className = "scan-view";
    view.muted = true;
    view.playsInline = true;
    view.srcObject = stream;
    place.append(view);
    button.textContent = place.dataset.stopLabel;
    await view.play();
    return look(new window.BarcodeDetector({ formats: ["qr_code"] }));
  });
})();
