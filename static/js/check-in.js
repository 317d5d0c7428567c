/* Check-in without network: arrivals are kept on the device with a key each and handed over when
   the network is back; the server counts each key once. Without this script the page works as it
   is, as long as there is a network. */
"use strict";
(() => {
  const box = document.getElementById("offline");
  if (!box || !window.fetch || !window.localStorage) return;
  const words = box.dataset;
  const store = "check-in " + words.merge;
  let lost = [];
  let conflicts = false;
  let offline = !navigator.onLine;

  const kept = () => JSON.parse(localStorage.getItem(store) || "[]");
  const keep = (reports) => localStorage.setItem(store, JSON.stringify(reports));

  function show() {
    const waiting = kept();
    const lines = [];
    if (offline) lines.push(words.offlineWords);
    if (waiting.length) lines.push(words.waitingWords + " " + waiting.length);
    if (conflicts) lines.push(words.conflictWords);
    if (lost.length) lines.push(words.lostWords + " " + lost.join(", "));
    box.hidden = lines.length === 0;
    box.className = "notice notice-" + (offline || conflicts || lost.length ? "warning" : "info");
    box.textContent = lines.join(" ");
    waiting.forEach((report) => mark(report));
  }

  function mark(report) {
    const line = document.querySelector('[data-sign-up="' + report.sign_up_id + '"] .tag');
    if (line) line.textContent = words.cameWords + ": " + report.count;
  }

  async function send() {
    const waiting = kept();
    if (!waiting.length) return;
    try {
      const list = await (await fetch(words.list, { headers: { Accept: "application/json" } })).json();
      const part = waiting.slice(0, 500);
      const answer = await fetch(words.merge, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": list.csrf_token },
        body: JSON.stringify(part),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const outcomes = await answer.json();
      offline = false;
      keep(kept().filter((report) => !(report.key in outcomes)));
      for (const report of part) {
        if (outcomes[report.key] === "conflict") conflicts = true;
        if (outcomes[report.key] === "refused") lost.push(report.name);
      }
      show();
      if (!kept().length && !lost.length) location.reload();
      else if (kept().length) send();
    } catch {
      offline = true;
      show();
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-arrive]");
    if (!form || (navigator.onLine && !offline)) return;
    event.preventDefault();
    const line = form.closest("[data-sign-up]");
    const key = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random();
    const report = {
      key: key,
      sign_up_id: Number(form.elements.sign_up_id.value),
      count: Number(form.elements.count.value),
      at: new Date().toISOString(),
      name: line ? line.querySelector("strong").textContent : "",
    };
    keep([...kept().filter((other) => other.sign_up_id !== report.sign_up_id), report]);
    show();
  });

  /* without network the server cannot look for a name: the list on the page is narrowed instead */
  const search = document.querySelector('main form[role="search"] input[name="q"]');
  if (search) {
    search.form.addEventListener("submit", (event) => {
      if (navigator.onLine && !offline) return;
      event.preventDefault();
      const wanted = search.value.trim().toLowerCase();
      for (const line of document.querySelectorAll("[data-sign-up]")) {
        line.hidden = wanted !== "" && !line.dataset.find.toLowerCase().includes(wanted);
      }
    });
  }

  window.addEventListener("offline", () => { offline = true; show(); });
  window.addEventListener("online", () => { offline = false; show(); send(); });
  setInterval(send, 20000);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(words.worker).then(() => navigator.serviceWorker.ready).then(
      (ready) => ready.active && ready.active.postMessage({ keep: location.href, parts: parts() }),
      () => {},
    );
  }
  function parts() {
    return [...document.querySelectorAll('link[rel="stylesheet"], script[src]')].map((part) => part.href || part.src);
  }
  show();
  send();
})();
