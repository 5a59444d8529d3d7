// Notes among colleagues: the text keeps a mark with a name, <span data-desk-note="uid">; the words are a row of the desk's.
// A note of somebody who only read the text has no mark there: its words are shown, and get one with the next edit.
import { Mark, pm } from "django-prose-editor/editor";
import { anchorOf, findWords } from "../notes/anchor.js";
import { allNotes, load, noteOf, reopen, resolve, whenNotes } from "../notes/store.js";
import { writeNote, writeReply } from "../notes/writing.js";
import { attributes, tool } from "./cards.js";
import { addContext, stretchOf } from "./context.js";
import { articleId, uid } from "./page.js";
import { WORDS } from "./words.js";

const key = new pm.state.PluginKey("deskNotes");
const KNOWN = "deskNotesKnown"; // the meta of a transaction after which notes are looked for anew

/** The paragraphs of a text: [{text, places}], where `places` has the position of each character, and of the end. */
function paragraphsOf(doc) {
  const found = [];
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true;
    let text = "";
    const places = [];
    node.descendants((child, at) => {
      const said = child.isText ? child.text : child.type.name === "hardBreak" ? " " : "";
      for (let index = 0; index < said.length; index++) places.push(pos + 1 + at + index);
      text += said;
    });
    if (text.trim()) found.push({ text, places });
    return false;
  });
  return found;
}

function anchorOfSelection({ doc, selection: { from, to } }) {
  const all = paragraphsOf(doc);
  const index = all.findIndex(({ places }) => places.some((place) => place >= from && place < to));
  if (index < 0) return {};
  const { text, places } = all[index];
  const begin = places.findIndex((place) => place >= from);
  const end = places.findLastIndex((place) => place < to);
  return anchorOf(text, index, begin, end + 1);
}

function marked(doc) {
  const found = new Map(); // uid → [{from, to}]
  doc.descendants((node, pos) => {
    for (const mark of node.marks) {
      if (mark.type.name !== "deskNote") continue;
      if (!found.has(mark.attrs.uid)) found.set(mark.attrs.uid, []);
      found.get(mark.attrs.uid).push({ from: pos, to: pos + node.nodeSize });
    }
  });
  return found;
}

/** The words of open notes that have no mark: [{uid, from, to}]. */
function unmarked(doc) {
  const marks = marked(doc);
  const wanted = allNotes().filter(([name, note]) => note.quoted && !note.settled && !marks.has(name));
  if (!wanted.length) return [];
  const all = paragraphsOf(doc);
  return wanted.flatMap(([name, note]) => {
    const found = findWords(all.map(({ text }) => text), note);
    if (!found) return [];
    const { places } = all[found.paragraph];
    return [{ uid: name, from: places[found.from], to: places[found.to - 1] + 1 }];
  });
}

