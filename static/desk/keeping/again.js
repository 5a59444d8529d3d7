// What a page sends by itself, sent again where the login had ended: its person logs in over the page, and nothing that
// was typed there is lost.
import { askLogin } from "./login.js";
import { Desk } from "./server.js";

const logout = document.getElementById("logout-form");
const desk = logout?.dataset.person ? new Desk(logout.dataset) : null;

/** Whether an answer is the desk's way of saying that nobody it knows has asked. */
function isTurnedAway(answer) {
  const isJson = (answer.headers.get("content-type") || "").includes("json");
  return !isJson && (answer.status === 403 || (answer.redirected && new URL(answer.url).pathname === desk.data.login));
}

/** Whether this page's person is logged in, after a password where that has to be. Every form has a new token then. */
async function isLoggedIn() {
  try {
    await desk.get(desk.data.drafts, { only: "login" });
  } catch (trouble) {
    if (!["login", "person"].includes(trouble.kind)) throw trouble;
    return askLogin(desk, trouble);
  }
  return true;
}

/**
 * Send something, and once more where its person had to log in first. `send` is called with the token of the moment and
 * resolves with the answer; null where they would rather not log in now. Rejects where the desk cannot be reached.
 */
export async function sendLoggedIn(send) {
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const answer = await send(token());
  if (!desk || !isTurnedAway(answer)) return answer;
  return (await isLoggedIn()) ? send(token()) : null;
}
