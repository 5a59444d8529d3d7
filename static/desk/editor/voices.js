// After a paste: how many quotations may belong to people in the source book or to somebody new, and which names of the
// legal register bring a mark of their own, said in a quiet line below the text. Nothing is changed here: a button links
// them in the text, saves the story and opens the page where a person decides, or takes the marks out.
import { articleId, post } from "./page.js";
import { WORDS } from "./words.js";

const WAIT = 700; // milliseconds after the last paste

const box = document.querySelector(".field-body");
if (box && articleId()) {
  const line = document.createElement("p");
  line.className = "voices-line";
  line.setAttribute("role", "status");
  box.append(line);
  let timer = 0;
  let asked = 0;
  let asking = new AbortController();

  const ask = async () => {
    const text = box.querySelector(".prose-editor > .ProseMirror");
    const turn = ++asked;
    asking = new AbortController();
    let found;
    try {
      found = await post(`articles/${articleId()}/voices/`, { body: text.editor.getHTML(), list: "1" }, asking.signal);
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

  const linkHere = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = WORDS.quotesLink;
    button.addEventListener("click", () => box.querySelector(".prose-editor > .ProseMirror").editor.storage.quoteKey.offerAll());
    return button;
  };

  const say = ({ count, marks, notes, quotations }) => {
    line.replaceChildren();
    const strangers = quotations.filter(({ person, name }) => !person && name).length;
    if (count) line.append(`${WORDS.quotesOfPeople(count)} in the source book · `);
    if (strangers) line.append(`${WORDS.quotesOfStrangers(strangers)} · `);
    if (count || strangers) line.append(linkHere(), " ");
    if (count) line.append(submit("_people", "Look"), " ");
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
  box.closest("form").addEventListener("submit", () => {
    clearTimeout(timer);
    asking.abort();
  }, true);
}
