// The news list, edited in place: a cell is a button with data-field, data-kind and data-value. Pressed, it becomes a
// box; Enter or leaving it keeps what was typed, Escape does not. What the server refuses is said beside the cell.
import { plan } from "./send.js";

const table = document.querySelector("[data-cells]");
const said = document.querySelector("[data-cells-said]");

function box(cell) {
  const { kind, value } = cell.dataset;
  if (kind === "assignee") {
    const choice = document.querySelector("template[data-choices=assignee]").content.firstElementChild.cloneNode(true);
    choice.value = value;
    // Whoever has it by now may be no longer among those who can be given one: leaving the box keeps them.
    if (choice.selectedIndex < 0) choice.add(new Option(cell.textContent.trim(), value, true, true));
    return choice;
  }
  const input = document.createElement("input");
  input.type = kind;
  input.value = value;
  // A browser hands on nothing of a number box with other characters in it, as if it had been emptied.
  if (kind === "number") Object.assign(input, { type: "text", inputMode: "numeric", maxLength: 20 });
  if (kind === "text") Object.assign(input, { maxLength: 500, dir: "auto" });
  return input;
}

function complain(place, words, typed) {
  const note = document.createElement("p");
  note.className = "cell-wrong";
  note.setAttribute("role", "alert");
  note.textContent = typed ? `${words} You typed: ${typed}` : words;
  place.append(note);
}

function labelled(input) {
  return input.tagName === "SELECT" ? input.selectedOptions[0].textContent.trim() : input.value;
}

// Sends a value, puts the story's row as it stands by now in place of the old one, and gives the focus back.
async function keep(cell, value, { typed = "", refocus = true } = {}) {
  const row = cell.closest("tr");
  const { field } = cell.dataset;
  row.setAttribute("aria-busy", "true");
  const answer = await plan(row.dataset.plan, field, { value, was: cell.dataset.value });
  row.removeAttribute("aria-busy");
  if (!answer.row) return complain(cell.closest("td, th"), answer.error, typed);
  const body = document.createElement("tbody");
  body.innerHTML = answer.row;
  const fresh = body.firstElementChild;
  row.replaceWith(fresh);
  const again = fresh.querySelector(`[data-field="${field}"]`);
  if (!answer.ok) complain((again ?? fresh.firstElementChild).closest("td, th"), answer.error, typed);
  else said.textContent = answer.said ?? "Kept.";
  if (answer.ok && answer.said) complain(fresh.querySelector("th"), answer.said);
  if (refocus) again?.focus();
}

function open(cell) {
  const input = box(cell);
  input.className = "cell-box";
  input.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/: .*$/, ""));
  const place = cell.closest("td, th");
  for (const note of place.querySelectorAll(".cell-wrong")) note.remove();
  cell.hidden = true;
  cell.after(input);
  input.focus();
  input.select?.();
  let done = false;
  const close = (refocus) => {
    done = true;
    cell.hidden = false;
    input.remove();
    if (refocus) cell.focus();
  };
  const finish = (refocus) => {
    if (done) return;
    if (!input.validity.valid) {
      const words = input.validationMessage;
      close(true);
      return complain(place, words);
    }
    const { value } = input;
    const typed = labelled(input);
    close(refocus);
    if (value !== cell.dataset.value) keep(cell, value, { typed, refocus });
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    if (event.key !== "Enter") return;
    event.preventDefault();
    finish(true);
  });
  input.addEventListener("blur", () => finish(false));
}

table?.addEventListener("click", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell) return;
  if (cell.dataset.kind === "tick") keep(cell, cell.dataset.value ? "" : "1");
  else open(cell);
});
