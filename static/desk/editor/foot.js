// The line below the text: what the caret stands on and what can be done about it, messages, and the count of words.
import { Extension, crel } from "django-prose-editor/editor";
import { contextsOf } from "./context.js";
import { button, live } from "./dialog.js";
import { whenKnown } from "./lookup.js";
import { WORDS } from "./words.js";

// As the server counts (articles/body/plain.py): one of the scripts without spaces counts alone.
const ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff";
const REST = "[\\p{L}\\p{N}\\p{M}_]*";
const WORD = new RegExp(`[${ALONE}]|[\\p{L}\\p{N}]${REST}(?:['’-][\\p{L}\\p{N}]${REST})*`, "gu");
const A_MINUTE = 230;

const count = (doc, from = 0, to = doc.content.size) =>
  (doc.textBetween(from, to, " ", " ").match(WORD) || []).length;

export const WordCount = Extension.create({
  name: "wordCount",
  priority: 20,
  addStorage: () => ({ say: () => {}, focus: () => {} }),
  onCreate() {
    const { editor, storage } = this;
    const here = crel("div", { className: "desk-here", role: "group", "aria-label": WORDS.here });
    const said = live("desk-said");
    const words = crel("output", { className: "desk-count" });
    const foot = crel("div", { className: "desk-foot" }, [here, said, words]);
    editor.view.dom.after(foot);

    let shown = "";
    let total = count(editor.state.doc);
    let doc = editor.state.doc;
    let timer = 0;

    const paintHere = () => {
      const contexts = editor.isEditable ? contextsOf(editor) : [];
      const now = JSON.stringify(contexts.map(({ text, warned, actions }) => [text, warned, actions.map((a) => a.label)]));
      if (now !== shown) {
        shown = now;
        here.replaceChildren(
          ...contexts.map(({ text, warned, actions }, index) =>
            crel("div", { className: `desk-here__one ${warned ? "is-warned" : ""}` }, [
              crel("span", { textContent: text }),
              // What is run is looked up again: the caret may have moved along the same words.
              ...actions.map(({ label }, nth) => button(label, () => contextsOf(editor)[index]?.actions[nth]?.run())),
            ]),
          ),
        );
      }
    };
    const paintCount = () => {
      const { from, to, empty } = editor.state.selection;
      if (doc !== editor.state.doc) {
        doc = editor.state.doc;
        total = count(doc);
      }
      words.textContent = empty ? WORDS.count(total, Math.max(1, Math.round(total / A_MINUTE))) : WORDS.chosen(count(doc, from, to), total);
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(paintCount, 150);
    };
    storage.say = (message) => {
      said.textContent = message;
      clearTimeout(storage.hush);
      storage.hush = setTimeout(() => (said.textContent = ""), 6000);
    };
    storage.focus = () => here.querySelector("button")?.focus();
    here.addEventListener("keydown", (event) => {
      if (event.key === "Escape") editor.commands.focus();
    });
    editor.on("transaction", () => {
      paintHere();
      later();
    });
    const stop = whenKnown(paintHere);
    editor.on("destroy", stop);
    paintHere();
    paintCount();
  },
  addKeyboardShortcuts() {
    return { "Alt-F9": () => (this.storage.focus(), true) };
  },
});
