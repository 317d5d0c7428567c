// Deep zoom: draws the tiles of a IIIF image service on a canvas; drag, pinch, wheel and keys move it.
// Without it the same page has links for every step.
"use strict";
(async () => {
  const figure = document.querySelector("[data-zoom]");
  if (!figure || !window.fetch) return;
  const still = figure.querySelector("img");
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
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${still.alt} ${figure.dataset.label}`);
  still.hidden = true;
  figure.prepend(canvas);
  const pen = canvas.getContext("2d");
  const kept = new Map();
  const most = 4; // a pixel of the scan becomes at most so many of the screen
  let scale, x, y, least;

  function fit() {
    const box = canvas.getBoundingClientRect();
    const dots = window.devicePixelRatio || 1;
    canvas.width = Math.round(box.width * dots);
    canvas.height = Math.round(box.height * dots);
    least = Math.min(canvas.width / info.width, canvas.height / info.height);
    if (!scale || scale < least) whole();
    draw();
  }

  function whole() {
    scale = least;
    x = (info.width - canvas.width / scale) / 2;
    y = (info.height - canvas.height / scale) / 2;
  }

  function inside() {
    const wide = canvas.width / scale;
    const high = canvas.height / scale;
    x = wide >= info.width ? (info.width - wide) / 2 : Math.min(Math.max(x, 0), info.width - wide);
    y = high >= info.height ? (info.height - high) / 2 : Math.min(Math.max(y, 0), info.height - high);
  }

  function zoom(by, px = canvas.width / 2, py = canvas.height / 2) {
    const before = scale;
    scale = Math.min(Math.max(scale * by, least), most);
    x += px / before - px / scale;
    y += py / before - py / scale;
    draw();
  }

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
      kept.set(key, found);
      if (kept.size > 300) kept.delete(kept.keys().next().value);
    }
    return found;
  }

  function drawLevel(factor) {
    const span = tile * factor;
    const lastColumn = Math.ceil(info.width / span) - 1;
    const lastRow = Math.ceil(info.height / span) - 1;
    for (let row = Math.max(0, Math.floor(y / span)); row <= Math.min(lastRow, Math.floor((y + canvas.height / scale) / span)); row++) {
      for (let column = Math.max(0, Math.floor(x / span)); column <= Math.min(lastColumn, Math.floor((x + canvas.width / scale) / span)); column++) {
        const one = picture(factor, column, row);
        if (one.image.complete && one.image.naturalWidth) {
          pen.drawImage(one.image, (one.left - x) * scale, (one.top - y) * scale, one.wide * scale + 1, one.high * scale + 1);
        }
      }
    }
  }

  let asked = false;
  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      inside();
      pen.clearRect(0, 0, canvas.width, canvas.height);
      const wanted = factors.filter((factor) => factor * scale <= 1.5).pop() || 1;
      drawLevel(factors[factors.length - 1]);
      drawLevel(wanted);
    });
  }

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
    } else if (fingers.size === 2 && distance) {
      const [a, b] = [...fingers.values()];
      zoom(apart() / distance, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    }
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = 0.25 / scale;
    const keys = {
      ArrowLeft: () => { x -= canvas.width * step; draw(); },
      ArrowRight: () => { x += canvas.width * step; draw(); },
      ArrowUp: () => { y -= canvas.height * step; draw(); },
      ArrowDown: () => { y += canvas.height * step; draw(); },
      "+": () => zoom(2), "=": () => zoom(2), "-": () => zoom(0.5),
      Home: () => { whole(); draw(); },
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  new ResizeObserver(fit).observe(canvas);
})();
