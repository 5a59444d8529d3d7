// Who said what: words in running text (<q data-expert>) and quote cards (<blockquote data-expert>).
import { Mark, Node, crel, mergeAttributes, pm } from "django-prose-editor/editor";
import { attributes, cardView, changeButton, finishBlock, placeBlock, showKnown, tool } from "./cards.js";
import { addContext, stretchOf } from "./context.js";
import { ask } from "./dialog.js";
import { recall, remember, whenKnown } from "./lookup.js";
import { post, uid } from "./page.js";
import { pick } from "./picker.js";
import { WORDS } from "./words.js";

const KEPT = { expert: "data-expert", quote: "data-quote" };

/** Choose whose words they are, or make a card by name where this person may. */
export function pickExpert(name = "", title = "") {
  const make = (words) => newExpert(words, words === name ? title : "");
  return pick("expert", WORDS.pickExpert, (words, { may_add: mayAdd }) =>
    mayAdd ? [{ label: WORDS.newExpert(words), run: make }] : [], name,
  );
}

/** Make a card by name, and by the title that the story prints; `more` goes to the dialog. Resolves with its row. */
export function newExpert(name, title = "", more = {}) {
  return ask({
    title: WORDS.newExpertTitle,
    help: WORDS.newExpertHelp,
    submit: WORDS.newExpertSave,
    ...more,
    fields: [
      { name: "display_name", label: WORDS.newExpertName, value: name, required: true, max: 160 },
      { name: "title", label: WORDS.newExpertRole, value: title, max: 160 },
      { name: "organisation", label: WORDS.newExpertPlace, max: 160 },
    ],
    async send(values) {
      const made = await post("experts/", values);
      remember("expert", made);
      return made;
    },
    again: (refusal) => (refusal.answer.same ? WORDS.newExpertAnyway : ""),
    instead: ({ answer: { alike = [] } }) =>
      alike.filter(({ barred }) => !barred).map((row) => ({ label: WORDS.newExpertUse(row.label), value: row })),
  });
}

// --- in running text -------------------------------------------------------------------------

const PAIRS = { "“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "‚": "‘’", '"': '"', "'": "'", "「": "」" };
const pairs = (left, right) => !!PAIRS[left] && PAIRS[left].includes(right);

/** The stretches of text that a selection covers, one a block, without the spaces at their ends. */
function stretches(state) {
  const { from, to } = state.selection;
  const found = [];
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock) return true;
    const start = Math.max(from, pos + 1);
    const end = Math.min(to, pos + 1 + node.content.size);
    const text = node.textBetween(start - pos - 1, end - pos - 1, undefined, "￼");
    if (text.trim()) {
      const left = text.length - text.trimStart().length;
      found.push({ from: start + left, to: start + text.trimEnd().length });
    }
    return false;
  });
  return found;
}

/** A stretch with the quotation marks around it, inside or outside: the page prints its own. {from, to, cut: [pos…]} */
function withoutMarks(doc, { from, to }) {
  const at = (pos) => doc.textBetween(Math.max(pos, 0), Math.min(pos + 1, doc.content.size), "\n", "￼");
  if (to - from > 2 && pairs(at(from), at(to - 1))) return { from: from + 1, to: to - 1, cut: [to - 1, from] };
  if (from > 0 && pairs(at(from - 1), at(to))) return { from, to, cut: [to, from - 1] };
  return { from, to, cut: [] };
}

function markAs(editor, expert) {
  const { state } = editor;
  const { tr, schema } = state;
  for (const stretch of stretches(state).reverse()) {
    const { from, to, cut } = withoutMarks(state.doc, stretch);
    tr.addMark(from, to, schema.marks.inlineQuote.create({ expert: String(expert), quote: uid() }));
    for (const pos of cut) tr.delete(pos, pos + 1);
  }
  tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(tr.selection.to), -1)).setStoredMarks([]);
  editor.view.dispatch(tr);
}

/** The chosen words as somebody's, or the quote around the caret as somebody else's, or what is typed next. */
export async function quote(editor) {
  const around = stretchOf(editor, "inlineQuote");
  const chosen = stretches(editor.state).length > 0;
  const row = await pickExpert();
  if (row && around) changePerson(editor, around, row.id);
  else if (row && chosen) markAs(editor, row.id);
  editor.commands.focus();
  if (row && !around && !chosen) typeAs(editor, row);
}

/** What is typed next is somebody's words, until the caret moves. */
function typeAs(editor, { id, label }) {
  const { tr, schema, selection } = editor.state;
  const mark = schema.marks.inlineQuote.create({ expert: String(id), quote: uid() });
  editor.view.dispatch(tr.setSelection(selection).setStoredMarks(mark.addToSet(selection.$from.marks())));
  editor.storage.wordCount?.say(WORDS.quoteTyping(label));
}

