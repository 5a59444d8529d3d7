// Moves that ask something ask it over the text. In a form that can be saved the words are saved first, so that what is
// asked is asked of them; whoever then thinks better of it goes on with the saved story.
import { openDialog, saved, storyForm as form } from "./page.js";
import { isUnsaved, leaveFreely } from "./saving.js";
import { textEditor } from "./page.js";

let asking = false;

form?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.dataset.asks || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (asking) return;
  asking = true;
  button.disabled = true;
  const body = new FormData(form);
  body.append(button.name, button.value);
  const changed = isUnsaved();
  const scroll = scrollY;
  try {
    // A refused save is shown as it is without scripts: the same form is sent once more, and nothing is saved twice.
    const sendPlainly = () => {
      button.disabled = false;
      delete button.dataset.asks;
      form.requestSubmit(button);
    };
    const outcome = await openDialog(form.action, { body, orElse: sendPlainly });
    if (outcome === "closed" && changed) {
      // The rows and quotations that were saved have names by now, which only the server knows.
      leaveFreely();
      saved(0);
      sessionStorage.setItem("desk-scroll", String(scroll));
      location.reload();
    }
  } catch {
    button.disabled = false;
    alertOffline();
  }
  asking = false;
  button.disabled = false;
  button.focus();
}, true);

document.addEventListener("desk:done", leaveFreely);

function alertOffline() {
  const slot = document.querySelector("[data-saving]");
  slot.textContent = "The desk cannot be reached: nothing was sent";
  slot.dataset.kind = "failed";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  link.closest("details.menu")?.removeAttribute("open");
  openDialog(link.href).catch(() => location.assign(link.href));
});

// The warnings of a move are waived with one reason; its button says how many.
document.addEventListener("desk:asked", ({ target: dialog }) => {
  const boxes = [...dialog.querySelectorAll("input[name=waive]")];
  const go = dialog.querySelector("button.default");
  if (!boxes.length || !go) return;
  const label = go.textContent.trim();
  const say = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    go.textContent = ticked ? `Waive ${ticked} and ${label.toLowerCase()}` : label;
  };
  // One reason waives all that are listed; who means some of them takes the others' ticks away. A lawyer's "not cleared"
  // is waived by nobody who has not ticked it.
  if (!boxes.some((box) => box.checked)) for (const box of boxes) box.checked = !("byHand" in box.dataset);
  for (const box of boxes) box.addEventListener("change", say);
  say();
});

const scroll = sessionStorage.getItem("desk-scroll");
if (scroll !== null) {
  sessionStorage.removeItem("desk-scroll");
  const back = () => scrollTo(0, Number(scroll));
  if (textEditor()) back();
  else setTimeout(back, 300); // the text has its height when the editor is there
}
