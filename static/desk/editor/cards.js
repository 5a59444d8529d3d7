// Cards: blocks that name a row of the desk's and show what is known of it. The text keeps the number alone.
import { Extension, crel, pm } from "django-prose-editor/editor";
import { button } from "./dialog.js";
import { recall, whenKnown } from "./lookup.js";
import { WORDS } from "./words.js";

/** Attributes {own: "data-name"} as an extension declares them. */
export function attributes(names) {
  return Object.fromEntries(
    Object.entries(names).map(([own, name]) => [
      own,
      {
        default: null,
        parseHTML: (el) => el.getAttribute(name),
        renderHTML: (attrs) => (attrs[own] == null ? {} : { [name]: attrs[own] }),
      },
    ]),
  );
}

/** Put a block where it splits no sentence: in place of an empty paragraph, else after the block of the selection. */
export function placeBlock(editor, json, at = null) {
  const { state } = editor;
  const node = state.schema.nodeFromJSON(json);
  const tr = state.tr;
  let from = at;
  let to = at;
  if (at === null) {
    const { $from, $to } = state.selection;
    // Inside a fact box things stay inside it; anywhere else they stand between the blocks of the text.
    const deep = $to.depth > 1 && $to.node(1).type.name === "factBox" ? 2 : 1;
    const block = $to.depth >= deep ? $to.node(deep) : null;
    const empty = block && block.isTextblock && !block.content.size && $from.sameParent($to);
    from = empty ? $to.before(deep) : block ? $to.after(deep) : state.selection.to;
    to = empty ? $to.after(deep) : from;
  }
  tr.replaceWith(from, to, node);
  finishBlock(tr, from, node);
  editor.view.dispatch(tr.scrollIntoView());
  editor.commands.focus();
}

/** Leave a line to write on after a new last block, and the caret inside it or, where it has no inside, after it. */
export function finishBlock(tr, pos, node) {
  const end = pos + node.nodeSize;
  if (end === tr.doc.content.size) tr.insert(end, tr.doc.type.schema.nodes.paragraph.create());
  const inside = !node.isAtom;
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(inside ? pos + 1 : end), 1));
}

/** Move a block before its neighbour above or behind the one below. */
export function moveBlock(editor, pos, by) {
  const { doc, tr } = editor.state;
  const $pos = doc.resolve(pos);
  const index = $pos.index();
  const neighbour = index + by < 0 ? null : $pos.parent.maybeChild(index + by);
  if (!neighbour) return false;
  const node = $pos.nodeAfter;
  const to = by < 0 ? pos - neighbour.nodeSize : pos + neighbour.nodeSize;
  tr.delete(pos, pos + node.nodeSize).insert(to, node);
  tr.setSelection(pm.state.NodeSelection.create(tr.doc, to));
  editor.view.dispatch(tr.scrollIntoView());
  return true;
}

/** The place of what is moved and removed with a card: of a picture in a gallery, its place in the list. */
function wholeOf(doc, pos) {
  const $pos = doc.resolve(pos);
  return $pos.depth && $pos.parent.childCount === 1 && $pos.parent.type.name === "galleryItem" ? $pos.before() : pos;
}

const icon = (name, label, onClick) =>
  button(name, onClick, { className: "material-icons", "aria-label": label, title: label });

/** The head of a card: its kind, its label and its buttons, none of which is text of the story. */
export function cardHead(editor, getPos, kind, title, actions = []) {
  const label = crel("span", { className: "desk-card__label" });
  const whole = () => wholeOf(editor.state.doc, getPos());
  const remove = () => {
    const pos = whole();
    const { tr, doc } = editor.state;
    const $pos = doc.resolve(pos);
    // The last picture takes its gallery along.
    const last = $pos.depth && $pos.parent.childCount === 1;
    editor.view.dispatch(last ? tr.delete($pos.before(), $pos.after()) : tr.delete(pos, pos + doc.nodeAt(pos).nodeSize));
    editor.commands.focus();
  };
  const tools = crel("span", { className: "desk-card__tools" }, [
    ...actions,
    icon("arrow_upward", `${WORDS.up}: ${title}`, () => moveBlock(editor, whole(), -1)),
    icon("arrow_downward", `${WORDS.down}: ${title}`, () => moveBlock(editor, whole(), 1)),
    icon("delete", `${WORDS.remove}: ${title}`, remove),
  ]);
  const head = crel("div", { className: "desk-card__head", contentEditable: "false" }, [
    crel("span", { className: "desk-card__kind", textContent: title }),
    label,
    tools,
  ]);
  return { head, label };
}

