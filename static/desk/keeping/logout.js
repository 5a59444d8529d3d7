// Logging out takes a person's copies out of this browser: whoever comes next is to find none. What only this browser
// has goes to the server first; where it will not go, its person decides.
import { copiesOf, drop, moveCopiesOf } from "./copies.js";
import { button, element } from "./parts.js";
import { Desk } from "./server.js";

const form = document.getElementById("logout-form");
const { person, drafts } = form?.dataset || {};

if (person) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const left = (await sendAll()) + moveCopiesOf(person).length;
    if (left && !(await leaveAnyway(left))) return;
    for (const copy of [...copiesOf(person), ...moveCopiesOf(person)]) drop(copy.key);
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("desk-asked:")) sessionStorage.removeItem(key);
    dispatchEvent(new Event("desk-logout"));
    form.submit();
  });
}

/** Send every copy that the server may not have; how many it did not take. */
async function sendAll() {
  const desk = new Desk({ person, drafts });
  let left = 0;
  for (const { story, tab, seq, base, fields } of copiesOf(person)) {
    try {
      await desk.post(drafts, { story, tab, seq, base_version: base, fields });
    } catch (trouble) {
      if (trouble.status !== 409 || !trouble.answer.seq) left += 1; // 409: it has a later state, or they are saved
    }
  }
  return left;
}

function leaveAnyway(left) {
  return new Promise((resolve) => {
    const dialog = element("dialog", { className: "keeping-dialog" });
    dialog.setAttribute("aria-labelledby", "keeping-logout-title");
    const words = left === 1 ? "Words of one window are" : `Words of ${left} windows are`;
    dialog.append(
      element("h2", { id: "keeping-logout-title", textContent: "Not everything is on the server" }),
      element("p", { textContent: `${words} only in this browser, and logging out takes them away.` }),
      element("p", { className: "keeping-acts" }, [
        button("Log out and lose them", () => dialog.close("go")),
        button("Stay", () => dialog.close(), "button default"),
      ]),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "go");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
