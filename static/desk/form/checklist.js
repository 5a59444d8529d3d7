// The checklist comes as soon as the page is there, and keeps up with what is typed: the form is sent to be looked at,
// nothing of it is saved, and the panel and the lines of the others say what would stand in the way. What somebody ticks to waive is kept for this story in this
// browser until it goes out with a move. A line leads to its place, in the text as well.
import { focusOn, storyForm as form, textEditor } from "./page.js";
import { isUnsaved } from "./saving.js";

const WAIT = 900; // milliseconds after the last change
const panel = document.querySelector("[data-panel=checklist] .panel-body");
const address = document.querySelector("[data-checklist]").dataset.checklist;
const KEPT = `desk-waived:${address}`;
let timer = 0;
let asked = null; // what ends the question under way

async function look() {
  asked?.abort();
  const mine = (asked = new AbortController());
  const options = { headers: { Accept: "application/json" }, signal: mine.signal };
  if (isUnsaved()) {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    Object.assign(options, { method: "POST", body });
  }
  let found;
  try {
    const answer = await fetch(address, options);
    if (!answer.ok || answer.redirected) return;
    found = await answer.json();
  } catch {
    return; // it is asked again with the next change
  }
  if (mine === asked) show(found);
}

/** Ask no more: the form is on its way, and may be nobody's to change when the answer comes. */
function stop() {
  clearTimeout(timer);
  asked?.abort();
}

function show({ checklist, marks, panels }) {
  document.querySelector("[data-marks]").innerHTML = marks;
  for (const [name, { says, tone }] of Object.entries(panels)) {
    const line = document.querySelector(`[data-panel="${name}"] [data-says]`);
    if (!line) continue;
    line.querySelector("bdi").textContent = says;
    if (tone) line.dataset.tone = tone;
    else delete line.dataset.tone;
  }
  const held = panel.contains(document.activeElement) && document.activeElement;
  const [name, value] = [held?.name, held?.value];
  const caret = held?.selectionStart;
  remember();
  panel.innerHTML = checklist;
  recall();
  const same = name && [...panel.querySelectorAll("[name]")].find((box) => box.name === name && (box.type === "text" || box.value === value));
  if (held) {
    (same ?? panel.closest("[data-panel]").querySelector("summary")).focus();
    if (same?.type === "text") same.setSelectionRange(caret, caret);
  }
}

const boxes = () => [...panel.querySelectorAll("[data-waive]")];
const note = () => panel.querySelector("[data-waive-note]");

function remember() {
  if (!note()) return;
  const kept = { ticked: boxes().filter((box) => box.checked).map((box) => box.value), note: note().value };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
}

function recall() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    // Something else wrote there.
  }
  if (!kept || !note()) return;
  for (const box of boxes()) box.checked = kept.ticked.includes(box.value);
  note().value = kept.note;
}

/** Go to the words that a line speaks of: those it quotes, where the text has them. */
function goToWords(line) {
  const editor = textEditor();
  if (!editor) return false;
  for (const [, words] of line.textContent.matchAll(/“([^”]+)”/g)) {
    const wanted = words.replace(/…$/, "");
    let found = null;
    editor.state.doc.descendants((node, pos) => {
      if (found || !node.isTextblock) return !found;
      const at = node.textBetween(0, node.content.size, undefined, "\ufffc").indexOf(wanted);
      if (at >= 0) found = { from: pos + 1 + at, to: pos + 1 + at + wanted.length };
      return false;
    });
    if (found) {
      editor.chain().focus().setTextSelection(found).scrollIntoView().run();
      return true;
    }
  }
  return false;
}

if (panel && address) {
  form.addEventListener("desk:changed", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  form.addEventListener("submit", stop, true);
  addEventListener("pagehide", stop);
  panel.addEventListener("input", remember);
  panel.addEventListener("click", (event) => {
    if (event.target.closest("[data-waive-all]")) {
      for (const box of boxes()) box.checked = true;
      remember();
      note().focus();
      return;
    }
    const line = event.target.closest("a[data-field=body]");
    if (!line) return;
    event.preventDefault();
    if (matchMedia("(max-width: 47.9375em)").matches) document.body.dataset.rail = "closed";
    if (!goToWords(line)) focusOn(document.getElementById("id_body"));
  });
  recall();
  look();
}
