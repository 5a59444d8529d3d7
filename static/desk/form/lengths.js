// How long headlines are beside how long they should be, <textarea data-ideal-length="70">; and how long the story is
// beside how long it was planned, as the line below the text counts it.
import { storyForm as form, make } from "./page.js";

for (const field of form?.querySelectorAll("[data-ideal-length]") ?? []) {
  const ideal = Number(field.dataset.idealLength);
  const onSheet = field.closest(".line");
  const shown = make("output", { className: onSheet ? "margin" : "length" });
  shown.htmlFor.add(field.id);
  const show = () => {
    const length = [...field.value.trim()].length;
    shown.textContent = length ? `${length} of ${ideal}${length > ideal ? ", long" : ""}` : "";
    shown.toggleAttribute("data-over", length > ideal);
  };
  field.after(shown);
  field.addEventListener("input", show);
  show();
}

const says = document.querySelector("[data-length]");
const planned = form?.elements.planned_length;
function sayLength() {
  const count = document.querySelector(".desk-count")?.textContent.trim();
  if (!count) return;
  const words = Number((/^[\d.,\s]+/.exec(count)?.[0] ?? "0").replace(/\D/g, ""));
  const plan = Number(planned?.value || says.dataset.length || 0);
  const over = plan && words > plan ? `, ${words - plan} over` : "";
  says.textContent = plan ? `${count}, of ${plan} words planned${over}` : count;
  says.toggleAttribute("data-over", Boolean(over) && words > plan * 1.1);
}
if (says) {
  // The counter comes with the editor; from then on it alone is watched.
  const watch = (counter) => {
    new MutationObserver(sayLength).observe(counter, { childList: true, characterData: true, subtree: true });
    sayLength();
  };
  document.addEventListener("prose-editor:ready", () => {
    requestAnimationFrame(() => document.querySelector(".desk-count") && watch(document.querySelector(".desk-count")));
  });
  planned?.addEventListener("input", sayLength);
}
