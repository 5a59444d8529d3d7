// A footnote: <sup data-footnote="its text"></sup>. Its number is counted where it is shown.
import { Node, crel } from "django-prose-editor/editor";
import { attributes, tool } from "./cards.js";
import { addContext } from "./context.js";
import { ask } from "./dialog.js";
import { WORDS } from "./words.js";

async function askText(value = "") {
  const field = { name: "text", label: WORDS.footnoteText, rows: 4, max: 1000, required: true, value };
  const given = await ask({ title: WORDS.footnote, fields: [field], submit: value ? WORDS.save : WORDS.insert });
  return given && given.text.replace(/\s+/g, " ");
}

async function insert(editor) {
  const text = await askText();
  if (text) {
    const { state } = editor;
    const { $to } = state.selection;
    // Within a quote the mark belongs to the quote: without its marks it would cut it in two.
    const within = $to.nodeAfter && $to.nodeBefore ? $to.nodeBefore.marks.filter((mark) => mark.isInSet($to.nodeAfter.marks)) : [];
    const note = state.schema.nodes.footnote.create({ text }, null, within);
    editor.view.dispatch(state.tr.insert($to.pos, note).scrollIntoView());
  }
  editor.commands.focus();
}

const chosen = (editor) => {
  const { node, from } = editor.state.selection;
  return node && node.type.name === "footnote" ? { node, from } : null;
};

async function edit(editor) {
  const found = chosen(editor);
  if (!found) return;
  const text = await askText(found.node.attrs.text);
  if (text) editor.view.dispatch(editor.state.tr.setNodeAttribute(found.from, "text", text));
  editor.commands.focus();
}

addContext((editor) => {
  const found = chosen(editor);
  if (!found) return null;
  const remove = () => {
    editor.view.dispatch(editor.state.tr.deleteSelection());
    editor.commands.focus();
  };
  return {
    text: WORDS.footnoteIs(found.node.attrs.text),
    actions: [
      { label: WORDS.change, run: () => edit(editor) },
      { label: WORDS.remove, run: remove },
    ],
  };
});

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => attributes({ text: "data-footnote" }),
  parseHTML: () => [{ tag: "sup[data-footnote]", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["sup", HTMLAttributes],
  addNodeView: () => ({ node, editor, getPos }) => {
    const dom = crel("sup", { className: "desk-footnote", title: node.attrs.text, role: "img" });
    dom.setAttribute("aria-label", WORDS.footnoteIs(node.attrs.text));
    dom.addEventListener("dblclick", () => {
      editor.commands.setNodeSelection(getPos());
      edit(editor);
    });
    return { dom, ignoreMutation: () => true };
  },
  addKeyboardShortcuts() {
    return {
      "Ctrl-Alt-f": () => (insert(this.editor), true),
      Enter: () => !!chosen(this.editor) && (edit(this.editor), true),
    };
  },
  addMenuItems(bar) {
    const item = { name: "footnote", groups: "newsroom", priority: 130, command: insert };
    bar.menu.defineItem({ ...item, button: bar.buttons.text("†", WORDS.footnoteTool), active: (editor) => editor.isActive("footnote") });
  },
});
