// After a paste: how many quotations may belong to people in the source book, and which names of the legal register
// bring a mark of their own, said in a quiet line below the text. Nothing is changed here: a button saves the story, and
// opens the page where a person decides, or takes the marks out.
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
    if (turn === asked) say(found);
  };

  const submit = (name, words) => {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = name;
    button.value = "1";
    button.className = "button small";
    button.textContent = words;
    return button;
  };

  const say = ({ count, marks, notes }) => {
    line.replaceChildren();
    if (count) {
      const words = count === 1 ? "1 quotation may belong to a person" : `${count} quotations may belong to people`;
      line.append(`${words} in the source book · `, submit("_people", "Look"), " ");
    }
    if (marks) {
      const words = marks === 1 ? "1 name brings a legal mark of its own" : `${marks} names bring a legal mark of their own`;
      const more = notes ? ", with its note" : "";
      line.append(`${words}${more} · `, submit("_unmark", "Save, and take out"));
    }
  };

  box.addEventListener("paste", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  }, true);
  // Once the form is on its way the story may be nobody's to change by the time that the question comes.
  box.closest("form").addEventListener("submit", () => clearTimeout(timer), true);
}
