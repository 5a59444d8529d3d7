// After a paste: how many quotations may belong to people in the source book, said in a quiet line below the text.
// Nothing is linked here: the button saves the story and opens the page where a person decides.
import { articleId, post } from "./page.js";

const WAIT = 700; // milliseconds after the last paste

const box = document.querySelector(".field-body");
if (box && articleId()) {
  const line = document.createElement("p");
  line.className = "voices-line";
  line.setAttribute("role", "status");
  box.append(line);
  let timer = 0;
  let asked = 0;

  const ask = async () => {
    const text = box.querySelector(".prose-editor > .ProseMirror");
    const turn = ++asked;
    let found;
    try {
      found = await post(`articles/${articleId()}/voices/`, { body: text.innerHTML });
    } catch {
      return; // the page itself says it after the next save
    }
    if (turn === asked) say(found.count);
  };

  const say = (count) => {
    line.replaceChildren();
    if (!count) return;
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "_people";
    button.value = "1";
    button.className = "button small";
    button.textContent = "Look";
    const words = count === 1 ? "1 quotation may belong to a person" : `${count} quotations may belong to people`;
    line.append(`${words} in the source book · `, button);
  };

  box.addEventListener("paste", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }, true);
}
