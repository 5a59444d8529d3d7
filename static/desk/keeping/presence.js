// Who else is in this story, in which part; and a word before it hurts where somebody has saved.
export function watch() {
  return { ask() {} };
}
