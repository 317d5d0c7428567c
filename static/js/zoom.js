// Deep zoom: draws the tiles of a IIIF image service on a canvas. Fingers, mouse and keys move it, and the links of the
// page become buttons that do the same here. Without this file, or where a tile does not come, every step is a link.
"use strict";
(async () => {
  const figure = document.querySelector("[data-zoom]");
  if (!figure || !window.fetch || !window.ResizeObserver) return;
  let info;
  try {
    info = await (await fetch(figure.dataset.zoom, { credentials: "same-origin" })).json();
  } catch {
    return;
  }
  if (!info.tiles) return;
  const base = new URL(info.id).pathname;
  const tile = info.tiles[0].width;
  const factors = info.tiles[0].scaleFactors;
  const coarsest = factors[factors.length - 1];
  const most = 4; // a pixel of the scan becomes at most so many of the screen
  const still = figure.querySelector("img");
  const state = figure.querySelector("[data-zoom-state]");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const kept = new Map();
  let scale = 0;
  let least = 1;
  let x = 0;
  let y = 0;

  // --- what is in sight -------------------------------------------------------------------------

  function fit() {
    const box = canvas.getBoundingClientRect();
    const dots = window.devicePixelRatio || 1;
    const middle = [x + canvas.width / scale / 2, y + canvas.height / scale / 2];
    canvas.width = Math.max(1, Math.round(box.width * dots));
    canvas.height = Math.max(1, Math.round(box.height * dots));
    least = Math.min(canvas.width / info.width, canvas.height / info.height);
    if (!scale || scale < least) scale = least;
    else [x, y] = [middle[0] - canvas.width / scale / 2, middle[1] - canvas.height / scale / 2];
    draw();
  }

  const within = (from, seen, all) => (seen >= all ? (all - seen) / 2 : Math.min(Math.max(from, 0), all - seen));

  function zoom(by, px = canvas.width / 2, py = canvas.height / 2) {
    const before = scale;
    scale = Math.min(Math.max(scale * by, least), Math.max(most, least));
    x += px / before - px / scale;
    y += py / before - py / scale;
    draw();
  }

  function move(across, down) {
    x += (across * canvas.width) / scale / 4;
    y += (down * canvas.height) / scale / 4;
    draw();
  }

  function whole() {
    scale = least;
    draw();
  }

  // --- drawing ----------------------------------------------------------------------------------

  function picture(factor, column, row) {
    const key = `${factor}/${column}/${row}`;
    let found = kept.get(key);
    if (!found) {
      const left = column * tile * factor;
      const top = row * tile * factor;
      const wide = Math.min(tile * factor, info.width - left);
      const high = Math.min(tile * factor, info.height - top);
      const size = `${Math.ceil(wide / factor)},${Math.ceil(high / factor)}`;
      found = { image: new Image(), left, top, wide, high };
      found.image.onload = draw;
      found.image.src = `${base}/${left},${top},${wide},${high}/${size}/0/default.jpg`;
    }
    kept.delete(key); // what was used last is forgotten last
    kept.set(key, found);
    if (kept.size > 200) kept.delete(kept.keys().next().value);
    return found;
  }

  function drawLevel(factor) {
    const span = tile * factor;
    const last = (seen, all) => Math.min(Math.ceil(all / span) - 1, Math.floor(seen / span));
    const rows = last(y + canvas.height / scale, info.height);
    const columns = last(x + canvas.width / scale, info.width);
    for (let row = Math.max(0, Math.floor(y / span)); row <= rows; row++) {
      for (let column = Math.max(0, Math.floor(x / span)); column <= columns; column++) {
        const one = picture(factor, column, row);
        if (!one.image.complete || !one.image.naturalWidth) continue;
        const [left, top] = [Math.floor((one.left - x) * scale), Math.floor((one.top - y) * scale)];
        pen.drawImage(one.image, left, top, Math.ceil(one.wide * scale) + 1, Math.ceil(one.high * scale) + 1);
      }
    }
  }

  let asked = false;
  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      x = within(x, canvas.width / scale, info.width);
      y = within(y, canvas.height / scale, info.height);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      drawLevel(coarsest);
      drawLevel(factors.filter((factor) => factor * scale <= 1.5).pop() || factors[0]);
      // one finger scrolls the page as long as there is nothing to move
      canvas.classList.toggle("zoom-near", scale > least * 1.01);
      tell();
    });
  }

  let telling = 0;
  function tell() {
    clearTimeout(telling);
    telling = setTimeout(() => {
      state.textContent = state.dataset.zoomState.replace("{percent}", Math.max(1, Math.round(scale * 100)));
    }, 400);
  }

  // --- hands ------------------------------------------------------------------------------------

  const fingers = new Map();
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const dots = canvas.width / box.width;
    return [(event.clientX - box.left) * dots, (event.clientY - box.top) * dots];
  };
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const distance = fingers.size === 2 ? apart() : 0;
    const now = at(event);
    fingers.set(event.pointerId, now);
    if (fingers.size === 1) {
      x -= (now[0] - before[0]) / scale;
      y -= (now[1] - before[1]) / scale;
      draw();
    } else if (distance) {
      const [a, b] = [...fingers.values()];
      zoom(apart() / distance, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener("dblclick", (event) => zoom(2, ...at(event)));
  canvas.addEventListener("wheel", (event) => {
    // who only scrolls past is not held up: the wheel enlarges once the picture was chosen
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });

  const ways = {
    larger: () => zoom(2),
    smaller: () => zoom(0.5),
    left: () => move(-1, 0),
    right: () => move(1, 0),
    up: () => move(0, -1),
    down: () => move(0, 1),
    whole,
  };
  const keys = {
    "+": "larger", "=": "larger", "-": "smaller", ArrowLeft: "left", ArrowRight: "right",
    ArrowUp: "up", ArrowDown: "down", Home: "whole",
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    ways[keys[event.key]]();
  });

  function takeOver() {
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${still.alt} ${figure.dataset.label}`);
    still.replaceWith(canvas);
    figure.querySelector("[data-zoom-step]").hidden = true;
    for (const place of document.querySelectorAll("[data-way]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      button.textContent = place.textContent.trim();
      button.addEventListener("click", ways[place.dataset.way]);
      place.replaceChildren(button);
    }
    new ResizeObserver(fit).observe(canvas);
  }

  // the picture that stands there stays until there is something to put in its place
  picture(coarsest, 0, 0).image.addEventListener("load", takeOver, { once: true });
})();
