// Links: the editor's own, with a dialog that says which addresses a story may carry.
import { Link as Base } from "django-prose-editor/editor";
import { addContext, stretchOf } from "./context.js";
import { ask } from "./dialog.js";
import { WORDS } from "./words.js";

/** An address as the sanitiser will let it stand, mended where it is plain what was meant; "" where it is not. */
function mended(address) {
  const given = address.trim();
  if (/^(https?:\/\/[^\s/?#\\]\S*|mailto:[^\s@]+@\S+|tel:[+0-9()./-]+|\/(?![/\\])\S*)$/i.test(given)) return given;
  if (/^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(given)) return `mailto:${given}`;
  if (/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(\/\S*)?$/u.test(given)) return `https://${given}`;
  return "";
}

async function edit(editor) {
  const around = stretchOf(editor, "link");
  const bare = editor.state.selection.empty && !around;
  const given = await ask({
    title: WORDS.link,
    submit: WORDS.save,
    fields: [
      {
        name: "href",
        label: WORDS.linkUrl,
        value: around ? around.mark.attrs.href : "",
        required: true,
        help: WORDS.linkHelp,
        check: (address) => (mended(address) ? "" : WORDS.linkBad),
      },
      ...(bare ? [{ name: "words", label: WORDS.linkWords, required: true, max: 500 }] : []),
    ],
  });
  if (given) {
    const { tr, selection, schema } = editor.state;
    const { from, to } = around || selection;
    const link = schema.marks.link.create({ href: mended(given.href) });
    if (bare) tr.insert(from, schema.text(given.words, link.addToSet(selection.$from.marks()))).removeStoredMark(link);
    else tr.removeMark(from, to, link.type).addMark(from, to, link);
    editor.view.dispatch(tr);
  }
  return editor.commands.focus();
}

addContext((editor) => {
  const around = stretchOf(editor, "link");
  if (!around) return null;
  const off = () => {
    editor.view.dispatch(editor.state.tr.removeMark(around.from, around.to, around.mark));
    editor.commands.focus();
  };
  return {
    text: around.mark.attrs.href,
    actions: [
      { label: WORDS.linkEdit, run: () => edit(editor) },
      { label: WORDS.linkOff, run: off },
    ],
  };
});

export const Link = Base.extend({
  addOptions() {
    return { ...this.parent?.(), autolink: false, defaultProtocol: "https" };
  },
  addPasteRules: () => [], // they would set links of their own over pasted ones: paste/links.js sets those that are missing
  addCommands() {
    return { ...this.parent?.(), addLink: () => ({ editor }) => (edit(editor), true) };
  },
  addKeyboardShortcuts() {
    return { "Mod-k": () => (edit(this.editor), true) };
  },
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "link",
      groups: "link",
      button: buttons.material("insert_link", WORDS.linkTool),
      command: edit,
      active: (editor) => editor.isActive("link"),
    });
  },
});
