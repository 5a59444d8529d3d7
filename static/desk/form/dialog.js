// What a page of the desk asks, asked in a dialog over the text. The page marks the part that goes into the dialog with
// [data-dialog-part], or with [data-alone] too where it needs the whole screen; its heading is the dialog's. A form in it
// is sent to where the page would send it: what it leads to (newsroom/desk/dialogs.py) is opened, what is refused is
// shown in the dialog again, with everything typed still there. Where the login has ended it is renewed over the dialog.
import { sendLoggedIn } from "../keeping/again.js";
import { typedInto } from "./asked.js";
import { icon, make } from "./elements.js";

const LOGGED_OUT = "You are logged out: nothing was sent. What you typed is here; try again to log in.";
const OFFLINE = "The desk cannot be reached. Nothing is lost; try again.";
let count = 0;

/** The page in an answer. Its style elements carry another page's nonce, which our policy would speak of. */
async function pageIn(response) {
  const html = (await response.text()).replace(/<style\b[^>]*>[^<]*<\/style>/g, "");
  const page = new DOMParser().parseFromString(html, "text/html");
  return { page, part: page.querySelector("[data-dialog-part]") };
}

/**
 * Ask over the text what the page at an address asks; `body` is posted to it, where one is given.
 *
 * Resolves with "left" when it leads to another page, "closed" when somebody thinks better of it, and "elsewhere" when
 * the address cannot be asked in a dialog and has been opened instead; with `orElse` that is called, and nothing opened.
 */
export async function openDialog(address, { body = null, orElse = null } = {}) {
  const opener = document.activeElement;
  const headers = { Accept: "text/html" };
  const response = await sendLoggedIn((token) => {
    body?.set("csrfmiddlewaretoken", token);
    return fetch(address, body ? { method: "POST", body, headers } : { headers });
  });
  if (!response) return "closed";
  const { page, part } = await pageIn(response);
  if (!part || "alone" in part.dataset) {
    if (orElse && !part) orElse(response);
    else location.assign(response.url);
    return "elsewhere";
  }
  const id = `ask-${++count}`;
  const dialog = make("dialog", { className: "ask", id });
  dialog.setAttribute("aria-labelledby", `${id}-title`);
  document.body.append(dialog);
  let outcome = "closed";

  const fill = (where, source, found) => {
    const title = make("h2", { id: `${id}-title` }, source.querySelector("h1")?.textContent.trim() ?? "");
    const messages = [...source.querySelectorAll(".messagelist li")].map((line) =>
      make("p", { className: "ask-said" }, line.textContent.trim()),
    );
    dialog.replaceChildren(title, ...messages, ...[...found.children].map((child) => document.importNode(child, true)));
    const form = dialog.querySelector("form");
    if (form && !form.getAttribute("action")) form.action = where;
    for (const select of dialog.querySelectorAll(".admin-autocomplete")) select.dataset.dropdownParent = `#${id}`;
    window.django?.jQuery?.(dialog).find(".admin-autocomplete").djangoAdminSelect2?.();
    dialog.dispatchEvent(new CustomEvent("desk:asked", { bubbles: true }));
    const first = dialog.querySelector(
      ".errors :is(input, select, textarea), [autofocus], input:not([type=hidden], [type=checkbox], [type=radio]), textarea, select",
    );
    requestAnimationFrame(() => (first ?? dialog.querySelector("button.default"))?.focus());
  };

  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-dialog-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const sent = new FormData(form, event.submitter);
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    try {
      const headers = { Accept: "application/json, text/html" };
      const answer = await sendLoggedIn((token) => {
        sent.set("csrfmiddlewaretoken", token);
        return fetch(form.action, { method: "POST", body: sent, headers });
      });
      if ((answer?.headers.get("content-type") || "").includes("json")) {
        outcome = "left";
        typed.forget();
        const { leads_to: next } = await answer.json();
        // A page may lead to itself, with another place in it.
        const here = new URL(next, location.href).pathname === location.pathname;
        history.replaceState(null, "", here ? next : location.href);
        dialog.dispatchEvent(new CustomEvent("desk:done", { bubbles: true }));
        if (here) location.reload();
        else location.assign(next);
        return;
      }
      const again = answer && (await pageIn(answer));
      if (again?.part) return fill(answer.url, again.page, again.part);
      tell(answer ? OFFLINE : LOGGED_OUT);
    } catch {
      tell(OFFLINE);
    }
    for (const button of buttons) button.disabled = false;
  });

  const tell = (words) => {
    dialog.querySelector(".ask-said[role=alert]")?.remove();
    const said = make("p", { className: "ask-said" }, icon("warn"), words);
    said.setAttribute("role", "alert");
    dialog.querySelector("h2").after(said);
  };

  fill(response.url, page, part);
  const typed = typedInto(dialog, new URL(response.url).pathname);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (outcome === "closed") typed.keep();
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(outcome);
    });
  });
}
