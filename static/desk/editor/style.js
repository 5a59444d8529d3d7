// The house style: words that go against it are marked while somebody writes, and nothing is ever changed by itself.
// What the house writes, and why, stands in the line below the text when the caret is in such a word; one click, or a
// key, takes the advice. Rules are read as on the server (articles/body/style.py). After a change only the paragraphs
// that it touched are read again.
import { Extension, pm } from "django-prose-editor/editor";
import { addContext } from "./context.js";
import { get } from "./page.js";
import { WORDS, keys } from "./words.js";

const key = new pm.state.PluginKey("houseStyle");
const NEXT = "Alt-F8";
const TAKE = "Alt-Enter";
const HOLE = "￼"; // stands for what is no text
// What others say between marks of their own; in linked quotations it is known without them.
const PRINTED = /“[^”]*”|"[^"]*"|«[^»]*»|„[^“”]*[“”]|「[^」]*」/gu;
const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

function patternOf({ term, whole, cased }) {
  const words = term.trim().split(/\s+/).map((word) => escaped(word).replace(/['’]/g, "['’]")).join("\\s+");
  const edged = whole ? `(?<![\\p{L}\\p{N}])${words}(?![\\p{L}\\p{N}])` : words;
  return new RegExp(edged, cased ? "gu" : "giu");
}

/** Whether a match already is, or is part of, what the house prefers. */
function stands(text, from, to, preferred) {
  if (!preferred) return false;
  let at = text.indexOf(preferred, Math.max(0, from - preferred.length));
  while (at !== -1 && at <= from) {
    if (at + preferred.length >= to) return true;
    at = text.indexOf(preferred, at + 1);
  }
  return false;
}

/** What stands in a place of the preferred form, with the capital that the words there have. */
function advised(found, { term, preferred, cased }) {
  const capital = !cased && /^\p{Lu}/u.test(found) && /^\p{Ll}/u.test(term) && /^\p{Ll}/u.test(preferred);
  return capital ? preferred[0].toUpperCase() + preferred.slice(1) : preferred;
}

const isQuote = (node) => node.type.name === "expertQuote" || node.type.name === "blockquote";

/** The stretches of a paragraph that are somebody's words, as offsets in its text. */
function quoted(block, text) {
  const found = [...text.matchAll(PRINTED)].map((match) => [match.index, match.index + match[0].length]);
  let at = 0;
  block.forEach((child) => {
    if (child.marks.some((mark) => mark.type.name === "inlineQuote")) found.push([at, at + child.nodeSize]);
    at += child.nodeSize;
  });
  return found;
}

/** The places of a paragraph that go against rules: {from, to, rule}; where two rules meet, the longer term counts. */
function slips(block, start, within, rules) {
  const text = block.textBetween(0, block.content.size, undefined, HOLE);
  const found = [];
  let theirs = null;
  for (const { rule, pattern } of rules) {
    for (const match of text.matchAll(pattern)) {
      const [from, to] = [match.index, match.index + match[0].length];
      if (stands(text, from, to, rule.preferred) || found.some((one) => one.at < to && from < one.end)) continue;
      if (!rule.quoted) {
        if (within) continue;
        theirs ??= quoted(block, text);
        if (theirs.some(([a, b]) => a < to && from < b)) continue;
      }
      found.push({ at: from, end: to, from: start + from, to: start + to, rule });
    }
  }
  return found;
}

/** The stretch of a document that a change touched, null for none. */
function touched(tr) {
  let from = Infinity;
  let to = -1;
  tr.mapping.maps.forEach((map, index) => {
    const after = tr.mapping.slice(index + 1);
    map.forEach((_a, _b, start, end) => {
      from = Math.min(from, after.map(start, -1));
      to = Math.max(to, after.map(end, 1));
    });
  });
  return to < 0 ? null : { from: Math.max(0, from), to: Math.min(tr.doc.content.size, to) };
}

function marked(doc, from, to, rules, seen = () => {}) {
  const made = [];
  doc.nodesBetween(from, to, (node, pos, parent) => {
    if (!node.isTextblock) return true;
    seen(pos, pos + node.nodeSize);
    const within = isQuote(node) || (parent && isQuote(parent));
    for (const one of slips(node, pos + 1, within, rules)) {
      made.push(pm.view.Decoration.inline(one.from, one.to, { class: "desk-style" }, { rule: one.rule }));
    }
    return false;
  });
  return made;
}

function again(tr, set, rules) {
  const place = touched(tr);
  let now = set.map(tr.mapping, tr.doc);
  if (!place) return now;
  let [from, to] = [place.from, place.to];
  const made = marked(tr.doc, from, to, rules, (a, b) => ([from, to] = [Math.min(from, a), Math.max(to, b)]));
  now = now.remove(now.find(from, to));
  return made.length ? now.add(tr.doc, made) : now;
}

/** The slip that the caret stands in or at, as {from, to, rule}. */
function here(state) {
  const set = key.getState(state);
  const { from, to } = state.selection;
  const one = set && set.find(from, to).find((mark) => mark.from <= from && mark.to >= to);
  return one ? { from: one.from, to: one.to, rule: one.spec.rule } : null;
}

/** Put the preferred form in the place of a slip, with the marks that its first letter has: one step to undo. */
function take(editor) {
  const { state, view } = editor;
  const slip = here(state);
  if (!slip || !slip.rule.preferred || !editor.isEditable) return false;
  const words = advised(state.doc.textBetween(slip.from, slip.to), slip.rule);
  const { marks } = state.doc.resolve(slip.from).nodeAfter;
  const tr = pm.history.closeHistory(state.tr);
  tr.replaceWith(slip.from, slip.to, state.schema.text(words, marks));
  tr.setSelection(pm.state.TextSelection.create(tr.doc, slip.from + words.length));
  view.dispatch(tr);
  view.focus();
  return true;
}

/** Go to the next slip behind the caret, or to the first. */
function next(editor) {
  const all = (key.getState(editor.state)?.find() ?? []).sort((a, b) => a.from - b.from);
  const one = all.find((mark) => mark.from > editor.state.selection.from) ?? all[0];
  if (!one) return false;
  return editor.chain().focus().setTextSelection({ from: one.from, to: one.to }).scrollIntoView().run();
}

addContext((editor) => {
  const slip = editor.isEditable && here(editor.state);
  if (!slip) return null;
  const found = editor.state.doc.textBetween(slip.from, slip.to);
  const words = slip.rule.preferred && advised(found, slip.rule);
  return {
    text: WORDS.styleSays(found, slip.rule.preferred, slip.rule.reason),
    warned: false,
    actions: [
      ...(words ? [{ label: WORDS.styleTake(words), run: () => take(editor) }] : []),
      { label: WORDS.styleNext(keys(NEXT)), run: () => next(editor) },
    ],
  };
});

export const HouseStyle = Extension.create({
  name: "houseStyle",
  priority: 14,
  addStorage: () => ({ rules: [] }),

  addProseMirrorPlugins() {
    const { storage } = this;
    const { DecorationSet } = pm.view;
    const all = (doc) => DecorationSet.create(doc, marked(doc, 0, doc.content.size, storage.rules));
    return [
      new pm.state.Plugin({
        key,
        state: {
          init: (_, { doc }) => all(doc),
          apply: (tr, set) => (tr.getMeta(key) ? all(tr.doc) : tr.docChanged && storage.rules.length ? again(tr, set, storage.rules) : set),
        },
        props: { decorations: (state) => key.getState(state) },
      }),
    ];
  },

  async onCreate() {
    const { editor, storage } = this;
    const language = editor.view.dom.closest("[lang]")?.lang || "en";
    try {
      const { rules } = await get("house-style/", { language });
      storage.rules = rules.map((rule) => ({ rule, pattern: patternOf(rule) }));
    } catch {
      return; // the checklist says it too
    }
    if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr.setMeta(key, true).setMeta("addToHistory", false));
  },

  addKeyboardShortcuts() {
    return { [NEXT]: () => next(this.editor), [TAKE]: () => take(this.editor) };
  },
});
