// A story's page as the scripts on it know it: its form, what changes in it, how a dialog is opened over the text.
//
// Whoever adds a part to the page listens on the form for
//   "desk:changed"  something in it has changed, the text in the editor included ({detail: {name}} of the box),
//   "desk:saved"    what it holds is kept by the server as a version,
// and calls `changed(name)` after changing something by script. `openPanel(name)` opens a panel of the rail and goes
// to it, `openDialog(address)` asks over the text what a page of the desk asks.
export { openDialog } from "./dialog.js";
export { icon, make } from "./elements.js";

const form = document.querySelector("#article_form");

/** The form of the story, or null on a page without one. */
export const storyForm = form;

/** Tell everybody that something in the form has changed. */
export function changed(name = "") {
  form.dispatchEvent(new CustomEvent("desk:changed", { detail: { name } }));
}

/** Tell everybody that what the form holds is kept as a version. */
export function saved(version) {
  form.dispatchEvent(new CustomEvent("desk:saved", { detail: { version } }));
}

/** Say in the bar how saving stands; `kind` is "", "waiting" or "failed". */
export function sayOfSaving(words, kind = "") {
  const slot = document.querySelector("[data-saving]");
  slot.textContent = words;
  slot.dataset.kind = kind;
}

/** Open a panel of the rail and go to it, or to a box in it. Returns the panel, or null where there is none. */
export function openPanel(name, box = null) {
  const panel = document.querySelector(`[data-panel="${CSS.escape(name)}"]`);
  if (!panel) return null;
  if (matchMedia("(max-width: 47.9375em)").matches) document.body.dataset.rail = "open";
  panel.open = true;
  panel.scrollIntoView({ block: "nearest" });
  focusOn(box) || panel.querySelector("summary").focus();
  return panel;
}

/** Put the focus on a box of the form, wherever it hides: behind Select2, behind the editor. */
export function focusOn(box) {
  if (!box) return false;
  const shown = box.matches(".select2-hidden-accessible")
    ? box.nextElementSibling?.querySelector(".select2-search__field") ?? box.nextElementSibling?.querySelector(".select2-selection")
    : box.matches("[data-django-prose-editor-configurable]")
      ? box.parentElement.querySelector(".ProseMirror")
      : box;
  if (!shown) return false;
  shown.focus();
  shown.scrollIntoView({ block: "nearest" });
  return true;
}

/** The body editor, once it is there. */
export function textEditor() {
  return document.querySelector(".field-body .prose-editor > .ProseMirror")?.editor ?? null;
}

if (form) {
  const heard = (event) => {
    // What stands in the form and is no part of the story: the boxes of a dialog, the reasons for a waiver.
    if (event.target.name && !event.target.closest("dialog, [data-aside]")) changed(event.target.name);
  };
  form.addEventListener("input", heard);
  form.addEventListener("change", heard);
  // Select2 and the admin's windows change a box by jQuery alone, which no listener of the browser's hears; and the
  // admin says "change" of every box once, when it has done nothing but come to life.
  const valueOf = (select) => [...select.selectedOptions].map((option) => option.value).join();
  const known = new WeakMap();
  for (const select of form.querySelectorAll("select")) known.set(select, valueOf(select));
  window.django?.jQuery(form).on("change", "select", ({ target, originalEvent }) => {
    const before = known.get(target) ?? "";
    known.set(target, valueOf(target));
    if (!originalEvent && before !== valueOf(target)) target.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

for (const field of document.querySelectorAll("[data-one-line]")) keepToOneLine(field);

/** Let a box of several lines hold one: Enter makes no line in it. */
export function keepToOneLine(field) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
  });
}

for (const menu of document.querySelectorAll("details.menu, .desk-me")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