/** Link some words to somebody and take the quotation marks around them out, as one step; the caret stands behind. */
export function linkWords(editor, { from, to, cut }, expert) {
  const { tr, schema } = editor.state;
  tr.addMark(from, to, schema.marks.inlineQuote.create({ expert: String(expert), quote: uid() }));
  for (const [start, end] of cut.toSorted((a, b) => b[0] - a[0])) tr.delete(start, end);
  const end = tr.mapping.map(to, -1);
  tr.setSelection(pm.state.TextSelection.create(tr.doc, end)).setStoredMarks([]);
  editor.view.dispatch(tr.scrollIntoView());
}

function changePerson(editor, { from, to, mark }, expert) {
  const { tr } = editor.state;
  const attrs = { ...mark.attrs, expert: String(expert), quote: mark.attrs.quote || uid() };
  editor.view.dispatch(tr.removeMark(from, to, mark).addMark(from, to, mark.type.create(attrs)));
}

addContext((editor) => {
  const around = stretchOf(editor, "inlineQuote");
  if (!around) return null;
  const { expert } = around.mark.attrs;
  const known = expert ? recall("expert", expert) : null;
  const off = () => {
    // Without the mark nothing prints quotation marks, so they are written.
    const { tr, schema } = editor.state;
    const rest = editor.state.doc.resolve(around.from).nodeAfter.marks.filter((mark) => mark.type !== around.mark.type);
    tr.removeMark(around.from, around.to, around.mark);
    tr.insert(around.to, schema.text("”", rest)).insert(around.from, schema.text("“", rest));
    editor.view.dispatch(tr);
    editor.commands.focus();
  };
  let text = WORDS.quoteOfNobody;
  if (expert && known === null) text = WORDS.missingExpert(expert);
  else if (expert) text = known ? [WORDS.quoteOf(known.label), known.sub, known.warning].filter(Boolean).join(" · ") : WORDS.looking;
  return {
    text,
    warned: !!(expert && (known === null || (known && known.warning))),
    actions: [
      { label: expert ? WORDS.change : WORDS.quotePerson, run: () => quote(editor) },
      { label: WORDS.quoteOff, run: off },
    ],
  };
});

// What is typed behind a quote is not quoted. What is written in place of its last words is, until the caret moves:
// these two tell which marks such text gets.
const quoteIn = (node) => node.marks.find((mark) => mark.type.name === "inlineQuote");

function marksOver(state, from, to) {
  const first = state.doc.resolve(from).nodeAfter;
  const last = state.doc.resolve(to).nodeBefore;
  const mark = first && quoteIn(first);
  return mark && last && mark.isInSet(last.marks) ? first.marks : null;
}

const lastingMarks = ({ storedMarks }) =>
  storedMarks && storedMarks.some((mark) => mark.type.name === "inlineQuote") ? storedMarks : null;

/** Names on hover, and a mark on quotes of nobody: decorations, so that none of it is text. */
function nameTags(editor) {
  const key = new pm.state.PluginKey("quoteNames");
  const { Decoration, DecorationSet } = pm.view;
  const paint = (doc) => {
    const found = [];
    doc.descendants((node, pos) => {
      const mark = node.isInline && quoteIn(node);
      if (!mark) return;
      const { expert } = mark.attrs;
      const known = expert ? recall("expert", expert) : undefined;
      const missing = expert && known === null;
      const title = missing ? WORDS.missingExpert(expert) : known ? WORDS.quoteOf(known.label) : WORDS.quoteOfNobody;
      const state = missing || (known && known.warning) ? "is-missing" : expert ? "is-named" : "is-nobody";
      found.push(Decoration.inline(pos, pos + node.nodeSize, { class: `desk-quote ${state}`, title }));
    });
    return DecorationSet.create(doc, found);
  };
  return new pm.state.Plugin({
    key,
    state: {
      init: (_, state) => paint(state.doc),
      apply: (tr, old) => (tr.docChanged || tr.getMeta(key) ? paint(tr.doc) : old),
    },
    props: {
      decorations: (state) => key.getState(state),
      handleTextInput(view, from, to, text) {
        const { state } = view;
        const marks = from < to ? marksOver(state, from, to) : lastingMarks(state);
        if (!marks) return false;
        const tr = state.tr.replaceWith(from, to, state.schema.text(text, marks));
        tr.setSelection(pm.state.TextSelection.create(tr.doc, from + text.length)).setStoredMarks(marks);
        view.dispatch(tr.scrollIntoView());
        return true;
      },
    },
    // Letters taken off the end of a quote are about to be written anew.
    appendTransaction(_trs, before, after) {
      const { $from, empty } = after.selection;
      if (!empty || after.doc.content.size >= before.doc.content.size || after.storedMarks) return null;
      const mark = $from.nodeBefore && quoteIn($from.nodeBefore);
      const was = before.selection.$from.nodeBefore;
      if (!mark || !was || !mark.isInSet(was.marks) || ($from.nodeAfter && mark.isInSet($from.nodeAfter.marks))) return null;
      return after.tr.setStoredMarks($from.nodeBefore.marks);
    },
    view(view) {
      const stop = whenKnown(() => !view.isDestroyed && view.dispatch(view.state.tr.setMeta(key, true).setMeta("addToHistory", false)));
      return { destroy: stop };
    },
  });
}