/** Choose the sentence around the caret; says whether there is one. */
function chooseSentence(editor) {
  const { $from } = editor.state.selection;
  const text = $from.parent.textBetween(0, $from.parent.content.size, undefined, "￼");
  const sentences = [...text.matchAll(/[^.!?؟…]+[.!?؟…]*["”’»“]*/g)];
  const here = sentences.find(({ index, 0: { length } }) => $from.parentOffset <= index + length);
  if (!here?.[0].trim()) return false;
  const from = $from.start() + here.index + here[0].length - here[0].trimStart().length;
  return editor.commands.setTextSelection({ from, to: from + here[0].trim().length });
}

async function add(editor) {
  if (!articleId()) return editor.storage.wordCount?.say(WORDS.noteUnsaved);
  if (editor.state.selection.empty && !chooseSentence(editor)) return editor.storage.wordCount?.say(WORDS.noteFirst);
  const made = await writeNote({ uid: uid(), ...anchorOfSelection(editor.state) });
  // Beside others, not in the place of one on the same words.
  if (made && !marked(editor.state.doc).has(made.uid)) editor.commands.setMark("deskNote", { uid: made.uid });
  return editor.commands.focus();
}

function takeOff(editor, name) {
  const { tr, schema } = editor.state;
  const mark = schema.marks.deskNote.create({ uid: name });
  for (const { from, to } of marked(editor.state.doc).get(name) || []) tr.removeMark(from, to, mark);
  editor.view.dispatch(tr);
  editor.commands.focus();
}

async function attempt(editor, act) {
  try {
    await act();
    editor.commands.focus();
  } catch (refusal) {
    editor.storage.wordCount?.say(refusal.message);
  }
}

/** The uid of the note under the caret, marked or found by its words. */
function noteHere(editor) {
  const around = stretchOf(editor, "deskNote");
  if (around) return around.mark.attrs.uid;
  const { from, to } = editor.state.selection;
  return key.getState(editor.state)?.words.find((one) => one.from <= from && one.to >= to)?.uid;
}

addContext((editor) => {
  const name = noteHere(editor);
  if (!name) return null;
  const note = noteOf(name);
  if (!note) return { text: WORDS.noteGone, actions: [{ label: WORDS.noteOff, run: () => takeOff(editor, name) }] };
  const answer = { label: WORDS.noteReply, run: () => writeReply(name) };
  const turn = note.settled
    ? { label: WORDS.noteReopen, run: () => attempt(editor, () => reopen(name)) }
    : { label: WORDS.noteResolve, run: () => attempt(editor, () => resolve(name)) };
  return { text: note.settled ? WORDS.noteWas(note) : WORDS.noteIs(note), actions: [answer, turn] };
});

/** Bring the caret to a note's words; says whether they are there. */
function show(editor, name) {
  const [place] = marked(editor.state.doc).get(name) || key.getState(editor.state).words.filter((one) => one.uid === name);
  if (!place) return false;
  editor.chain().focus().setTextSelection(place.from + 1).scrollIntoView().run();
  return true;
}

/** Shows which words notes are about, and marks those of readers' notes when the text is first edited. */
function notesPlugin() {
  const { Plugin } = pm.state;
  const { Decoration, DecorationSet } = pm.view;
  return new Plugin({
    key,
    state: {
      init: () => ({ words: [] }),
      apply(tr, { words }, old, { doc }) {
        if (tr.getMeta(KNOWN)) return { words: unmarked(doc) };
        if (!tr.docChanged) return { words };
        const moved = words.map(({ uid: name, from, to }) => ({ uid: name, from: tr.mapping.map(from, 1), to: tr.mapping.map(to, -1) }));
        return { words: moved.filter(({ from, to }) => from < to) };
      },
    },
    appendTransaction(transactions, old, state) {
      const { words } = key.getState(state);
      if (!words.length || !transactions.some((tr) => tr.docChanged && !tr.getMeta(KNOWN))) return null;
      const { tr, schema } = state;
      for (const one of words) tr.addMark(one.from, one.to, schema.marks.deskNote.create({ uid: one.uid }));
      return tr.setMeta("addToHistory", false).setMeta(KNOWN, true);
    },
    props: {
      decorations(state) {
        const found = key.getState(state).words.map(({ from, to }) => Decoration.inline(from, to, { class: "desk-note-words" }));
        if (!allNotes().some(([, note]) => note.settled)) return DecorationSet.create(state.doc, found);
        for (const [name, places] of marked(state.doc)) {
          if (!noteOf(name)?.settled) continue;
          for (const { from, to } of places) found.push(Decoration.inline(from, to, { class: "is-settled" }));
        }
        return DecorationSet.create(state.doc, found);
      },
    },
  });
}

export const DeskNote = Mark.create({
  name: "deskNote",
  inclusive: false,
  excludes: "", // two notes may overlap
  addAttributes: () => attributes({ uid: "data-desk-note" }),
  parseHTML: () => [{ tag: "span[data-desk-note]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
  addProseMirrorPlugins: () => [notesPlugin()],
  onCreate() {
    const { editor } = this;
    const known = () => {
      if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr.setMeta("addToHistory", false).setMeta(KNOWN, true));
    };
    whenNotes(known);
    load().then(known); // they may have come before the editor
    // The list beside the text asks for a note's words.
    document.addEventListener("desk:show-note", (event) => {
      if (show(editor, event.detail.uid)) event.preventDefault();
    });
  },
  addKeyboardShortcuts() {
    return { "Ctrl-Alt-m": () => (add(this.editor), true) };
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "deskNote",
      icon: "add_comment",
      title: WORDS.noteTool,
      priority: 120,
      active: (editor) => editor.isActive("deskNote"),
      command: add,
    });
  },
});
