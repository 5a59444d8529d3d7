// The notes of the story on this page: asked for once, shared by the editor, the text and the list beside it.
import { articleId, get, post } from "../editor/page.js";

const known = new Map(); // uid → {text, by, at, settled, quoted, before, after, paragraph, answers}
const waiting = new Set();
let asked = null;
export const list = { shown: "", open: 0, touched: false }; // the threads as the desk draws them

/** Call back when the notes are known or have changed. */
export const whenNotes = (callback) => waiting.add(callback);

export const noteOf = (uid) => known.get(uid);
export const allNotes = () => [...known.entries()];

/** Ask for the notes anew. Rejects with a Refusal. */
export async function refresh() {
  const answer = await get(`articles/${articleId()}/notes/`);
  known.clear();
  for (const note of answer.notes) known.set(note.uid, note);
  Object.assign(list, { shown: answer.shown, open: answer.open });
  for (const callback of waiting) callback();
}

/** Resolves when the notes are known; they are asked for once on a page, and again after that failed. */
export function load() {
  if (!articleId()) return Promise.resolve();
  asked ??= refresh().catch(() => (asked = null));
  return asked;
}

async function change(path, values) {
  const note = await post(path, values);
  list.touched = true;
  await refresh().catch(() => {});
  return note;
}

export const leave = (values) => change(`articles/${articleId()}/notes/`, values);
export const reply = (uid, text) => change(`notes/${uid}/reply/`, { text });
export const resolve = (uid) => change(`notes/${uid}/settle/`);
export const reopen = (uid) => change(`notes/${uid}/reopen/`);
