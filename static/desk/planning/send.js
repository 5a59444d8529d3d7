import { sendLoggedIn } from "../keeping/again.js";

// Changes one field of a story's diary and answers with what the server said: {ok, error, said, row, value}.
export async function plan(address, field, { value, was }) {
  const body = new URLSearchParams({ value, was });
  try {
    const answer = await sendLoggedIn((token) =>
      fetch(address.replace("/field/", `/${field}/`), {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token, Accept: "application/json" },
      }),
    );
    if (!answer) return { ok: false, error: "You are logged out: nothing was changed." };
    if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) {
      return { ok: false, error: "The server did not take it. Try again." };
    }
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { ok: false, error: "No connection: nothing was changed. Try again." };
  }
}
