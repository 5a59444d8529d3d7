// Saving by hand: Ctrl S keeps a version, the bar says when something is not kept yet, and leaving asks.
import { sayOfSaving, storyForm as form } from "./page.js";

const save = form?.querySelector("[data-desk-save]");
let unsaved = Boolean(document.querySelector(".errornote"));
let leaving = false;

/** Whether the form holds something that no version does. */
export const isUnsaved = () => unsaved;

/** Let the page be left without a question: what it holds is kept, or is meant to go. */
export function leaveFreely() {
  leaving = true;
}

if (save) {
  form.addEventListener("desk:changed", () => {
    unsaved = true;
    // Where words are kept while one types, the keeper says how they stand.
    if (!document.querySelector("[data-keeping]")) sayOfSaving("Not saved yet", "waiting");
  });
  form.addEventListener("desk:saved", () => (unsaved = false));
  form.addEventListener("submit", (event) => (leaving = !event.defaultPrevented));
  addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving && !("kept" in form.dataset)) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    form.requestSubmit(save);
  });
}
