// How many quotations in the text may belong to people of the source book: asked once, when the page has come to rest.
import { articleId, post } from "../editor/page.js";

const REST = 1500; // milliseconds
const line = document.querySelector("[data-proposed]");
const body = document.querySelector("textarea[name=body]");

async function ask() {
  let found;
  try {
    found = await post(`articles/${articleId()}/voices/`, { body: body.value });
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

if (line && body?.value.trim()) setTimeout(ask, REST);
