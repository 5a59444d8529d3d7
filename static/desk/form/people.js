// How many quotations in the text may belong to people of the source book: asked once, when the page has come to rest.
import { articleId } from "../editor/page.js";
import { storyForm as form } from "./page.js";

const REST = 1500; // milliseconds
const line = document.querySelector("[data-proposed]");
const body = document.querySelector("textarea[name=body]");
const asking = new AbortController();

async function ask() {
  const sent = new FormData();
  sent.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sent.append("body", body.value);
  let found;
  try {
    const options = { method: "POST", body: sent, headers: { Accept: "application/json" }, signal: asking.signal };
    const answer = await fetch(`/admin/desk/articles/${articleId()}/voices/`, options);
    if (!answer.ok || answer.redirected) return;
    found = await answer.json();
  } catch {
    return; // the page that the link leads to says it, too
  }
  if (!found.count) return;
  const words = found.count === 1 ? "1 quotation may belong to a person" : `${found.count} quotations may belong to people`;
  const link = document.createElement("a");
  link.href = line.dataset.proposed;
  link.textContent = "Look";
  line.replaceChildren(`${words} in the source book · `, link);
  line.hidden = false;
}

if (line && body?.value.trim()) {
  const timer = setTimeout(ask, REST);
  // The story may be nobody's to change by the time that the answer comes.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking.abort();
  }, true);
}
