// Names for what select2 makes of a select box: it leaves its parts without one, so a screen reader reads none.
const $ = window.django?.jQuery;

function nameOf(select) {
  const label = select.labels?.[0];
  return select.getAttribute("aria-label") || (label ? label.textContent.replace(/:\s*$/, "").trim() : "");
}

/** Name what select2 made of a box, once more where it was made anew. */
export function nameParts(select) {
  const box = select.nextElementSibling;
  const name = nameOf(select);
  if (!box?.classList.contains("select2-container") || !name) return;
  const combobox = box.querySelector(".select2-selection");
  combobox.setAttribute("aria-label", name);
  combobox.removeAttribute("aria-labelledby");
  box.querySelector("[role=textbox]")?.setAttribute("aria-label", `${name}, chosen`);
  box.querySelector(".select2-search__field")?.setAttribute("aria-label", `${name}, search`);
}

function nameAll() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) nameParts(select);
  // The column in which Django says which row it was has no heading.
  for (const heading of document.querySelectorAll("th.original:empty")) {
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = "Row";
    heading.append(words);
  }
}

if ($) {
  $(nameAll); // after the boxes are made: jQuery keeps the order in which it was asked
  document.addEventListener("formset:added", () => setTimeout(nameAll));
  $(document).on("select2:open", (event) => {
    nameParts(event.target);
    // A single choice is searched in a list of its own, which stands at the end of the page.
    const field = document.querySelector(".select2-container--open .select2-dropdown .select2-search__field");
    field?.setAttribute("aria-label", `${nameOf(event.target)}, search`);
  });
}
