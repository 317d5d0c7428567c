// Sideways scroll: 320 px wide is 400 % zoom (WCAG 1.4.10); the spacing of 1.4.12; text at 250 %; the biggest size.
() => {
  const root = document.documentElement, faults = [], sheets = [...document.adoptedStyleSheets];
  const measure = (what) => {
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    if (wide <= 0) return;
    const out = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1).pop();
    faults.push(`${what}: ${wide}px too wide` + (out ? ` <${out.tagName.toLowerCase()} class="${out.className}">` : ""));
  };
  measure("320 px");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important;"
    + " word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [...sheets, sheet];
  measure("text spacing");
  document.adoptedStyleSheets = sheets;
  root.style.fontSize = "250%";
  measure("text 250 %");
  root.style.removeProperty("font-size");
  const size = root.dataset.size;
  root.dataset.size = "36";
  measure("size 36");
  if (size === undefined) delete root.dataset.size; else root.dataset.size = size;
  return faults;
}
