// The story's form: saves with Ctrl-S, says when words are unsaved, keeps headlines to one line.
const form = document.querySelector("form:has([data-desk-save])");
const state = document.querySelector("[data-desk-state]");

for (const field of document.querySelectorAll("[data-one-line]")) {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

for (const menu of document.querySelectorAll(".desk-more, .desk-me")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

if (form) {
  const save = form.querySelector("[data-desk-save]");
  let unsaved = Boolean(document.querySelector(".errornote"));
  let leaving = false;
  const touched = (event) => {
    if (!event.target.name) return;
    unsaved = true;
    state.textContent = "Not saved yet";
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (unsaved && !leaving && !("kept" in form.dataset)) event.preventDefault();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(save);
  });
}
