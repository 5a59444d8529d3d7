// What the editor needs to know of the page around it, and how it talks to the desk.
import { WORDS } from "./words.js";

// Tiptap writes its few rules into the page as a style element, which the content policy refuses. It does not
// where one is there; this one is of a type that no browser reads, so the policy has nothing to say about it.
// The rules themselves are in editor.css.
if (!document.querySelector("style[data-tiptap-style]")) {
  const style = document.createElement("style");
  style.type = "text/plain";
  style.setAttribute("data-tiptap-style", "");
  document.head.append(style);
}

export const DESK = new URL("/admin/desk/", location.origin).pathname;

/** The story that is being edited: <form data-article-id="12">, or the number in the page's address. */
export function articleId() {
  const named = document.querySelector("[data-article-id]");
  return named ? named.dataset.articleId : (/\/article\/(\d+)\//.exec(location.pathname) || [])[1] || "";
}

/** A short name that no other mark has. */
export function uid() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Refusal extends Error {
  constructor(message, answer = {}) {
    super(message);
    this.answer = answer;
  }
}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal(WORDS.offline);
  }
  const isJson = (response.headers.get("content-type") || "").includes("json");
  // Somebody whose session has ended is sent to the sign-in page, which is no JSON.
  if (response.redirected || (response.ok && !isJson)) throw new Refusal(WORDS.signedOut);
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new Refusal(answer.error || WORDS.failed, answer);
  return answer;
}

/** GET something of the desk's as JSON. Rejects with a Refusal, whose message is for people. */
export function get(path, values = {}) {
  const query = new URLSearchParams(values);
  return answerOf(fetch(`${DESK}${path}?${query}`, { headers: { Accept: "application/json" } }));
}

/** POST values (a file among them, perhaps) to the desk; `signal` may call it off. Rejects with a Refusal. */
export function post(path, values = {}, signal = null) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) if (value != null) body.append(name, value);
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const headers = { Accept: "application/json", "X-CSRFToken": token ? token.value : "" };
  return answerOf(fetch(`${DESK}${path}`, { method: "POST", body, headers, signal }));
}
