// Notes among colleagues: the text keeps a mark with a name, <span data-desk-note="uid">; the words are a row of the desk's.
import { Mark } from "django-prose-editor/editor";
import { attributes, tool } from "./cards.js";
import { addContext, stretchOf } from "./context.js";
import { ask, button } from "./dialog.js";
import { articleId, get, post, uid } from "./page.js";
import { WORDS } from "./words.js";

const notes = new Map(); // uid → {text, by, at, settled}
let asked = false;

async function load(editor) {
  if (asked || !articleId()) return;
  asked = true;
  try {
    for (const note of (await get(`articles/${articleId()}/notes/`)).notes) notes.set(note.uid, note);
    editor.view.dispatch(editor.state.tr.setMeta("addToHistory", false));
  } catch {
    asked = false; // asked again when the caret next stands on a note
  }
}

async function add(editor) {
  const { empty } = editor.state.selection;
  if (!articleId()) return editor.storage.wordCount?.say(WORDS.noteUnsaved);
  if (empty) return editor.storage.wordCount?.say(WORDS.noteFirst);
  const made = await ask({
    title: WORDS.noteTitle,
    help: WORDS.noteHelp,
    submit: WORDS.noteSave,
    fields: [{ name: "text", label: WORDS.noteText, rows: 4, required: true, max: 2000 }],
    send: ({ text }) => post(`articles/${articleId()}/notes/`, { uid: uid(), text }),
  });
  if (made) {
    notes.set(made.uid, made);
    editor.commands.setMark("deskNote", { uid: made.uid });
  }
  return editor.commands.focus();
}

function takeOff(editor, name) {
  const { tr, doc, schema } = editor.state;
  doc.descendants((node, pos) => {
    const mark = node.isInline && node.marks.find((own) => own.type === schema.marks.deskNote && own.attrs.uid === name);
    if (mark) tr.removeMark(pos, pos + node.nodeSize, mark);
  });
  editor.view.dispatch(tr);
  editor.commands.focus();
}

async function settle(editor, name) {
  try {
    notes.set(name, await post(`notes/${name}/settle/`));
    takeOff(editor, name);
  } catch (refusal) {
    editor.storage.wordCount?.say(refusal.message);
  }
}

addContext((editor) => {
  const around = stretchOf(editor, "deskNote");
  if (!around) return null;
  load(editor);
  const name = around.mark.attrs.uid;
  const note = notes.get(name);
  const off = { label: WORDS.noteOff, run: () => takeOff(editor, name) };
  if (!note) return { text: asked ? WORDS.noteGone : WORDS.looking, actions: [off] };
  if (note.settled) return { text: WORDS.noteWas(note), actions: [off] };
  return { text: WORDS.noteIs(note), actions: [{ label: WORDS.noteSettle, run: () => settle(editor, name) }] };
});

/** Bring the caret to a note's words. */
function show(editor, name) {
  let found = null;
  editor.state.doc.descendants((node, pos) => {
    if (found === null && node.marks.some((mark) => mark.type.name === "deskNote" && mark.attrs.uid === name)) found = pos + 1;
    return found === null;
  });
  if (found !== null) editor.chain().focus().setTextSelection(found).scrollIntoView().run();
}

export const DeskNote = Mark.create({
  name: "deskNote",
  inclusive: false,
  excludes: "", // two notes may overlap
  addAttributes: () => attributes({ uid: "data-desk-note" }),
  parseHTML: () => [{ tag: "span[data-desk-note]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
  onCreate() {
    // The page's list of open notes: <li data-note="uid">.
    for (const item of document.querySelectorAll("[data-note]")) {
      item.append(button(WORDS.noteShow, () => show(this.editor, item.dataset.note), { className: "desk-show" }));
    }
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
      enabled: (editor) => !editor.state.selection.empty,
      command: add,
    });
  },
});
