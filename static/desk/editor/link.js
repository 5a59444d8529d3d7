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
  const { empty } = editor.state.selection;
  if (empty && !around) return editor.storage.wordCount?.say(WORDS.linkFirst);
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
    ],
  });
  if (given) {
    const { from, to } = around || editor.state.selection;
    const type = editor.schema.marks.link;
    editor.view.dispatch(editor.state.tr.removeMark(from, to, type).addMark(from, to, type.create({ href: mended(given.href) })));
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
      enabled: (editor) => !editor.state.selection.empty || editor.isActive("link"),
      active: (editor) => editor.isActive("link"),
    });
  },
});
