// What comes from word processors and web pages, brought into the vocabulary before the editor reads it.
//
// Under a strict content policy `el.style` is empty, so the editor's own rules about bold and italic see nothing:
// styles are read here as text, turned into elements, and dropped.
import { Extension } from "django-prose-editor/editor";

const STYLES = {
  strong: /font-weight:\s*(bold|[6-9]00)/i,
  em: /font-style:\s*italic/i,
  s: /text-decoration[^;]*line-through/i,
  sup: /vertical-align:\s*super/i,
  sub: /vertical-align:\s*sub(?!s)/i,
};
const BLOCK = /^(P|H[1-6]|LI|TD|TH|DIV|TABLE|TR|UL|OL|BLOCKQUOTE|SECTION|ARTICLE)$/;
const DEAD = "style, meta, link, script, title, xml, template, iframe, object, svg, o\\:p, .screen-reader-text";

/** HTML as pasted → HTML of the vocabulary. Runs no script and loads nothing: it works on a document of its own. */
export function cleanPaste(html) {
  if (html.includes("data-pm-slice")) return disarmed(html); // copied here, or in another of our stories
  const doc = new DOMParser().parseFromString(disarmed(html), "text/html");
  dropComments(doc);
  for (const el of doc.querySelectorAll("w\\:sdt")) el.replaceWith(...el.childNodes);
  for (const el of doc.querySelectorAll(DEAD)) el.remove();
  // Google Docs wraps everything in a bold that is not bold.
  for (const el of doc.querySelectorAll('b[id^="docs-internal-guid"]')) el.replaceWith(...el.childNodes);
  wordFootnotes(doc);
  wordLists(doc);
  styles(doc);
  languages(doc);
  plainQuotes(doc);
  headings(doc);
  loneBreaks(doc);
  return doc.body.innerHTML;
}

/** Styles by another name, and nothing that the policy would refuse and report: no style sheet, script or handler. */
function disarmed(html) {
  return html
    .replace(/<(style|script|svg|iframe)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(/([\s"'/])style\s*=/gi, "$1data-style=").replace(/([\s"'/])on(\w+)\s*=/gi, "$1data-was-$2="),
    );
}

function dropComments(doc) {
  const walker = doc.createTreeWalker(doc, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

/** Word: <a href="#_ftn1"> in the text, <div id="ftn1"> at its end. */
function wordFootnotes(doc) {
  for (const link of doc.querySelectorAll('a[href*="#_ftn"], a[href*="#_edn"]')) {
    const name = link.getAttribute("href").split("#_")[1];
    if (name.startsWith("ftnref") || name.startsWith("ednref")) continue;
    const note = doc.getElementById(name);
    if (!note) {
      link.replaceWith(...link.childNodes); // the mark came without its note: it stays as words
      continue;
    }
    for (const back of note.querySelectorAll("a")) back.remove();
    const text = note.textContent.replace(/\s+/g, " ").trim();
    note.remove();
    const mark = doc.createElement("sup");
    mark.setAttribute("data-footnote", text);
    if (text) link.replaceWith(mark);
    else link.remove();
  }
  for (const list of doc.querySelectorAll('[data-style*="footnote-list"], [data-style*="endnote-list"]')) {
    if (!list.textContent.trim()) list.remove();
    else list.replaceWith(...list.childNodes);
  }
}

/** Word: list items are paragraphs with "mso-list:l0 level2 lfo1" in their style and the bullet in a span. */
function wordLists(doc) {
  let open = [];
  let last = null;
  for (const p of [...doc.querySelectorAll("p")]) {
    const style = p.dataset.style || "";
    const found = /mso-list:\s*(l\d+)\s+level(\d+)/i.exec(style);
    if (!found) {
      open = [];
      last = null;
      continue;
    }
    if (last !== null && last !== found[1] && +found[2] === 1) open = [];
    last = found[1];
    const level = Math.min(+found[2], open.length + 1);
    const bullet = [...p.querySelectorAll("[data-style]")].find((el) => /mso-list:\s*ignore/i.test(el.dataset.style));
    const ordered = /^\s*(\d{1,3}|[A-Za-z]{1,4})[.)]/.test(bullet ? bullet.textContent : "");
    if (bullet) bullet.remove();
    open = open.slice(0, level);
    if (open.length < level) {
      const list = doc.createElement(ordered ? "ol" : "ul");
      const outer = open.at(-1);
      if (outer) outer.lastElementChild.append(list);
      else p.before(list);
      open.push(list);
    }
    const item = doc.createElement("li");
    const words = doc.createElement("p");
    words.append(...p.childNodes);
    item.append(words);
    open.at(-1).append(item);
    p.remove();
  }
}

function styles(doc) {
  for (const el of doc.querySelectorAll("[data-style]")) {
    const style = el.dataset.style;
    el.removeAttribute("data-style");
    if (/^(B|STRONG)$/.test(el.tagName) && /font-weight:\s*(normal|[1-4]00)/i.test(style)) {
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

/** Word processors name the language of their spelling checker on every run; only the direction says something. */
function languages(doc) {
  for (const el of doc.querySelectorAll("[lang]")) el.removeAttribute("lang");
  for (const el of doc.querySelectorAll('[dir]:not([dir="rtl"])')) el.removeAttribute("dir");
}

/** <q> of other pages prints quotation marks by itself; ours does where somebody has said whose words they are. */
function plainQuotes(doc) {
  for (const q of doc.querySelectorAll("q:not([data-expert])")) q.replaceWith("“", ...q.childNodes, "”");
}

function headings(doc) {
  const rename = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };
  for (const heading of doc.querySelectorAll("h1, h4, h5, h6")) {
    const made = doc.createElement(rename[heading.tagName]);
    made.append(...heading.childNodes);
    heading.replaceWith(made);
  }
  for (const title of doc.querySelectorAll("p.MsoTitle, p.MsoSubtitle")) {
    const made = doc.createElement("h2");
    made.append(...title.childNodes);
    title.replaceWith(made);
  }
}

const REFERENCES = "[data-footnote], [data-image], [data-article], [data-embed]";

function loneBreaks(doc) {
  for (const br of doc.querySelectorAll("body > br, ul > br, ol > br, td > br:only-child, .Apple-interchange-newline")) br.remove();
  for (const el of doc.querySelectorAll("p, h2, h3, h4, li")) {
    const text = el.textContent.replace(/[\s\u00a0\u200b]/g, "");
    if (!text && !el.querySelector(REFERENCES) && !el.closest("td, th, [data-box], [data-expert]")) el.remove();
  }
}

export const PasteCleaner = Extension.create({
  name: "pasteCleaner",
  transformPastedHTML: (html) => cleanPaste(html),
});
