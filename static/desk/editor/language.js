// Words in another language or direction: <span lang dir>, or on the paragraph or quote that has them.
import { Mark } from "django-prose-editor/editor";
import { attributes, tool } from "./cards.js";
import { addContext, stretchOf } from "./context.js";
import { ask } from "./dialog.js";
import { WORDS } from "./words.js";

const TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const KEPT = { lang: "lang", dir: "dir" };
const BLOCKS = ["paragraph", "blockquote", "expertQuote"];

const askLanguage = (attrs) =>
  ask({
    title: WORDS.language,
    submit: WORDS.save,
    fields: [
      {
        name: "lang",
        label: WORDS.languageTag,
        value: attrs.lang || "",
        max: 20,
        help: WORDS.languageHelp,
        check: (tag) => (!tag || TAG.test(tag) ? "" : WORDS.languageBad),
      },
      { name: "dir", label: WORDS.languageDir, options: WORDS.languageDirs, value: attrs.dir || "" },
    ],
  });

const clean = ({ lang, dir }) => ({ lang: lang || null, dir: dir || null });

/** Of the selected words; with nothing selected, of the marked words around the caret, else of its paragraph. */
async function change(editor) {
  const around = stretchOf(editor, "languageRun");
  const { empty } = editor.state.selection;
  const block = empty && !around ? BLOCKS.find((name) => editor.isActive(name)) : null;
  if (empty && !around && !block) return;
  const given = await askLanguage(around ? around.mark.attrs : block ? editor.getAttributes(block) : {});
  if (given) {
    const attrs = clean(given);
    const type = editor.schema.marks.languageRun;
    const { from, to } = around || editor.state.selection;
    const none = !attrs.lang && !attrs.dir;
    if (block) editor.commands.updateAttributes(block, attrs);
    else {
      const tr = editor.state.tr.removeMark(from, to, type);
      editor.view.dispatch(none ? tr : tr.addMark(from, to, type.create(attrs)));
    }
  }
  editor.commands.focus();
}

addContext((editor) => {
  const around = stretchOf(editor, "languageRun");
  return around && { text: WORDS.languageIs(around.mark.attrs.lang || around.mark.attrs.dir), actions: [{ label: WORDS.change, run: () => change(editor) }] };
});

export const LanguageRun = Mark.create({
  name: "languageRun",
  addAttributes: () => attributes(KEPT),
  addGlobalAttributes: () => [{ types: [...BLOCKS, "inlineQuote"], attributes: attributes(KEPT) }],
  parseHTML: () => [{ tag: "span[lang]" }, { tag: "span[dir]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
  addMenuItems(bar) {
    tool(bar, {
      name: "languageRun",
      icon: "translate",
      title: WORDS.languageTool,
      priority: 110,
      active: (editor) => editor.isActive("languageRun"),
      command: change,
    });
  },
});
