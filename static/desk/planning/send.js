// Changes one field of a story's diary and answers with what the server said: {ok, error, said, row, value}.
export async function plan(address, field, { value, was }) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ value, was });
  try {
    const answer = await fetch(address.replace("/field/", `/${field}/`), {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) {
      const signedOut = "You are signed out. Sign in in another tab, and try again.";
      return { ok: false, error: answer.redirected ? signedOut : "The server did not take it. Try again." };
    }
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { ok: false, error: "No connection: nothing was changed. Try again." };
  }
}
