// Undo takes back one step that a person would name: some typing, a paste, a link, a replace-all, a picture.
import { History as Base, pm } from "django-prose-editor/editor";

const { closeHistory, isHistoryTransaction } = pm.history;
const SLIP = 2; // characters that typing may take back and still be the same typing: a letter, or half of “…”

/** Whether all that a step puts in is words, none of them blocks. */
function isWords(slice) {
  if (slice.openStart || slice.openEnd) return false;
  let words = true;
  slice.content.forEach((node) => (words = words && node.isText));
  return words;
}

/** How a change stands to those beside it: whether it begins a step of undo, and whether it ends one. */
function bounds(tr) {
  if (tr.getMeta("composition")) return { begins: false, ends: false };
  if (tr.getMeta("uiEvent") || tr.steps.length !== 1) return { begins: true, ends: true };
  const [step] = tr.steps;
  if (!(step instanceof pm.transform.ReplaceStep) || !isWords(step.slice)) return { begins: true, ends: true };
  const { size } = step.slice.content;
  if (step.to - step.from <= SLIP) return { begins: false, ends: false };
  // What is typed in the place of chosen words goes on; words that are taken out, or put in by a spelling checker, do not.
  return { begins: true, ends: size !== 1 };
}

function steps() {
  let ended = false;
  return new pm.state.Plugin({
    // The one place where a change is seen before the history has it.
    filterTransaction(tr) {
      if (!tr.docChanged || tr.getMeta("appendedTransaction") || tr.getMeta("addToHistory") === false) return true;
      if (isHistoryTransaction(tr)) return true;
      const { begins, ends } = bounds(tr);
      if (begins || ended) closeHistory(tr);
      ended = ends;
      return true;
    },
  });
}

export const History = Base.extend({
  addCommands() {
    const { undo, ...others } = this.parent();
    return {
      ...others,
      // A mark that was set for a typed one is taken back first.
      undo: () => (props) => props.editor.storage.typography?.takeBack(props) || undo()(props),
    };
  },
  addProseMirrorPlugins() {
    return [...this.parent(), steps()];
  },
});
