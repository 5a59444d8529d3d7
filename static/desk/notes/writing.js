// The dialogs in which somebody writes a note or an answer.
import { ask } from "../editor/dialog.js";
import { WORDS } from "../editor/words.js";
import { offerColleagues } from "./mentions.js";
import { leave, reply } from "./store.js";

const text = (label) => ({ name: "text", label, rows: 4, required: true, max: 2000, ready: offerColleagues });

/** Ask for a note on words (an anchor), or on the story as a whole; resolves with it, or with null. */
export function writeNote(anchor = {}) {
  return ask({
    title: anchor.quoted ? WORDS.noteTitle : WORDS.noteStory,
    help: anchor.quoted ? `“${anchor.quoted.slice(0, 80)}${anchor.quoted.length > 80 ? "…" : ""}” ${WORDS.noteHelp}` : WORDS.noteHelp,
    submit: WORDS.noteSave,
    fields: [text(WORDS.noteText)],
    send: (values) => leave({ ...values, ...anchor }),
  });
}

/** Ask for an answer to a note; resolves with it, or with null. */
export function writeReply(uid) {
  return ask({
    title: WORDS.noteReply,
    help: WORDS.noteHelp,
    submit: WORDS.noteReply,
    fields: [text(WORDS.noteAnswer)],
    send: (values) => reply(uid, values.text),
  });
}
