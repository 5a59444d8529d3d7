// What somebody typed into a dialog and did not send stands in it again when it is opened again in this window. It goes
// when it is sent, and with its person's logout (static/desk/keeping/logout.js).
const BOXES = "textarea[name], input[name]:is([type=text], [type=number], [type=date], [type=datetime-local], :not([type]))";

const person = document.getElementById("logout-form")?.dataset.person ?? "";

/** Put back what was typed before into a dialog that was just filled; `keep()` and `forget()` for what is in it then. */
export function typedInto(dialog, path) {
  const key = `desk-asked:${person}:${path}`;
  const boxes = () => [...dialog.querySelectorAll(BOXES)].filter((box) => !box.readOnly);
  const shown = Object.fromEntries(boxes().map((box) => [box.name, box.value]));
  let before = {};
  try {
    before = JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    // Something else wrote there, or this browser keeps nothing.
  }
  for (const box of boxes()) {
    const kept = before[box.name];
    // What the desk shows there by now goes before what was typed over something else.
    if (kept?.shown !== box.value) continue;
    box.value = kept.typed;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return {
    keep() {
      const typed = boxes().filter((box) => box.name in shown && box.value !== shown[box.name]);
      if (!typed.length) return this.forget();
      const kept = typed.map((box) => [box.name, { shown: shown[box.name], typed: box.value }]);
      try {
        sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
      } catch {
        // This browser keeps nothing.
      }
    },
    forget() {
      try {
        sessionStorage.removeItem(key);
      } catch {
        // Nothing was kept there.
      }
    },
  };
}
