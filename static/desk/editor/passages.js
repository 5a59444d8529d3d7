// Where quotations that are nobody's yet stand in the text. The server reads them (articles/body/proposals); here its
// words are found again in the text as it is, its characters counted as there.
const OPEN = /[“«»›‹„‚「”"‘']/;
const SPACE = /[\s\u00a0\u202f]/;
const HOLE = "￼";

/** The paragraphs of a text that may hold quotations: [{text, at}], where `at` has the position of each character. */
function readParagraphs(doc) {
  const found = [];
  doc.descendants((node, pos) => {
    if (["expertQuote", "picture"].includes(node.type.name)) return false;
    if (!node.isTextblock) return true;
    if (node.type.name !== "paragraph") return false;
    let text = "";
    const at = [];
    let last = null;
    node.forEach((child, offset) => {
      const own = (name) => child.marks.find((mark) => mark.type.name === name);
      const whole = own("inlineQuote") || own("superscript") || (child.type.name === "footnote" ? child : null);
      if (whole) {
        if (whole !== last) {
          text += own("inlineQuote") ? HOLE : " ";
          at.push(pos + 1 + offset);
        }
      } else if (child.isText) {
        for (let index = 0; index < child.text.length; index += 1) at.push(pos + 1 + offset + index);
        text += child.text;
      }
      last = whole;
    });
    at.push(pos + 1 + node.content.size);
    found.push({ text, at });
    return false;
  });
  return found;
}

/**
 * The places of quotations, in the order of the text: each with {from, to, cut, start, end}, where `cut` are the
 * quotation marks and `start` and `end` those of its sentence. One that is not there any more is left out.
 */
export function placesOf(doc, quotations) {
  const all = readParagraphs(doc);
  const found = [];
  let nth = 0;
  let behind = 0;
  for (const quotation of quotations) {
    for (let here = nth; here < all.length; here += 1) {
      const place = placeIn(all[here], quotation, here === nth ? behind : 0);
      if (!place) continue;
      found.push({ quotation, ...place });
      nth = here;
      behind = place.after;
      break;
    }
  }
  return found;
}

function placeIn({ text, at }, { words, before, after }, from) {
  for (let index = text.indexOf(words, from); index >= 0; index = text.indexOf(words, index + 1)) {
    let open = index - 1;
    while (open >= 0 && SPACE.test(text[open])) open -= 1;
    if (open < 0 || !OPEN.test(text[open])) continue;
    const last = index + words.length;
    let close = last;
    while (close < text.length && SPACE.test(text[close])) close += 1;
    const closed = close < text.length && /[”“»«›‹‘’」"']/.test(text[close]);
    const cut = [[at[open], at[index]], ...(closed ? [[at[last - 1] + 1, at[close] + 1]] : [])];
    return {
      from: at[index], to: at[last - 1] + 1, cut, after: closed ? close + 1 : last,
      start: at[Math.max(0, open - before.length)], end: at[Math.min(at.length - 1, (closed ? close + 1 : last) + after.length)],
    };
  }
  return null;
}

/** Which of some places is meant at a position: the one there, else one of its sentence, else the next, else the first. */
export function placeAt(places, pos) {
  const near = places.filter(({ start, end }) => start <= pos && pos <= end);
  const away = ({ from, to }) => Math.max(from - pos, pos - to, 0);
  near.sort((one, other) => away(one) - away(other));
  return near[0] || places.find(({ from }) => from >= pos) || places[0] || null;
}
