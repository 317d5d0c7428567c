// What axe finds, and what the metrics find, in one answer: [rule, text] each. eyes.py puts metrics.js in.
async ([limits, options]) => {
  const said = await axe.run(document, options);
  const short = (node) => `${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 240)}`;
  const found = said.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) => [rule.id, short(node)]));
  const metrics = limits === null ? [] : (__METRICS__)(limits);
  return [...found, ...metrics.map((text) => [text.split(" ", 1)[0] === "scrolls" ? "reflow" : "metrics", text])];
}
