// Styles of pasted HTML: read as text, turned into elements, and dropped. Under a strict content policy `el.style` is
// empty, so the editor's own rules about bold and italic see nothing.
const STYLES = {
  strong: /(?<!-)font-weight:\s*(bold|[6-9]00)|(?<!-)font:[^;]*\bbold\b/i,
  em: /(?<!-)font-style:\s*italic|(?<!-)font:[^;]*\bitalic\b/i,
  s: /text-decoration[^;]*line-through/i,
  sup: /vertical-align:\s*super/i,
  sub: /vertical-align:\s*sub(?!s)/i,
};
const BLOCK = /^(P|H[1-6]|LI|TD|TH|DIV|TABLE|TR|UL|OL|BLOCKQUOTE|SECTION|ARTICLE)$/;
const RULE = /\b(?:p|span|li|td|div)\.([A-Za-z]\w{0,60})[^{},]{0,200}\{([^}]{0,2000})\}/g;

/** HTML without the elements of a name, and what was in them; at a cost that grows with its length alone. */
function without(html, name) {
  const lower = html.toLowerCase();
  const outside = [];
  const inside = [];
  let done = 0;
  for (;;) {
    const from = lower.indexOf(`<${name}`, done);
    const to = from < 0 ? -1 : lower.indexOf(`</${name}`, from);
    const end = to < 0 ? -1 : lower.indexOf(">", to);
    if (end < 0) break;
    outside.push(html.slice(done, from));
    inside.push(html.slice(from, to));
    done = end + 1;
  }
  return { outside: outside.join("") + html.slice(done), inside };
}

/** Styles by another name, and nothing that the policy would refuse and report: no style sheet, script or handler. */
export function disarmed(html) {
  const bare = ["style", "script", "svg"].reduce((left, name) => without(left, name).outside, html);
  const end = bare.lastIndexOf(">") + 1; // with an end to each tag, looking for it never goes over the rest in vain
  const renamed = bare.slice(0, end).replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/([\s"'/])style\s*=/gi, "$1data-style=").replace(/([\s"'/])on(\w+)\s*=/gi, "$1data-was-$2="),
  );
  return renamed + bare.slice(end);
}

/** {class: its style} of the style sheets in the clipboard, by which Apple's programs say what is bold. */
export function classRules(html) {
  const rules = {};
  for (const sheet of without(html, "style").inside) {
    for (const [, name, style] of sheet.slice(0, 100_000).matchAll(RULE)) rules[name] = `${rules[name] || ""};${style}`;
  }
  return rules;
}

/** The style of an element: its own, and for running text that of its class. */
export function styleOf(el, rules = {}) {
  const named = Object.hasOwn(rules, el.className) ? rules[el.className] : "";
  return `${named};${el.dataset.style || ""}`;
}

export function styles(doc, rules) {
  for (const el of doc.querySelectorAll("[data-style], span[class]")) {
    const style = styleOf(el, el.tagName === "SPAN" ? rules : {});
    el.removeAttribute("data-style");
    if (/^(B|STRONG)$/.test(el.tagName) && /(?<!-)font-weight:\s*(normal|[1-4]00)/i.test(style)) {
      el.replaceWith(...el.childNodes);
      continue;
    }
    // A heading is bold by itself, and Google Docs says so in every span of it.
    if (BLOCK.test(el.tagName) || el.closest("h1, h2, h3, h4, h5, h6, a[href]") || !el.textContent.trim()) continue;
    for (const [tag, pattern] of Object.entries(STYLES)) {
      if (!pattern.test(style) || el.closest(tag)) continue;
      const inner = doc.createElement(tag);
      inner.append(...el.childNodes);
      el.append(inner);
    }
  }
}

/** What is only there to look like something: it says nothing to the vocabulary. */
export function dropStyles(doc) {
  for (const el of doc.querySelectorAll("[class]")) el.removeAttribute("class");
  for (const el of doc.querySelectorAll("font, center, u")) el.replaceWith(...el.childNodes);
}

/** Word processors name the language of their spelling checker on every run; only the direction says something. */
export function languages(doc) {
  for (const el of doc.querySelectorAll("[lang]")) el.removeAttribute("lang");
  for (const el of doc.querySelectorAll('[dir]:not([dir="rtl"])')) el.removeAttribute("dir");
}
