// The toolbar in one row: what is used in every paragraph as buttons, everything else in two menus.
import { Extension, crel } from "django-prose-editor/editor";
import { DONE_TO_WORDS, ELEMENTS, INSERTED, toolsOf } from "./elements.js";
import { WORDS } from "./words.js";

let count = 0;

/** A menu below its button, walked by arrow keys: `items` answers [{label, keys, sign, run, enabled, ticked}]. */
function menuButton(label, sign, items) {
  const id = `desk-menu-${++count}`;
  const list = crel("div", { id, className: "desk-menu", role: "menu", "aria-label": label, popover: "auto" });
  const signs = [crel("span", { className: "material-icons", "aria-hidden": "true", textContent: sign })];
  const opener = crel(
    "button",
    {
      type: "button", className: "prose-menubar__button desk-menu__opener", title: label, "aria-label": label,
      "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": id,
    },
    signs,
  );
  const rows = () => [...list.querySelectorAll("button:not([aria-disabled=true])")];
  const fill = () =>
    list.replaceChildren(
      ...items().map(({ label: name, keys, sign: mark, run, enabled, ticked }) => {
        const icon = crel("span", { className: mark.length > 1 ? "material-icons" : "desk-menu__sign", "aria-hidden": "true", textContent: mark });
        const parts = [icon, crel("span", { className: "desk-menu__label", textContent: name })];
        if (keys) parts.push(crel("kbd", { textContent: keys, "aria-hidden": "true" }));
        if (ticked) parts.push(crel("span", { className: "material-icons", "aria-hidden": "true", textContent: "check" }));
        const role = ticked === undefined ? "menuitem" : "menuitemcheckbox";
        const made = crel("button", { type: "button", role, tabIndex: -1, "aria-disabled": String(!enabled), "aria-label": name }, parts);
        if (keys) made.setAttribute("aria-keyshortcuts", keys);
        if (ticked !== undefined) made.setAttribute("aria-checked", String(ticked));
        made.addEventListener("click", () => {
          if (!enabled) return;
          list.hidePopover();
          run();
        });
        return made;
      }),
    );
  list.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const { left, right, bottom } = opener.getBoundingClientRect();
    const width = list.offsetWidth;
    const rtl = getComputedStyle(opener).direction === "rtl";
    list.style.left = `${Math.max(8, Math.min(rtl ? right - width : left, innerWidth - width - 8))}px`;
    list.style.top = `${bottom + 4}px`;
    list.style.maxHeight = `${innerHeight - bottom - 12}px`;
    rows()[0]?.focus({ preventScroll: true });
  });
  list.addEventListener("keydown", (event) => {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined) all[(next + all.length) % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      list.hidePopover();
      opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("focusin", ({ target }) => {
    for (const one of rows()) one.tabIndex = one === target ? 0 : -1;
  });
  const open = () => {
    fill();
    list.showPopover();
  };
  return { opener, list, open };
}

export const InsertMenu = Extension.create({
  name: "insertMenu",
  priority: 30,

  addMenuItems({ menu, buttons }) {
    const { editor } = this;
    const tools = () => toolsOf(editor);
    const rows = (elements) =>
      elements.flatMap(({ name, label, keys, sign }) => {
        const tool = tools().get(name);
        return tool ? [{ label, keys, sign, run: () => tool.command(editor), enabled: tool.enabled(editor) }] : [];
      });
    // Marks that few paragraphs need stand in a menu; the bar has no room for them.
    for (const name of ["strike", "subscript", "superscript"]) {
      const tool = tools().get(name);
      if (tool) menu.defineItem({ ...tool, groups: "more", button: buttons.text("") });
    }
    const table = tools().get("table");
    if (table) menu.defineItem({ ...table, groups: "newsroom", button: buttons.text("") });
    const ticked = () =>
      menu.items("more").filter((item) => item.ticked).map((item) => ({
        label: item.button.title, keys: "", sign: item.button.textContent, enabled: true, ticked: !!item.active(editor),
        run: () => (item.command(editor), editor.commands.focus()),
      }));
    const menus = [
      ["insert", WORDS.insertTool, "add", () => rows(INSERTED)],
      ["moreTools", WORDS.moreMenu, "more_horiz", () => [...rows(DONE_TO_WORDS.slice(2)), ...ticked()]],
    ];
    for (const [name, label, sign, items] of menus) {
      const { opener, list, open } = menuButton(label, sign, items);
      if (name === "insert") opener.append(crel("span", { className: "desk-menu__word", textContent: WORDS.insertMenu }));
      editor.view.dom.parentElement.append(list);
      menu.defineItem({ name, groups: "menus", button: opener, command: open });
    }
  },

  addKeyboardShortcuts() {
    const run = (name) => () => {
      const tool = toolsOf(this.editor).get(name);
      if (tool?.enabled(this.editor)) tool.command(this.editor);
      return true;
    };
    return Object.fromEntries(ELEMENTS.filter(({ bind }) => bind).map(({ name, shortcut }) => [shortcut, run(name)]));
  },
});
