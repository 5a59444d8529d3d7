// A fact box: ordinary blocks set apart under a heading of their own, <aside data-box="facts"><h3>….
import { Node, crel, pm } from "django-prose-editor/editor";
import { cardHead, finishBlock, tool } from "./cards.js";
import { button } from "./dialog.js";
import { WORDS } from "./words.js";

/** Put the selected blocks into a box, or an empty box where nothing is selected. */
function insert(editor) {
  const { state } = editor;
  const { schema, tr, selection } = state;
  const { factBox, heading, paragraph } = schema.nodes;
  const { $from, $to } = selection;
  if (!$from.depth) return;
  const from = $from.before(1);
  const to = $to.after(1);
  const blocks = [];
  if (!selection.empty) state.doc.slice(from, to).content.forEach((block) => blocks.push(block));
  const isHeading = blocks.length && blocks[0].type === heading;
  const title = isHeading ? heading.create({ level: 3 }, blocks.shift().content) : heading.create({ level: 3 });
  const node = factBox.create(null, [title, ...(blocks.length ? blocks : [paragraph.create()])]);
  const replaces = !selection.empty || !$from.parent.content.size;
  const at = replaces ? from : to;
  tr.replaceWith(at, to, node);
  finishBlock(tr, at, node);
  editor.view.dispatch(tr.scrollIntoView());
  editor.commands.focus();
}

function dissolve(editor, pos) {
  const { tr, doc, schema } = editor.state;
  const box = doc.nodeAt(pos);
  const kept = [];
  box.content.forEach((node) => {
    if (node.content.size || !node.isTextblock) kept.push(node);
  });
  tr.replaceWith(pos, pos + box.nodeSize, kept.length ? kept : [schema.nodes.paragraph.create()]);
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(pos + 1)));
  editor.view.dispatch(tr.scrollIntoView());
  editor.commands.focus();
}

export const FactBox = Node.create({
  name: "factBox",
  group: "block",
  content: "block+",
  defining: true,
  isolating: true,
  draggable: true,
  parseHTML: () => [{ tag: "aside[data-box]", priority: 100 }],
  renderHTML: () => ["aside", { "data-box": "facts" }, 0],
  addNodeView: () => ({ editor, getPos, node }) => {
    const off = button(WORDS.factBoxOff, () => dissolve(editor, getPos()));
    const { head } = cardHead(editor, getPos, "facts", WORDS.factBox, [off]);
    const contentDOM = crel("div", { className: "desk-card__body" });
    contentDOM.dataset.empty = WORDS.factBoxTitle;
    const dom = crel("div", { className: "desk-card desk-card--facts" }, [head, contentDOM]);
    const paint = (shown) => dom.classList.toggle("lacks-title", !shown.firstChild.content.size);
    paint(node);
    return {
      dom,
      contentDOM,
      ignoreMutation: (change) => change.type !== "selection" && !contentDOM.contains(change.target),
      stopEvent: (event) => head.contains(event.target) && !/^(drag|drop)/.test(event.type) && event.target !== head,
      update(next) {
        if (next.type.name !== "factBox") return false;
        paint(next);
        return true;
      },
    };
  },
  addKeyboardShortcuts() {
    return { "Ctrl-Alt-b": () => (insert(this.editor), true) };
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "factBox",
      icon: "fact_check",
      title: WORDS.factBoxTool,
      priority: 150,
      active: (editor) => editor.isActive("factBox"),
      enabled: (editor) => !editor.isActive("factBox"),
      command: insert,
    });
  },
});
