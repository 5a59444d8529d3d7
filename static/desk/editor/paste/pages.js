// Pages, Notes, TextEdit and Mail on a Mac: paragraphs of a few classes, whose size is all that tells a heading.
import { styleOf } from "./styles.js";

const LARGER = 1.25; // so much larger than most of the text is a heading
const LONGEST = 160; // characters of one

const sizeOf = (el, rules) => +(/font(?:-size)?:[^;]*?(\d+(?:\.\d+)?)px/i.exec(styleOf(el, rules))?.[1] || 0);

export function fromCocoa(doc, rules, written) {
  if (!written) return;
  const texts = [...doc.querySelectorAll("p")].filter((p) => p.textContent.trim() && !p.closest("li, td"));
  const lengths = new Map();
  for (const p of texts) lengths.set(sizeOf(p, rules), (lengths.get(sizeOf(p, rules)) || 0) + p.textContent.length);
  const usual = [...lengths].sort((one, other) => other[1] - one[1])[0]?.[0];
  const sizes = [...lengths.keys()].filter((size) => usual && size >= usual * LARGER).sort((one, other) => other - one);
  for (const p of texts) {
    const rank = sizes.indexOf(sizeOf(p, rules));
    if (rank < 0 || p.textContent.length > LONGEST) continue;
    const made = doc.createElement(rank === sizes.length - 1 && sizes.length > 1 ? "h3" : "h2");
    made.append(...p.childNodes);
    p.replaceWith(made);
  }
}
