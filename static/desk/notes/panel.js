// The list of threads beside a story: <div data-notes data-story="12">, in it <li data-note="uid"> with its buttons.
import { WORDS } from "../editor/words.js";
import { chosenWords, showInReading } from "./reading.js";
import { list, load, reopen, resolve, whenNotes } from "./store.js";
import { writeNote, writeReply } from "./writing.js";

const panel = document.querySelector("[data-notes]");
const said = document.querySelector("[data-notes-said]");

/** Show a note's words: the editor takes it if there is one, else the text that is read. */
function show(uid) {
  const asked = new CustomEvent("desk:show-note", { detail: { uid }, cancelable: true });
  if (document.dispatchEvent(asked) && !showInReading(uid)) said.textContent = WORDS.noteCut;
}

const ACTS = {
  noteShow: show,
  noteReply: writeReply,
  noteResolve: resolve,
  noteReopen: reopen,
};

async function act(event) {
  const button = event.target.closest("button");
  const name = button && Object.keys(ACTS).find((key) => key in button.dataset);
  if (!name) return;
  const uid = button.closest("[data-note]").dataset.note;
  said.textContent = "";
  try {
    await ACTS[name](uid);
  } catch (refusal) {
    said.textContent = refusal.message;
  }
}

function paint() {
  const opened = panel.querySelector("details")?.open;
  const at = panel.contains(document.activeElement) && document.activeElement.closest("[data-note]")?.dataset.note;
  panel.innerHTML = list.shown; // the desk's own template, escaped there
  if (opened) panel.querySelector("details")?.setAttribute("open", "");
  // The panel around it says how many are open, and opens for whoever has just written in it.
  const around = panel.closest("details");
  const says = around?.querySelector("[data-says] bdi");
  if (says) says.textContent = list.open ? `${list.open} open` : "None open";
  if (around && list.touched) around.open = true;
  if (at) panel.querySelector(`[data-note="${CSS.escape(at)}"] button`)?.focus();
}

if (panel) {
  panel.addEventListener("click", act);
  document.querySelector("[data-note-new]")?.addEventListener("click", () => writeNote(chosenWords() || {}));
  whenNotes(paint);
  load();
}
