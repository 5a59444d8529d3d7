// What the caret stands on, said in the line below the text with what can be done about it. Extensions add theirs.
const finders = [];

/** Add a finder: it gets the editor and answers {text, warned, actions: [{label, run}]} or null. */
export const addContext = (finder) => finders.push(finder);

export function contextsOf(editor) {
  return finders.map((finder) => finder(editor)).filter(Boolean);
}

/** The whole stretch of a mark around the caret or over the selection, as {from, to, mark}; null where there is none. */
export function stretchOf(editor, name) {
  const { $from, $to, empty } = editor.state.selection;
  const type = editor.schema.marks[name];
  if (!type || !$from.parent.isTextblock) return null;
  const here = (node) => node && type.isInSet(node.marks);
  const mark = here($from.nodeAfter) || (empty && here($from.nodeBefore)) || null;
  if (!mark) return null;
  let at = $from.start();
  let found = null;
  $from.parent.forEach((child) => {
    const has = child.marks.some((own) => own.eq(mark));
    if (has && found && found.to === at) found.to += child.nodeSize;
    else if (has && !(found && found.from <= $from.pos && found.to >= $from.pos)) {
      found = { from: at, to: at + child.nodeSize, mark };
    }
    at += child.nodeSize;
  });
  return found && found.from <= $from.pos && found.to >= $to.pos ? found : null;
}
