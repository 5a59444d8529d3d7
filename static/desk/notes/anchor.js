// Where a note's words stand among the paragraphs of a text: as articles/body/anchors.py finds them.
const LEFT_OUT = /[“”„«»‹›「」『』‘’‚'"]/;
const LONG_ENOUGH = 20;
const BESIDE = 5;
const [QUOTED, AROUND] = [300, 60]; // characters that the desk keeps

/** A text as it is compared: one space between words, no quotation marks; `at` has the place of each character. */
function bare(text) {
  let said = "";
  const at = [];
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (LEFT_OUT.test(char)) continue;
    if (/\s/.test(char)) {
      if (!said || said.endsWith(" ")) continue;
      said += " ";
    } else said += char;
    at.push(index);
  }
  return said.endsWith(" ") ? { said: said.slice(0, -1), at: at.slice(0, -1) } : { said, at };
}

function common(one, other) {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

const turned = (text) => [...text].reverse().join("");

/** How many characters beside the words are those that stood there; -1 where too few are for so short a quotation. */
function likeness(left, before, right, after, long) {
  const sides = [common(turned(left), turned(before)), common(right, after)];
  const stays = [before, after].some((then, side) => then && sides[side] >= Math.min(BESIDE, then.length));
  const alone = !before && !after && !left && !right;
  return long || stays || alone ? sides[0] + sides[1] : -1;
}

/** Find the words of {quoted, before, after, paragraph} in a list of texts: {paragraph, from, to}, or null. */
export function findWords(paragraphs, anchor) {
  const quoted = bare(anchor.quoted || "").said;
  if (!quoted) return null;
  const [before, after] = [bare(anchor.before || "").said, bare(anchor.after || "").said];
  let best = null;
  paragraphs.forEach((text, paragraph) => {
    const { said, at } = bare(text);
    for (let from = said.indexOf(quoted); from >= 0; from = said.indexOf(quoted, from + 1)) {
      const end = from + quoted.length;
      const alike = likeness(said.slice(0, from).trimEnd(), before, said.slice(end).trimStart(), after, quoted.length >= LONG_ENOUGH);
      const near = -Math.abs(paragraph - (anchor.paragraph ?? paragraph));
      if (alike < 0 || (best && (alike < best.alike || (alike === best.alike && near <= best.near)))) continue;
      best = { alike, near, paragraph, from: at[from], to: at[end - 1] + 1 };
    }
  });
  return best;
}

/** The anchor of the characters `from` to `to` of a paragraph. */
export function anchorOf(text, paragraph, from, to) {
  return {
    quoted: text.slice(from, to).slice(0, QUOTED),
    before: text.slice(Math.max(0, from - AROUND), from),
    after: text.slice(to, to + AROUND),
    paragraph,
  };
}
