// Choosing whom a note mentions: after an @ in a field, colleagues who may read the story.
import { articleId, get } from "../editor/page.js";
import { make } from "./elements.js";

const BEGUN = /(?:^|[^\w.@/])@([\w.+-]*)$/;
let count = 0;

/** Offer colleagues while somebody types @ and the beginning of a name into a textarea. */
export function offerColleagues(field) {
  const id = `colleagues-${++count}`;
  const box = make("ul", { id, className: "colleagues", role: "listbox", "aria-label": "Colleagues", hidden: true });
  let found = [];
  let at = -1;
  let turn = 0;
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  field.after(box);

  const begun = () => BEGUN.exec(field.value.slice(0, field.selectionStart));

  function close() {
    turn++;
    found = [];
    box.hidden = true;
    field.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    at = (index + found.length) % found.length;
    [...box.children].forEach((row, nth) => row.setAttribute("aria-selected", String(nth === at)));
    field.setAttribute("aria-activedescendant", `${id}-${at}`);
  }

  function choose(index) {
    const { name } = found[index];
    const typed = begun();
    close();
    if (!typed) return;
    const from = field.selectionStart - typed[1].length;
    field.setRangeText(`${name} `, from, field.selectionStart, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function look() {
    const typed = begun();
    if (!typed) return close();
    const mine = ++turn;
    let results = [];
    try {
      ({ results } = await get(`articles/${articleId()}/colleagues/`, { q: typed[1] }));
    } catch {
      return close(); // the note itself can be written all the same
    }
    if (mine !== turn) return null;
    found = results;
    box.replaceChildren(
      ...found.map(({ name, label }, index) => {
        const row = make("li", { id: `${id}-${index}`, role: "option" }, [label, make("small", { textContent: ` @${name}` })]);
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(index);
        });
        return row;
      }),
    );
    box.hidden = !found.length;
    if (found.length) mark(0);
    return null;
  }

  field.addEventListener("input", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (box.hidden) return;
    const act = {
      ArrowDown: () => mark(at + 1),
      ArrowUp: () => mark(at - 1),
      Enter: () => choose(at),
      Tab: () => choose(at),
      Escape: close,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
