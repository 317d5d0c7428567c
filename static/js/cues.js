// Sentences of a recording: a press plays from there, on the page instead of in a new view.
"use strict";
for (const box of document.querySelectorAll("[data-recording]")) {
  const player = box.querySelector("audio, video");
  const links = [...box.querySelectorAll("a[data-seek]")];
  if (!player) continue;
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      player.currentTime = Number(link.dataset.seek);
      player.play().catch(() => { location.href = link.href; });
    });
  }
  player.addEventListener("timeupdate", () => {
    const now = links.filter((link) => Number(link.dataset.seek) <= player.currentTime + 0.05).pop();
    for (const link of links) {
      if (link === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  });
}
