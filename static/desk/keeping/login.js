// A login that has ended is renewed over the text. Whoever would rather write on may: it is kept in this browser.
import { button, element } from "./parts.js";

const TITLE = "keeping-login-title";
let asking = null;

/** Ask for the password, once at a time; resolves with whether the same person is logged in again. */
export function askLogin(desk, trouble) {
  asking ??= ask(desk, trouble).finally(() => (asking = null));
  return asking;
}

function ask(desk, trouble) {
  const before = document.activeElement;
  return new Promise((resolve) => {
    const other = trouble?.kind === "person";
    const name = element("input", { id: "keeping-name", name: "username", autocomplete: "username", value: desk.data.username });
    const password = element("input", {
      id: "keeping-password", name: "password", type: "password", autocomplete: "current-password", required: true,
    });
    const problem = element("p", { className: "errornote", role: "alert", hidden: true });
    const go = element("button", { type: "submit", className: "button default", textContent: "Log in" });
    const dialog = element("dialog", { className: "keeping-dialog" });
    dialog.setAttribute("aria-labelledby", TITLE);
    let back = false;
    const form = element("form", { method: "dialog" }, [
      element("h2", { id: TITLE, textContent: "Log in and go on" }),
      element("p", {
        textContent: other
          ? `Somebody else has logged in with this browser. These words are ${desk.data.username}’s, and they are all here.`
          : "You were logged out. All your words are here; the last ones are only in this browser until you are back.",
      }),
      problem,
      element("label", { htmlFor: name.id, textContent: "Name" }),
      name,
      element("label", { htmlFor: password.id, textContent: "Password" }),
      password,
      element("p", { className: "keeping-acts" }, [
        element("a", { href: desk.data.login, target: "_blank", rel: "noopener", textContent: "Log in in another window" }),
        button("Go on writing", () => dialog.close()),
        go,
      ]),
    ]);
    const tell = (words) => {
      problem.textContent = words;
      problem.hidden = false;
      password.value = "";
      password.focus();
    };
    const finish = () => {
      back = true;
      dialog.close();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        const refusal = await logIn(desk, name.value, password.value);
        if (refusal) tell(refusal);
        else finish();
      } finally {
        go.disabled = false;
      }
    });
    // Somebody who has logged in in another window meanwhile need not do it here.
    const look = () => desk.get(desk.data.drafts, { only: "login" }).then(finish, () => {});
    addEventListener("focus", look);
    dialog.addEventListener("close", () => {
      removeEventListener("focus", look);
      dialog.remove();
      before?.focus?.();
      resolve(back);
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
    password.focus();
  });
}

/** Log in by the desk's own page; "" or why not. */
async function logIn(desk, username, password) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(desk.data.login)).text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
    const next = `${desk.data.drafts}?only=login`;
    const body = new URLSearchParams({ username, password, next, csrfmiddlewaretoken: token });
    const answer = await fetch(desk.data.login, { method: "POST", body });
    if ((answer.headers.get("content-type") || "").includes("html")) {
      const said = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".errornote");
      if (said) return said.textContent.trim();
    }
  } catch {
    return "There is no connection to the desk just now. Your words stay in this browser.";
  }
  try {
    await desk.get(desk.data.drafts, { only: "login" });
  } catch (trouble) {
    if (trouble.kind === "person") return `These words are ${desk.data.username}’s: log in as ${desk.data.username}.`;
    return "That was not all the desk asks for. Log in in another window, then come back.";
  }
  return "";
}
