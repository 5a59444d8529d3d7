// Notes on a text that is only read: its words are shown as marked, found, and chosen for a new note.
import { WORDS, keys } from "../editor/words.js";
import { anchorOf, findWords } from "./anchor.js";
import { make } from "./elements.js";
import { allNotes, noteOf, whenNotes } from "./store.js";
import { writeNote } from "./writing.js";

const BLOCKS = "p, h2, h3, li, td, th, caption, figcaption, blockquote, div";
const text = document.querySelector(".readable");

/** The innermost blocks that hold words, in order. */
const paragraphs = () =>
  [...text.querySelectorAll(BLOCKS)].filter((block) => block.textContent.trim() && !block.querySelector(BLOCKS));

function rangeOf(block, from, to) {
  const range = document.createRange();
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  let begin = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = begin + node.length;
    if (from >= begin && from < end) range.setStart(node, from - begin);
    if (to > begin && to <= end) {
      range.setEnd(node, to - begin);
      return range;
    }
    begin = end;
  }
  return range;
}

/** The range of a note's words, or null. */
function placeOf(uid) {
  const mark = text.querySelector(`[data-desk-note="${CSS.escape(uid)}"]`);
  if (mark) {
    const range = document.createRange();
    range.selectNodeContents(mark);
    return range;
  }
  const blocks = paragraphs();
  const found = findWords(blocks.map((block) => block.textContent), noteOf(uid) || {});
  return found && rangeOf(blocks[found.paragraph], found.from, found.to);
}

/** Bring a note's words into view and choose them; says whether they are there. */
export function showInReading(uid) {
  const range = text && placeOf(uid);
  if (!range) return false;
  range.startContainer.parentElement.scrollIntoView({ block: "center" });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return true;
}

function paint() {
  for (const mark of text.querySelectorAll("[data-desk-note]")) {
    mark.classList.toggle("is-settled", noteOf(mark.dataset.deskNote)?.settled ?? false);
  }
  if (!window.Highlight) return;
  const open = allNotes().filter(([, note]) => note.quoted && !note.settled);
  const ranges = open.map(([uid]) => placeOf(uid)).filter(Boolean);
  CSS.highlights.set("desk-notes", new Highlight(...ranges));
}

/** The anchor of the words that are chosen: of several paragraphs, those of the first. */
function chosen() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const blocks = paragraphs();
  const index = blocks.findIndex((block) => range.intersectsNode(block));
  if (index < 0) return null;
  const whole = document.createRange();
  whole.selectNodeContents(blocks[index]);
  const first = range.cloneRange();
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) first.setStart(whole.startContainer, whole.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) first.setEnd(whole.endContainer, whole.endOffset);
  const lead = document.createRange();
  lead.setStart(whole.startContainer, whole.startOffset);
  lead.setEnd(first.startContainer, first.startOffset);
  const from = lead.toString().length;
  const words = first.toString();
  return words.trim() ? anchorOf(blocks[index].textContent, index, from, from + words.length) : null;
}

/** The anchor of the words that are chosen in the text; null where none are, or where there is an editor. */
export const chosenWords = () => (text ? chosen() : null);

if (text) {
  const onWords = make("button", { type: "button", className: "note-on-words", textContent: WORDS.noteOnWords, hidden: true });
  onWords.title = keys("Ctrl-Alt-m");
  document.body.append(onWords);
  const add = async () => {
    const anchor = chosen();
    onWords.hidden = true;
    if (anchor) await writeNote(anchor);
  };
  onWords.addEventListener("pointerdown", (event) => event.preventDefault()); // the words stay chosen
  onWords.addEventListener("click", add);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.altKey && event.key.toLowerCase() === "m" && chosen()) {
      event.preventDefault();
      add();
    }
  });
  document.addEventListener("selectionchange", () => {
    const there = !document.querySelector("dialog[open]") && chosen();
    onWords.hidden = !there;
    if (!there) return;
    const box = getSelection().getRangeAt(0).getBoundingClientRect();
    onWords.style.top = `${Math.max(8, box.top + scrollY - 48)}px`;
    onWords.style.left = `${Math.max(8, Math.min(box.left + scrollX, innerWidth - 180))}px`;
  });
  whenNotes(paint);
}
