// Typographer's marks as one types, by the language of the words: “ ” „ “ « », apostrophes, – and …. Undo right after
// gives back the key that was pressed. Everybody may switch it off, for their browser.
import { Extension, pm } from "django-prose-editor/editor";
import { WORDS } from "./words.js";

const OFF = "desk-typography";
const SPACE = /[\s\u00a0\u202f]/;
const BEFORE_OPENING = /^$|[\s\u00a0\u202f([{–—/«„“‚‘‹]/;
const LETTER = /[\p{L}\p{N}]/u;
const ADDRESS = /(?:\/\/|www\.|@)\S*$/i; // within an address nothing is a mark of ours
const APOSTROPHE = "’";

export const isOn = () => localStorage.getItem(OFF) !== "off";
const turn = () => localStorage.setItem(OFF, isOn() ? "off" : "on");

/** The marks of a language tag such as "de-CH", else of a shorter one, else of English. */
function marksOf(table, tag) {
  for (let name = (tag || "en").toLowerCase(); name; name = name.slice(0, Math.max(0, name.lastIndexOf("-")))) {
    if (table[name]) return table[name];
  }
  return table.en;
}

function languageAt(view, pos) {
  const { node } = view.domAtPos(pos, -1);
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return element.closest("[lang]")?.lang || "";
}

const unclosed = (text, [open, close]) =>
  open !== close && text.lastIndexOf(open.trim()) > text.lastIndexOf(close.trim());

/** What a key stands for behind some text: {text, back} with how many characters before it go, or null. */
function meant(key, before, [outer, inner]) {
  const last = before.slice(-1);
  if (key === '"') {
    const opens = BEFORE_OPENING.test(last);
    // Where single marks are no quotation marks, a mark within open ones is an inner one.
    const single = /[‘‚’‹›]/.test(inner[0]);
    const within = !single && unclosed(before, outer) && (opens || unclosed(before, inner));
    const [open, close] = within ? inner : outer;
    if (opens && !before.endsWith(open)) return { text: open, back: 0 };
    // The space of « French marks » does not break a line.
    return { text: close, back: SPACE.test(close[0]) && SPACE.test(last) ? 1 : 0 };
  }
  if (key === "'") {
    const opens = BEFORE_OPENING.test(last);
    if (opens && /[‘‚‹›]/.test(inner[0])) return { text: inner[0], back: 0 };
    if (!opens && !LETTER.test(last) && unclosed(before, inner)) return { text: inner[1], back: 0 };
    return { text: APOSTROPHE, back: 0 };
  }
  if (key === "-" && last === "-" && before.slice(-2, -1) !== "-") return { text: "–", back: 1 };
  if (key === "-" && last === "–") return { text: "—", back: 1 };
  if (key === "." && before.endsWith("..") && !before.endsWith("...")) return { text: "…", back: 2 };
  if (key === "s" && /(^|\s)‘\d\d$/.test(before)) return { text: `${APOSTROPHE}${before.slice(-2)}s`, back: 3 };
  // Only now is it plain that the apostrophe behind a word closed a quotation: ‚so‘.
  if (!LETTER.test(key) && last === APOSTROPHE && inner[1] !== APOSTROPHE && /^[‘›]$/.test(inner[1]) && unclosed(before, inner)) {
    return { text: `${inner[1]}${key}`, back: 1 };
  }
  return null;
}

export const Typography = Extension.create({
  name: "typography",
  priority: 1200, // before quotes, which listen to keys too
  addOptions: () => ({ marks: { en: ["“", "”", "‘", "’"] } }),
  addStorage: () => ({ last: null, takeBack: () => false }),

  onCreate() {
    this.storage.takeBack = ({ state, tr, dispatch }) => {
      const { last } = this.storage;
      if (!last || !last.doc.eq(state.doc)) return false;
      if (dispatch) tr.insertText(last.typed, last.from, last.to).setMeta("addToHistory", false);
      this.storage.last = dispatch ? null : last;
      return true;
    };
  },

  addProseMirrorPlugins() {
    const { storage, options } = this;
    let busy = false;
    return [
      new pm.state.Plugin({
        props: {
          handleTextInput(view, from, to, key) {
            storage.last = busy ? storage.last : null;
            const { $from } = view.state.selection;
            if (busy || key.length !== 1 || !isOn() || view.composing || !$from.parent.isTextblock) return false;
            const start = $from.start();
            const before = view.state.doc.textBetween(start, from, undefined, "￼");
            if (ADDRESS.test(before)) return false;
            const [open, close, innerOpen, innerClose] = marksOf(options.marks, languageAt(view, from));
            const levels = [[open, close], [innerOpen, innerClose]];
            // Around linked words the page prints the outer marks by itself.
            const within = (view.state.storedMarks || $from.marks()).some((mark) => mark.type.name === "inlineQuote");
            const found = meant(key, before, within ? levels.reverse() : levels);
            if (!found || found.text === key) return false;
            busy = true;
            const typed = view.state.doc.textBetween(from - found.back, from) + key;
            const insert = () => view.state.tr.insertText(found.text, from - found.back, to).scrollIntoView();
            const handled = view.someProp("handleTextInput", (handle) => handle(view, from - found.back, to, found.text, insert));
            if (!handled) view.dispatch(insert());
            busy = false;
            storage.last = { doc: view.state.doc, from: from - found.back, to: from - found.back + found.text.length, typed };
            return true;
          },
        },
      }),
    ];
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "typography",
      groups: "more",
      button: buttons.material("format_quote", WORDS.typography),
      ticked: true,
      active: isOn,
      command(editor) {
        turn();
        editor.storage.wordCount?.say(isOn() ? WORDS.typographyOn : WORDS.typographyOff);
      },
    });
  },
});