/** What is known of a row, written into a label; the card turns red where there is no such row. */
export function showKnown(dom, label, kind, id) {
  const known = recall(kind, id);
  const missing = known === null;
  const missed = { expert: WORDS.missingExpert, article: WORDS.missingArticle, image: WORDS.missingImage }[kind];
  const parts = [crel("b", { textContent: missing ? missed(id) : known ? known.label : WORDS.looking })];
  if (known && known.sub) parts.push(crel("small", { textContent: known.sub }));
  if (known && known.warning) parts.push(crel("small", { className: "desk-card__warning", textContent: known.warning }));
  if (known && known.thumb) parts.unshift(crel("img", { src: known.thumb, alt: "" }));
  label.replaceChildren(...parts);
  dom.classList.toggle("is-missing", missing);
  dom.classList.toggle("is-warned", !!(known && known.warning));
}

/** The view of a card: `row` names what it shows, `inside` makes its editable part, `painted` is told of each node. */
export function cardView({ kind, title, row, inside = null, actions = () => [], painted = () => {} }) {
  return ({ node, editor, getPos }) => {
    let shown = node;
    const contentDOM = inside ? inside() : null;
    const current = () => shown;
    const { head, label } = cardHead(editor, getPos, kind, title, actions(editor, getPos, current));
    const dom = crel("div", { className: `desk-card desk-card--${kind}` }, contentDOM ? [head, contentDOM] : [head]);
    const paint = () => {
      row(dom, label, shown);
      painted(dom, contentDOM, shown);
    };
    const stop = whenKnown(paint);
    paint();
    return {
      dom,
      contentDOM: contentDOM || undefined,
      // What is painted on a card, the part that is written in too, is no change of it: the view would be made anew.
      ignoreMutation: (change) =>
        change.type === "attributes" || (change.type !== "selection" && !(contentDOM && contentDOM.contains(change.target))),
      stopEvent: (event) => head.contains(event.target) && !/^(drag|drop)/.test(event.type) && event.target !== head,
      selectNode: () => dom.classList.add("is-chosen"),
      deselectNode: () => dom.classList.remove("is-chosen"),
      update(next) {
        if (next.type !== shown.type) return false;
        shown = next;
        paint();
        return true;
      },
      destroy: stop,
    };
  };
}

/** Change attributes of the node at a place. */
export function setAttributes(editor, pos, attrs) {
  const { tr, doc } = editor.state;
  for (const [name, value] of Object.entries(attrs)) tr.setNodeAttribute(pos, name, value);
  if (doc.nodeAt(pos)) editor.view.dispatch(tr);
}

/** The button on a card that chooses another row for its attribute `name`. */
export function changeButton(choose, title, name) {
  return (editor, getPos) => {
    const change = async () => {
      const row = await choose();
      if (row) setAttributes(editor, getPos(), { [name]: String(row.id) });
      editor.commands.focus();
    };
    return [button(WORDS.change, change, { "aria-label": `${WORDS.change}: ${title}` })];
  };
}

/** A tool of the toolbar in the newsroom's group. */
export function tool({ buttons, menu }, { name, icon: sign, title, command, active, enabled, hidden, groups = "newsroom", priority }) {
  const item = { name, groups, button: buttons.material(sign, title), command };
  Object.assign(item, active && { active }, enabled && { enabled }, hidden && { hidden }, priority && { priority });
  menu.defineItem(item);
}

/** Select the card beside the caret, if there is one, so that a second press removes it: one alone is easily a slip. */
function selectCardBeside(editor, by) {
  const { selection, doc, tr } = editor.state;
  const { $from, empty } = selection;
  if (!empty || !$from.parent.isTextblock) return false;
  const atEdge = by < 0 ? $from.parentOffset === 0 : $from.parentOffset === $from.parent.content.size;
  if (!atEdge || !$from.depth) return false;
  const edge = by < 0 ? $from.before() : $from.after();
  const $edge = doc.resolve(edge);
  const card = by < 0 ? $edge.nodeBefore : $edge.nodeAfter;
  if (!card || !card.isAtom || card.isInline) return false;
  editor.view.dispatch(tr.setSelection(pm.state.NodeSelection.create(doc, by < 0 ? edge - card.nodeSize : edge)).scrollIntoView());
  return true;
}

export const CardKeys = Extension.create({
  name: "cardKeys",
  addKeyboardShortcuts() {
    return {
      Backspace: () => selectCardBeside(this.editor, -1),
      Delete: () => selectCardBeside(this.editor, 1),
    };
  },
});
