// The shape of pasted text: headings, lists, lines and spaces as the vocabulary has them.
const REFERENCES = "[data-footnote], [data-image], [data-article], [data-embed]";
const BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, table, blockquote, section, article, figure, aside, hr, pre";
const isBlock = (node) => node?.nodeType === 1 && node.matches(BLOCKS);
const isSpace = (node) => node.nodeType === 3 && !node.data.trim();

/** <q> of other pages prints quotation marks by itself; ours does where somebody has said whose words they are. */
export function plainQuotes(doc) {
  for (const q of doc.querySelectorAll("q:not([data-expert])")) q.replaceWith("“", ...q.childNodes, "”");
}

export function headings(doc) {
  const rename = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };
  for (const heading of doc.querySelectorAll("h1, h4, h5, h6")) {
    const made = doc.createElement(rename[heading.tagName]);
    made.append(...heading.childNodes);
    heading.replaceWith(made);
  }
  for (const heading of doc.querySelectorAll("h2, h3")) {
    for (const bold of heading.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes);
  }
}

/** A list right inside a list belongs to the item before it. */
export function misplacedLists(doc) {
  for (const list of doc.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const item = list.previousElementSibling;
    if (item?.tagName === "LI") item.append(list);
    else if (!item) {
      const made = doc.createElement("li");
      list.before(made);
      made.append(list);
    }
  }
}

/** A table of one cell is a frame around it, as mail has them. */
export function soleCells(doc) {
  for (const table of [...doc.querySelectorAll("table")].reverse()) {
    const cells = table.querySelectorAll("td, th");
    if (cells.length === 1 && !table.querySelector("caption")) table.replaceWith(...cells[0].childNodes);
  }
}

/** Spaces that only keep a distance become ordinary ones; those that French puts before its marks stay. */
export function spaces(doc) {
  const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = plainSpaces(walker.currentNode.data);
}

const plainSpaces = (text) =>
  text
    .replace(/[\u200b\u2060\ufeff\u00ad]/g, "")
    .replace(/[\u2000-\u200a\u3000\t]/g, " ")
    .replace(/(?<!«)\u00a0(?![;:!?»%€])|\u00a0(?=\u00a0)|(?<=\u00a0)\u00a0/g, " ");

/** Two line breaks are the end of a paragraph; one is a line break. */
export function splitLines(doc) {
  for (const pre of doc.querySelectorAll("pre")) {
    const lines = pre.textContent.split("\n");
    pre.replaceChildren(...lines.flatMap((line, n) => (n ? [doc.createElement("br"), line] : [line])));
  }
  for (const box of [doc.body, ...doc.querySelectorAll("p, div, blockquote, td, pre")]) {
    const runs = [[]];
    let double = false;
    const nodes = [...box.childNodes];
    for (const [at, node] of nodes.entries()) {
      const next = nodes.slice(at + 1).find((other) => !isSpace(other));
      const before = runs.at(-1).findLast((other) => !isSpace(other));
      if (node.nodeName === "BR" && next?.nodeName === "BR" && before) {
        double = true;
        runs.push([]);
      } else if (!(node.nodeName === "BR" && !before && double)) {
        runs.at(-1).push(node);
      }
    }
    if (!double || nodes.some(isBlock)) continue;
    const paragraphs = runs.filter((run) => run.some((node) => !isSpace(node))).map((run) => {
      const p = doc.createElement("p");
      p.append(...run);
      return p;
    });
    if (box.tagName === "P" || box.tagName === "PRE") box.replaceWith(...paragraphs);
    else box.replaceChildren(...paragraphs);
  }
}

export function loneBreaks(doc) {
  for (const br of doc.querySelectorAll("ul > br, ol > br, td > br:only-child, .Apple-interchange-newline")) br.remove();
  for (const br of doc.querySelectorAll("body > br, div > br")) {
    const around = [br.previousSibling, br.nextSibling].map((node) => (node && isSpace(node) ? null : node));
    if (around.some((node) => !node || isBlock(node))) br.remove();
  }
  for (const el of doc.querySelectorAll("p, h2, h3, h4, li")) {
    const text = el.textContent.replace(/[\s\u00a0\u200b]/g, "");
    if (!text && !el.querySelector(REFERENCES) && !el.closest("td, th, [data-box], [data-expert]")) el.remove();
  }
  for (const br of doc.querySelectorAll("br")) {
    if (br.previousSibling?.nodeType === 3) br.previousSibling.data = br.previousSibling.data.trimEnd();
    if (br.nextSibling?.nodeType === 3) br.nextSibling.data = br.nextSibling.data.trimStart();
  }
  // A break that ends a line says nothing.
  for (const br of doc.querySelectorAll(":is(p, li, h2, h3, td) > br:last-child")) {
    if (!br.nextSibling?.textContent.trim()) br.remove();
  }
}

const WRAPPED = 55; // signs of a line that was broken by a mail program rather than by its writer

/** Plain text with a line for each paragraph: lines that a mail program broke are put together again. */
export function plainText(text) {
  const lines = plainSpaces(text.replace(/\r\n?/g, "\n")).split(/\n[ ]*\n+/);
  if (lines.length < 2) return lines.join("");
  return lines
    .map((block) =>
      block.split("\n").reduce((out, line, n, all) => {
        if (!n) return line.trimEnd();
        const joins = all[n - 1].length >= WRAPPED && !/^\s*([-*•>]|\d{1,3}[.)])\s/.test(line);
        return out + (joins ? " " : "\n") + line.trim();
      }, ""),
    )
    .join("\n");
}
