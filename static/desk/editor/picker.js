// One way to choose an expert, a story or a picture: a search field with its list (the ARIA combobox pattern).
import { crel } from "django-prose-editor/editor";
import { button, live, modal } from "./dialog.js";
import { search } from "./lookup.js";
import { articleId } from "./page.js";
import { WORDS } from "./words.js";

/**
 * Let the person choose; resolves with what is known of the row, or null. `more(words, answer)` may offer further
 * ways: [{label, run}], where run(words as they stand when it is chosen) resolves with a row too. `typed` are the words
 * that the search begins with.
 */
export async function pick(kind, title, more = () => [], typed = "") {
  for (let words = typed; ; ) {
    const chosen = await choose(kind, title, more, words);
    if (!chosen || !chosen.run) return chosen;
    words = chosen.typed;
    const made = await chosen.run(words); // a dialog of its own; back to the list, as it was, when it is cancelled
    if (made) return made;
  }
}

function choose(kind, title, more, typed) {
  return modal(
    title,
    (close, id) => {
      let rows = [];
      let extra = [];
      let last = {}; // the newest answer: what may be made depends on it, whatever has been typed since
      let at = -1;
      let ticket = 0;
      let timer = 0;
      let fresh = false;
      const field = crel("input", {
        type: "text", value: typed, id: `${id}-field`, autocomplete: "off", spellcheck: false, role: "combobox",
        "aria-expanded": "true", "aria-controls": `${id}-list`, "aria-autocomplete": "list",
      });
      const list = crel("ul", { id: `${id}-list`, role: "listbox", className: "desk-pick__list", "aria-label": title });
      const said = live("desk-pick__said");
      const foot = crel("div", { className: "desk-dialog__foot" });

      const option = (row, index) => {
        const text = [crel(row.struck ? "s" : "b", { textContent: row.label })];
        if (row.sub) text.push(crel("small", { textContent: row.sub }));
        for (const line of row.lines || []) text.push(crel("small", { className: "desk-pick__line", textContent: line }));
        if (row.warning) text.push(crel("small", { className: "desk-pick__warning", textContent: row.warning }));
        const parts = [crel("span", {}, text)];
        if (row.thumb) parts.unshift(crel("img", { src: row.thumb, alt: "", loading: "lazy" }));
        const made = crel("li", { id: `${id}-${index}`, role: "option", "aria-selected": String(index === at) }, parts);
        if (row.barred) made.setAttribute("aria-disabled", "true");
        made.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
        made.addEventListener("click", () => take(index));
        return made;
      };

      const paint = () => {
        list.replaceChildren(...rows.map(option));
        list.hidden = !rows.length;
        if (at >= 0) field.setAttribute("aria-activedescendant", `${id}-${at}`);
        else field.removeAttribute("aria-activedescendant");
        list.children[at]?.scrollIntoView({ block: "nearest" });
        const ways = extra.map((way) => button(way.label, () => close({ ...way, typed: field.value.trim() })));
        foot.replaceChildren(...ways, button(WORDS.cancel, () => close()));
      };

      const step = (by) => {
        if (rows.length) at = (at + by + rows.length) % rows.length;
        paint();
      };

      const take = (index) => {
        if (rows[index] && !rows[index].barred) close(rows[index]);
        else if (rows[index]) said.textContent = rows[index].warning;
      };

      const look = async () => {
        const mine = ++ticket;
        try {
          const answer = await search(kind, field.value, kind === "article" ? articleId() : "");
          if (mine !== ticket) return;
          rows = answer.results;
          last = answer;
          extra = more(field.value.trim(), last);
          said.textContent = rows.length ? WORDS.found(rows.length) : WORDS.nothing;
          fresh = true;
        } catch (refusal) {
          if (mine !== ticket) return;
          rows = [];
          said.textContent = refusal.message;
        }
        at = rows.findIndex((row) => !row.barred);
        paint();
      };

      field.addEventListener("input", () => {
        fresh = false;
        extra = more(field.value.trim(), last);
        paint();
        clearTimeout(timer);
        timer = setTimeout(look, 150);
      });
      field.addEventListener("keydown", async (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          step(event.key === "ArrowDown" ? 1 : -1);
        } else if (event.key === "Enter" && !event.isComposing) {
          event.preventDefault();
          clearTimeout(timer);
          if (!fresh) await look(); // never choose from a list of other words
          take(at);
        }
      });
      look();
      paint();
      const help = crel("p", { className: "desk-dialog__help", textContent: WORDS.pickHelp });
      return [crel("label", { htmlFor: `${id}-field`, textContent: WORDS.search }), field, said, list, help, foot];
    },
    `desk-pick desk-pick--${kind}`,
  );
}
