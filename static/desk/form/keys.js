// The keys of a story's page: Ctrl Enter makes the likely move, Alt and a digit opens a panel and goes to what
// is wanted in it, ? shows them all.
import { openPanel } from "./page.js";

const list = document.querySelector("#keys");
const typing = (target) => target.closest("input, textarea, select, [contenteditable=true]");

function showKeys() {
  if (list && !document.querySelector("dialog[open]")) list.showModal();
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key === "Enter" && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    document.querySelector(".bar-moves > .default")?.click();
  } else if (event.altKey && !command && /^Digit\d$/.test(event.code)) {
    const number = Number(event.code.slice(5)) || 10;
    const panel = document.querySelectorAll("[data-panel]")[number - 1];
    if (!panel) return;
    event.preventDefault();
    // To the box that the checklist asks for, where it asks for one there.
    const name = panel.dataset.panel;
    const wanted = document.querySelector(`[data-panel=checklist] a[href="#panel-${name}"]`)?.dataset.field;
    openPanel(name, wanted && document.getElementById(`id_${wanted}`));
  } else if (event.key === "?" && !command && !typing(event.target)) {
    event.preventDefault();
    showKeys();
  }
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys]")) {
    event.target.closest("details")?.removeAttribute("open");
    showKeys();
  }
  if (event.target.closest("#keys [data-dialog-close]")) list.close();
});
