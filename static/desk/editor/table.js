// Tables: the editor's own, keeping a caption and the scope of its headings, which it would drop.
import { Table as Base, TableHeader as BaseHeader, crel } from "django-prose-editor/editor";
import { attributes, setAttributes } from "./cards.js";
import { addContext } from "./context.js";
import { ask } from "./dialog.js";
import { WORDS } from "./words.js";

const around = (editor) => {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === "table") return { node: $from.node(depth), pos: $from.before(depth) };
  }
  return null;
};

async function insert(editor) {
  const given = await ask({
    title: WORDS.table,
    fields: [
      { name: "rows", label: WORDS.tableRows, type: "number", from: 1, to: 100, value: 3, required: true },
      { name: "cols", label: WORDS.tableColumns, type: "number", from: 1, to: 20, value: 3, required: true },
      { name: "head", label: WORDS.tableHead, type: "checkbox", value: true },
      { name: "caption", label: WORDS.tableCaption, max: 300 },
    ],
  });
  editor.commands.focus();
  if (!given) return;
  editor.commands.insertTable({ rows: +given.rows, cols: +given.cols, withHeaderRow: given.head });
  const made = around(editor);
  if (made && given.caption) setAttributes(editor, made.pos, { caption: given.caption });
}

addContext((editor) => {
  const found = around(editor);
  if (!found) return null;
  const caption = found.node.attrs.caption || "";
  const run = async () => {
    const given = await ask({
      title: WORDS.tableCaption,
      submit: WORDS.save,
      fields: [{ name: "caption", label: WORDS.tableCaption, value: caption, max: 300 }],
    });
    if (given) setAttributes(editor, found.pos, { caption: given.caption || null });
    editor.commands.focus();
  };
  return { text: caption || WORDS.tableNoCaption, actions: [{ label: WORDS.tableCaptionTool, run }] };
});

const caption = {
  default: null,
  parseHTML: (el) => el.querySelector("caption")?.textContent.replace(/\s+/g, " ").trim() || null,
  renderHTML: () => ({}),
};

export const Table = Base.extend({
  addAttributes() {
    return { ...this.parent?.(), caption };
  },
  parseHTML: () => [{ tag: "table" }, { tag: "table > caption", ignore: true }],
  renderHTML({ node, HTMLAttributes }) {
    const rows = ["tbody", 0];
    return ["table", HTMLAttributes, ...(node.attrs.caption ? [["caption", node.attrs.caption]] : []), rows];
  },
  // Without the stock view, which keeps column widths in style attributes.
  addNodeView: () => ({ node }) => {
    const contentDOM = crel("tbody");
    const title = crel("caption", { contentEditable: "false" });
    const dom = crel("div", { className: "tableWrapper" }, [crel("table", {}, [title, contentDOM])]);
    const paint = (shown) => {
      title.textContent = shown.attrs.caption || "";
      title.hidden = !shown.attrs.caption;
    };
    paint(node);
    return {
      dom,
      contentDOM,
      ignoreMutation: (change) => change.type !== "selection" && !contentDOM.contains(change.target),
      update(next) {
        if (next.type.name !== "table") return false;
        paint(next);
        return true;
      },
    };
  },
  addCommands() {
    return { ...this.parent?.(), insertTableWithOptions: () => ({ editor }) => (insert(editor), true) };
  },
});

export const TableHeader = BaseHeader.extend({
  addAttributes() {
    return { ...this.parent?.(), ...attributes({ scope: "scope" }) };
  },
});
