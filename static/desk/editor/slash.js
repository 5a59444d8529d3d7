// “/” in an empty paragraph or behind a space: a list of what can be put in, filtered as one types. It is a
// listbox that the text owns: the caret stays where it is. Escape leaves the sign as a word of the text.
import { Extension, crel, pm } from "django-prose-editor/editor";
import { elementsFor, toolsOf } from "./elements.js";
import { WORDS } from "./words.js";

const key = new pm.state.PluginKey("deskSlash");
const LONGEST = 24; // characters behind the sign
const ID = "desk-slash";
const STEPS = 40; // of undo that are looked back for what was there before the sign

/** What stands between the sign and the caret; null where the caret has left it. */
function wordsBehind(state, at) {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock || at < $from.start() || at >= $from.pos) return null;
  const text = state.doc.textBetween(at, $from.pos, undefined, "￼");
  return text[0] === "/" && text.length <= LONGEST && !/^\/\s/.test(text) ? text.slice(1) : null;
}

/** Whether a sign typed here may open the list: in an empty paragraph, or behind a space. */
function mayOpen(state, from) {
  const { $from } = state.selection;
  if (!$from.parent.isTextblock || $from.marks().some((mark) => mark.type.name === "link")) return false;
  const before = state.doc.textBetween($from.start(), from, undefined, "￼");
  return before ? /[\s\u00a0]$/.test(before) : !$from.parent.content.size;
}

/**
 * Take the sign and what was typed behind it out of the text, and out of what undo takes back: the typing is undone.
 * Where that does not lead to the text as it was, since something else has changed, it is cut out.
 */
function takeOut(editor, { from, before }) {
  let { state } = editor;
  for (let steps = 1; steps <= STEPS; steps += 1) {
    let next = null;
    pm.history.undo(state, (tr) => (next = state.apply(tr)));
    if (!next) break;
    state = next;
    if (!state.doc.eq(before)) continue;
    for (let step = 0; step < steps; step += 1) pm.history.undo(editor.state, editor.view.dispatch);
    return;
  }
  editor.view.dispatch(editor.state.tr.delete(from, editor.state.selection.from));
}

export const SlashMenu = Extension.create({
  name: "slashMenu",
  priority: 900, // its keys before those of the text

  addProseMirrorPlugins() {
    const { editor } = this;
    let rows = [];
    const list = crel("ul", { id: ID, className: "desk-slash", role: "listbox", "aria-label": WORDS.insertMenu, popover: "manual", tabIndex: 0 });
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus

    const close = () => editor.view.dispatch(editor.state.tr.setMeta(key, { close: true }).setMeta("addToHistory", false));
    const take = (index) => {
      const open = key.getState(editor.state);
      const tool = rows[index]?.tool;
      if (!open || !tool) return;
      close();
      takeOut(editor, open);
      tool.command(editor);
    };
    const found = (words) => {
      const tools = toolsOf(editor);
      return elementsFor(words).map((row) => ({ ...row, tool: tools.get(row.name) })).filter(({ tool }) => tool?.enabled(editor));
    };
    const option = (at) => ({ label, keys, sign }, index) => {
      const icon = crel("span", { className: sign.length > 1 ? "material-icons" : "desk-menu__sign", "aria-hidden": "true", textContent: sign });
      const parts = [icon, crel("span", { className: "desk-menu__label", textContent: label }), crel("kbd", { "aria-hidden": "true", textContent: keys })];
      const made = crel("li", { id: `${ID}-${index}`, role: "option", "aria-selected": String(index === at), "aria-label": label }, parts);
      made.addEventListener("click", () => take(index));
      return made;
    };
    const paint = (at) => {
      list.replaceChildren(...rows.map(option(at)));
      list.children[at]?.scrollIntoView({ block: "nearest" });
    };
    const place = (view, from) => {
      const { left, right, top, bottom } = view.coordsAtPos(from);
      const { offsetWidth: width, offsetHeight: height } = list;
      const x = getComputedStyle(view.dom).direction === "rtl" ? right - width : left;
      list.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
      list.style.top = `${bottom + height + 8 > innerHeight && top > height + 8 ? top - height - 6 : bottom + 6}px`;
    };

    return [
      new pm.state.Plugin({
        key,
        state: {
          init: () => null,
          apply(tr, open, _old, state) {
            const meta = tr.getMeta(key);
            if (meta?.close) return null;
            if (meta) return meta;
            if (!open) return null;
            const from = tr.mapping.map(open.from, -1);
            const words = wordsBehind(state, from);
            if (words === null) return null;
            return { ...open, from, words, at: words === open.words ? open.at : 0 };
          },
        },
        props: {
          handleTextInput(view, from, to, text, insert) {
            if (text !== "/" || view.composing || from !== to || !mayOpen(view.state, from)) return false;
            const tr = (insert ? insert() : view.state.tr.insertText("/", from, to)).setMeta(key, { from, words: "", at: 0, before: view.state.doc });
            view.dispatch(pm.history.closeHistory(tr));
            return true;
          },
          handleKeyDown(view, event) {
            const open = key.getState(view.state);
            if (!open || event.isComposing) return false;
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step && rows.length) {
              const at = (open.at + step + rows.length) % rows.length;
              view.dispatch(view.state.tr.setMeta(key, { ...open, at }).setMeta("addToHistory", false));
            } else if ((event.key === "Enter" || event.key === "Tab") && rows.length) take(open.at);
            else if (event.key === "Escape") close();
            else return false;
            event.stopPropagation();
            return true;
          },
          handleDOMEvents: {
            blur: (view) => {
              if (key.getState(view.state)) close();
            },
          },
          attributes(state) {
            const open = key.getState(state);
            return open ? { "aria-controls": ID, "aria-activedescendant": `${ID}-${open.at}`, "aria-autocomplete": "list" } : {};
          },
        },
        view(view) {
          let shown = null;
          view.dom.parentElement?.append(list);
          const again = () => {
            const open = key.getState(view.state);
            if (open) place(view, open.from);
          };
          addEventListener("scroll", again, { passive: true, capture: true });
          addEventListener("resize", again);
          return {
            update() {
              const open = key.getState(view.state);
              if (open && (!shown || shown.words !== open.words)) {
                rows = found(open.words);
                if (!rows.length) {
                  shown = null;
                  list.hidePopover();
                  queueMicrotask(close);
                  return;
                }
                editor.storage.wordCount?.say(WORDS.found(rows.length));
              }
              if (open) {
                if (!list.isConnected) view.dom.parentElement.append(list);
                paint(open.at);
                if (!list.matches(":popover-open")) list.showPopover();
                place(view, open.from);
              } else if (shown) {
                list.hidePopover();
                editor.storage.wordCount?.say("");
              }
              shown = open;
            },
            destroy() {
              removeEventListener("scroll", again, { capture: true });
              removeEventListener("resize", again);
              list.remove();
            },
          };
        },
      }),
    ];
  },
});
