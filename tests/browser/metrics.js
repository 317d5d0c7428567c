// Measures what axe does not: sizes of text, lines, gaps and targets, sideways scroll (ST-05, ST-07, ST-09, EL-06, EL-07, EL-10).
(limits) => {
  const faults = [];
  const say = (what, element) => {
    const words = (element.innerText || element.value || element.getAttribute("name") || "").trim().slice(0, 30);
    faults.push(`${what}: <${element.tagName.toLowerCase()} class="${element.className}"> ${words}`);
  };
  const seen = (element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (style.visibility === "hidden" || style.display === "none" || box.width < 2 || box.height < 2) return false;
    if (element.closest(".hidden-text, .skip, [hidden]")) return false;
    const fold = element.closest("details:not([open])");
    return !fold || element.closest("summary") !== null && element.closest("summary").parentElement === fold;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement;
    if (!text.data.trim() || ["SCRIPT", "STYLE", "OPTION", "NOSCRIPT"].includes(element.tagName) || !seen(element)) continue;
    // words of a drawing are as large as they are drawn
    const drawn = element.ownerSVGElement ? element.getScreenCTM().a : 1;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize) * drawn;
    if (size < limits.font - 0.1) say(`text of ${size}px`, element);
    if (style.textAlign === "justify") say("justified text", element);
    if (limits.elder && style.fontStyle === "italic") say("italic text", element);
    if (limits.elder && parseInt(style.fontWeight, 10) < 400) say("thin text", element);
  }
  for (const block of document.querySelectorAll("main p, main li, main dd, .help p, .footer p")) {
    if (!seen(block) || !block.innerText.trim() || block.querySelector("p, li, .card, .row")) continue;
    const style = getComputedStyle(block);
    const ratio = parseFloat(style.lineHeight) / parseFloat(style.fontSize);
    if (ratio < limits.line - 0.01) say(`lines ${ratio.toFixed(2)} apart`, block);
  }
  for (const paragraph of document.querySelectorAll(".prose p + p")) {
    if (!seen(paragraph)) continue;
    const style = getComputedStyle(paragraph);
    const between = paragraph.getBoundingClientRect().top - paragraph.previousElementSibling.getBoundingClientRect().bottom;
    const needed = 1.3 * (parseFloat(style.lineHeight) - parseFloat(style.fontSize));
    if (between < needed - 1) say(`paragraphs ${between}px apart, ${needed.toFixed(1)} needed`, paragraph);
  }
  const inline = (element) => {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    const parent = element.closest("p, dd, li, td, h1, h2, h3");
    return parent !== null && parent.innerText.trim().length > element.innerText.trim().length;
  };
  const boxOf = (element) => {
    // a card or row is the target of the link that covers it; a label is part of its box
    const whole = element.matches(".card-title a, .row-title") && element.closest(".card, .row");
    if (whole && getComputedStyle(element, "::after").position === "absolute") return whole.getBoundingClientRect();
    if (element.matches("input[type=radio], input[type=checkbox]")) {
      const label = element.id && document.querySelector(`label[for="${element.id}"]`);
      if (label) {
        const a = element.getBoundingClientRect(), b = label.getBoundingClientRect();
        return new DOMRect(Math.min(a.left, b.left), Math.min(a.top, b.top),
          Math.max(a.right, b.right) - Math.min(a.left, b.left), Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top));
      }
    }
    return element.getBoundingClientRect();
  };
  const targets = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => seen(element) && !inline(element) && !element.closest("[aria-hidden=true]"));
  const boxes = targets.map(boxOf);
  targets.forEach((element, i) => {
    const box = boxes[i];
    const main = limits.elder && element.matches(".button-main, .row-title, .card-title a, .option input, .nav a");
    const least = main ? limits.main : limits.target;
    if (box.height < least - 0.5 || box.width < least - 0.5) say(`target of ${Math.round(box.width)}×${Math.round(box.height)}px`, element);
  });
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const a = boxes[i], b = boxes[j];
    const x = Math.max(a.left - b.right, b.left - a.right), y = Math.max(a.top - b.bottom, b.top - a.bottom);
    const away = Math.max(x, y);
    if (away < limits.gap - 0.6 && !targets[i].contains(targets[j]) && a.left !== b.left | a.top !== b.top)
      say(`targets ${away.toFixed(1)}px apart (${(targets[j].innerText || targets[j].name || "").trim().slice(0, 15)})`, targets[i]);
  }
  const width = document.scrollingElement.scrollWidth;
  if (width > innerWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && seen(e)).pop();
    faults.push(`scrolls sideways: ${width} > ${innerWidth}` + (wide ? ` <${wide.tagName.toLowerCase()} class="${wide.className}">` : ""));
  }
  if (limits.elder) for (const h1 of document.querySelectorAll("h1")) {
    const body = parseFloat(getComputedStyle(document.body).fontSize);
    if (parseFloat(getComputedStyle(h1).fontSize) > body * 1.5 + 0.1) say("heading over 1.5 × the text", h1);
  }
  return [...new Set(faults)];
}
