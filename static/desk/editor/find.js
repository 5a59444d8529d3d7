// Find and replace: hits are decorations, so that looking changes nothing.
import { Extension, crel, pm } from "django-prose-editor/editor";
import { button } from "./dialog.js";
import { WORDS } from "./words.js";

const key = new pm.state.PluginKey("deskFind");

const LETTER = /[\p{L}\p{N}\p{M}_]/u;

/** Whether no letter stands on either side of a stretch of text, so that it is not a part of a word. */
const isWhole = (text, from, to) =>
  !(LETTER.test(text.slice(to).match(/^./u)?.[0] || "") && LETTER.test(text.slice(0, to).match(/.$/u)?.[0] || "")) &&
  !(LETTER.test(text.slice(0, from).match(/.$/u)?.[0] || "") && LETTER.test(text.slice(from).match(/^./u)?.[0] || ""));

/** Every place of the words in the text, as {from, to}; a hit may run through bold or quoted words. */
function places(doc, { words, matchCase, wholeWord }) {
  const found = [];
  if (!words) return found;
  const fold = (text) => (matchCase ? text : text.toLowerCase());
  const wanted = fold(words);
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    const text = node.textBetween(0, node.content.size, undefined, "￼");
    // Where small letters are longer than capitals (İ), places would shift: such blocks are read as they are.
    const folded = fold(text).length === text.length ? fold(text) : text;
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + wanted.length)) {
      if (wholeWord && !isWhole(text, at, at + wanted.length)) continue;
      found.push({ from: pos + 1 + at, to: pos + 1 + at + wanted.length });
    }
    return false;
  });
  return found;
}

/** New words in place of a hit. What both begin and end with stays as it is; the rest gets the marks of its first letter. */
function replace(tr, { from, to }, words) {
  const old = tr.doc.textBetween(from, to, undefined, "￼");
  let head = 0;
  while (head < Math.min(old.length, words.length) && old[head] === words[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(old.length, words.length) - head && old.at(-1 - tail) === words.at(-1 - tail)) tail += 1;
  const [start, end] = [from + head, to - tail];
  const put = words.slice(head, words.length - tail);
  const $start = tr.doc.resolve(start);
  const { marks } = (start === from || start < end) && $start.nodeAfter ? $start.nodeAfter : $start.nodeBefore;
  if (put) tr.replaceWith(start, end, tr.doc.type.schema.text(put, marks));
  else if (start < end) tr.delete(start, end);
}

export const FindReplace = Extension.create({
  name: "findReplace",
  priority: 15,
  addStorage: () => ({ words: "", matchCase: false, wholeWord: false, hits: [], at: 0, open: () => {} }),

  addProseMirrorPlugins() {
    const { storage } = this;
    const { Decoration, DecorationSet } = pm.view;
    const scan = (doc) => {
      storage.hits = places(doc, storage);
      storage.at = Math.min(storage.at, Math.max(0, storage.hits.length - 1));
      const mark = ({ from, to }, index) =>
        Decoration.inline(from, to, { class: index === storage.at ? "desk-hit is-current" : "desk-hit" });
      return DecorationSet.create(doc, storage.hits.map(mark));
    };
    return [
      new pm.state.Plugin({
        key,
        state: {
          init: () => DecorationSet.empty,
          apply: (tr, old) => (tr.docChanged || tr.getMeta(key) ? scan(tr.doc) : old),
        },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },

  onCreate() {
    const { editor, storage } = this;
    const what = crel("input", { type: "search", "aria-label": WORDS.findWhat, placeholder: WORDS.findWhat });
    const instead = crel("input", { type: "text", "aria-label": WORDS.findWith, placeholder: WORDS.findWith });
    const exact = crel("input", { type: "checkbox" });
    const whole = crel("input", { type: "checkbox" });
    const said = crel("output");
    const tell = () => {
      const { hits, at, words } = storage;
      said.textContent = !words ? "" : hits.length ? WORDS.findAt(at + 1, hits.length) : WORDS.findNone;
    };
    const look = () => {
      editor.view.dispatch(editor.state.tr.setMeta(key, true).setMeta("addToHistory", false));
      tell();
    };
    const go = (by) => {
      if (!storage.hits.length) return;
      storage.at = (storage.at + by + storage.hits.length) % storage.hits.length;
      look();
      editor.view.dom.querySelector(".desk-hit.is-current")?.scrollIntoView({ block: "center" });
    };
    const one = () => {
      const hit = storage.hits[storage.at];
      if (!hit) return;
      const { tr } = editor.state;
      replace(tr, hit, instead.value);
      editor.view.dispatch(tr);
      tell();
    };
    const all = () => {
      const { tr } = editor.state;
      const hits = [...storage.hits].reverse();
      if (!hits.length) return;
      for (const hit of hits) replace(tr, hit, instead.value);
      editor.view.dispatch(pm.history.closeHistory(tr));
      said.textContent = WORDS.findReplaced(hits.length);
    };
    const changes = [button(WORDS.findReplace, one), button(WORDS.findReplaceAll, all)];
    const writing = crel("span", { className: "desk-find__row" }, [instead, ...changes]);
    const bar = crel("div", { className: "desk-find", role: "search", hidden: true }, [
      crel("span", { className: "desk-find__row" }, [
        what,
        said,
        button(WORDS.findPrevious, () => go(-1)),
        button(WORDS.findNext, () => go(1)),
        crel("label", {}, [exact, document.createTextNode(WORDS.findCase)]),
        crel("label", {}, [whole, document.createTextNode(WORDS.findWhole)]),
      ]),
      writing,
      button(WORDS.close, () => toggle(false), { className: "desk-find__close" }),
    ]);
    // The toolbar above is as high as its lines of buttons are many.
    const below = () => {
      const menu = editor.view.dom.parentElement?.querySelector(".prose-menubar");
      if (menu) bar.style.setProperty("inset-block-start", `calc(${getComputedStyle(menu).insetBlockStart} + ${menu.offsetHeight}px)`);
    };
    addEventListener("resize", below);
    const toggle = (open) => {
      bar.hidden = !open;
      below();
      if (open) {
        const { from, to } = editor.state.selection;
        const chosen = editor.state.doc.textBetween(from, to, " ");
        if (chosen && chosen.length < 100) storage.words = what.value = chosen;
        what.focus();
        what.select();
        look();
      } else {
        storage.words = "";
        const hit = storage.hits[storage.at];
        look();
        if (hit) editor.commands.setTextSelection(hit);
        editor.commands.focus();
      }
    };
    what.addEventListener("input", () => {
      storage.words = what.value;
      storage.at = 0;
      look();
    });
    for (const [box, name] of [[exact, "matchCase"], [whole, "wholeWord"]]) {
      box.addEventListener("change", () => {
        storage[name] = box.checked;
        look();
      });
    }
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") toggle(false);
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault(); // not the form's
      if (event.target === instead) one();
      else if (event.target === what) go(event.shiftKey ? -1 : 1);
    });
    // Words may come and go while the bar is open, by an undo for one.
    editor.on("update", () => !bar.hidden && storage.words && tell());
    writing.hidden = !editor.isEditable;
    editor.view.dom.before(bar);
    storage.open = () => toggle(true);
  },

  addKeyboardShortcuts() {
    const open = () => (this.storage.open(), true);
    return { "Mod-f": open, "Mod-h": open };
  },
  addMenuItems({ menu, buttons }) {
    const command = (editor) => editor.storage.findReplace.open();
    menu.defineItem({ name: "find", groups: "utility", button: buttons.material("find_replace", WORDS.find), command });
  },
});
