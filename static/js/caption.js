/* Caption bar: what is pointed at, touched or focused, in huge letters (EL-23). Screen readers have the page itself,
   so it is hidden from them. The page keeps room for it, so that it covers nothing for good and never the focus. */
(function () {
  "use strict";

  var ITEMS = "a, button, summary, label, input, select, textarea, img[alt], h1, h2, h3, h4, p, li, dt, dd, th, td, "
    + "figcaption, legend, caption";
  var LONG = 40;

  var bar = document.createElement("div");
  bar.className = "caption-bar";
  bar.setAttribute("aria-hidden", "true");
  document.body.appendChild(bar);
  document.documentElement.classList.add("has-caption");

  function plain(text) { return (text || "").replace(/\s+/g, " ").trim(); }

  function wordsOf(item) {
    if (item.tagName === "IMG") { return item.alt; }
    if (!/^(INPUT|SELECT|TEXTAREA)$/.test(item.tagName)) {
      return item.getAttribute("aria-label") || item.innerText;
    }
    var label = item.labels && item.labels[0] ? plain(item.labels[0].innerText) : "";
    if (/^(password|radio|checkbox|file)$/.test(item.type)) { return label; }
    var typed = item.tagName === "SELECT" ? item.options[item.selectedIndex].text : item.value;
    return typed ? label + " " + typed : label;
  }

  /* Of a long paragraph only the sentence at the pointer. */
  function sentenceAt(x, y) {
    var range = document.caretRangeFromPoint && document.caretRangeFromPoint(x, y);
    var node = range && range.startContainer;
    if (!node || node.nodeType !== 3) { return ""; }
    var before = node.data.slice(0, range.startOffset), after = node.data.slice(range.startOffset);
    return before.split(/[。！？；]|[.!?] /).pop() + after.match(/^[^。！？；.!?]*[。！？；.!?]?/)[0];
  }

  function show(item, x, y) {
    if (!item) { return; }
    var words = plain(wordsOf(item));
    if (words.length > LONG && x !== undefined) { words = plain(sentenceAt(x, y)) || words; }
    if (words) { bar.textContent = words; }
  }

  function pointed(event) {
    if (event.target.closest) { show(event.target.closest(ITEMS), event.clientX, event.clientY); }
  }
  document.addEventListener("pointermove", pointed);
  document.addEventListener("pointerdown", pointed);
  document.addEventListener("input", function (event) { show(event.target); });
  document.addEventListener("focusin", function (event) {
    if (event.target.matches(ITEMS)) { show(event.target); }
    var hidden = event.target.getBoundingClientRect().bottom - bar.getBoundingClientRect().top;
    if (hidden > 0 && event.target.id !== "main") { window.scrollBy(0, hidden + 8); }
  });
  show(document.querySelector("h1"));
}());