export const InlineQuote = Mark.create({
  name: "inlineQuote",
  priority: 1100, // the outermost mark: a link or bold word must not cut a quote in two
  inclusive: false,
  addAttributes: () => attributes(KEPT),
  parseHTML: () => [{ tag: "q" }],
  renderHTML: ({ HTMLAttributes }) => ["q", mergeAttributes(HTMLAttributes), 0],
  addKeyboardShortcuts() {
    // At the end of a line there is nowhere to go: what is typed next is just not quoted any more.
    const leave = () => {
      const { state, view } = this.editor;
      if (!lastingMarks(state) || state.selection.$from.nodeAfter) return false;
      view.dispatch(state.tr.setStoredMarks([]));
      return true;
    };
    return { "Ctrl-Alt-i": () => (quote(this.editor), true), ArrowRight: leave };
  },
  addProseMirrorPlugins() {
    return [nameTags(this.editor)];
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "inlineQuote",
      icon: "record_voice_over",
      title: WORDS.inlineQuoteTool,
      groups: "quote",
      active: (editor) => editor.isActive("inlineQuote"),
      command: quote,
    });
  },
});

// --- as a card -------------------------------------------------------------------------------

/** The selected words as paragraphs of a card, with what is left of the blocks they came from around it. */
function cardOfSelection(state, card) {
  const { $from, $to, empty } = state.selection;
  if (empty || !$from.parent.isTextblock || !$to.parent.isTextblock || !state.selection.$head.parent.inlineContent) return null;
  const depth = $from.depth;
  if ($to.depth !== depth || depth < 1 || $from.start(depth - 1) !== $to.start(depth - 1)) return null;
  const { paragraph } = state.schema.nodes;
  const plain = (fragment) => {
    const kept = [];
    fragment.forEach((node) => kept.push(node.mark(node.marks.filter((mark) => mark.type.name !== "inlineQuote"))));
    return kept;
  };
  const paragraphs = stretches(state).map((stretch) => {
    const { from, to } = withoutMarks(state.doc, stretch);
    const $start = state.doc.resolve(from);
    return paragraph.create(null, plain($start.parent.cut($start.parentOffset, $start.parentOffset + to - from).content));
  });
  if (!paragraphs.length) return null;
  // Quotation marks just outside the selection go too: the card prints its own.
  const only = $from.sameParent($to) ? withoutMarks(state.doc, state.selection).cut : [];
  const outside = only.length && only[1] < $from.pos ? 1 : 0;
  const before = $from.parent.cut(0, $from.parentOffset - outside);
  const after = $to.parent.cut($to.parentOffset + outside);
  const node = card.type.create(card.attrs, paragraphs);
  const nodes = [before, node, after].filter((part) => part === node || part.textContent.trim());
  return { from: $from.before(depth), to: $to.after(depth), nodes, node, offset: nodes[0] === node ? 0 : before.nodeSize };
}

async function quoteCard(editor) {
  const row = await pickExpert();
  if (!row) return editor.commands.focus();
  const attrs = { expert: String(row.id), quote: uid() };
  const { state } = editor;
  const cut = cardOfSelection(state, { type: state.schema.nodes.expertQuote, attrs });
  if (!cut) return placeBlock(editor, { type: "expertQuote", attrs, content: [{ type: "paragraph" }] });
  const tr = state.tr.replaceWith(cut.from, cut.to, cut.nodes);
  finishBlock(tr, cut.from + cut.offset, cut.node);
  editor.view.dispatch(tr.scrollIntoView());
  return editor.commands.focus();
}

export const ExpertQuote = Node.create({
  name: "expertQuote",
  group: "block",
  content: "(paragraph|bulletList|orderedList)+",
  defining: true,
  draggable: true,
  addAttributes: () => attributes(KEPT),
  parseHTML: () => [{ tag: "blockquote[data-expert]", priority: 100 }], // before the plain blockquote
  renderHTML: ({ HTMLAttributes }) => ["blockquote", HTMLAttributes, 0],
  addNodeView: () =>
    cardView({
      kind: "expert",
      title: WORDS.expertQuote,
      row: (dom, label, node) => showKnown(dom, label, "expert", node.attrs.expert),
      inside: () => crel("div", { className: "desk-card__body", "data-empty": WORDS.expertQuoteEmpty }),
      actions: (editor, getPos) => changeExpert(editor, getPos),
      painted: (dom, body, node) => body.classList.toggle("is-empty", !node.textContent),
    }),
  addKeyboardShortcuts() {
    return { "Ctrl-Alt-q": () => (quoteCard(this.editor), true) };
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "expertQuote",
      icon: "recent_actors",
      title: WORDS.expertQuoteTool,
      priority: 190,
      active: (editor) => editor.isActive("expertQuote"),
      command: quoteCard,
    });
  },
});

const changeExpert = changeButton(pickExpert, WORDS.expertQuote, "expert");
