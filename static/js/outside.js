// The page of a preview link: words chosen in the story become a remark in the form, with the place where they stand.
// <div data-remark-on>story</div> … <div data-remarks>[data-remark] …</div><template>one [data-remark]</template>
const story = document.querySelector("[data-remark-on]");
const list = document.querySelector("[data-remarks]");
const form = list.closest("form");
const blank = form.querySelector("template");
const rows = form.elements.rows;
const BLOCKS = "p, h1, h2, h3, li, figcaption, td, th, dd, blockquote";
const LONGEST = 400;

form.querySelector("[data-remark-how]").hidden = false;

/** A remark's box by the end of its name: words, remark or place. */
const box = (row, name) => row.querySelector(`[name$="-${name}"]`);

/** The words of a range as they are read, without the marks of notes. */
function wordsOf(range) {
  const part = range.cloneContents();
  for (const mark of part.querySelectorAll("sup")) mark.remove();
  return part.textContent.replace(/\s+/g, " ").trim().slice(0, LONGEST);
}

function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!story.contains(range.commonAncestorContainer)) return null;
  const words = wordsOf(range);
  const start = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
  const place = [...story.querySelectorAll(BLOCKS)].indexOf(start.closest(BLOCKS));
  return words ? { words, place } : null;
}

/** A row that nothing stands in, or a new one. */
function freeRow() {
  const last = list.lastElementChild;
  if (last && !box(last, "words").value && !box(last, "remark").value) return last;
  const number = list.children.length;
  const row = blank.content.firstElementChild.cloneNode(true);
  for (const part of row.querySelectorAll("[name], [for]")) {
    for (const name of ["name", "id", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace("new-", `r${number}-`));
    }
  }
  list.append(row);
  rows.value = number + 1;
  return row;
}

const pick = document.createElement("button");
pick.type = "button";
pick.className = "button primary outside-pick";
pick.textContent = "Remark on these words";
pick.hidden = true;
document.body.append(pick);

let found = null;
document.addEventListener("selectionchange", () => {
  const now = chosen();
  // Pressing the button may take the selection away first: what was chosen is kept until something else is.
  if (now) found = now;
  pick.hidden = !now;
});
pick.addEventListener("pointerdown", (event) => event.preventDefault());
pick.addEventListener("click", () => {
  if (!found) return;
  const row = freeRow();
  box(row, "words").value = found.words;
  if (found.place >= 0) box(row, "place").value = found.place;
  getSelection().removeAllRanges();
  pick.hidden = true;
  box(row, "remark").focus();
  row.scrollIntoView({ block: "center" });
});
