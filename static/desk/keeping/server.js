// Talks to the desk for the page that is kept, and tells why it could not: no network, no login, somebody else's login.

/** What went wrong: kind is "network", "login", "person" or "refused"; `answer` is what the desk said. */
export class Trouble extends Error {
  constructor(kind, message = "", { answer = {}, status = 0 } = {}) {
    super(message);
    Object.assign(this, { kind, answer, status });
  }
}

export class Desk {
  constructor(data) {
    this.data = data;
  }

  get token() {
    return document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  }

  /** GET an address of the desk as JSON. A new login brings a new token, which every form of the page then has. */
  async get(path, values = {}) {
    const answer = await this.read(fetch(`${path}?${new URLSearchParams(values)}`, { headers: { Accept: "application/json" } }));
    if (String(answer.person) !== this.data.person) throw new Trouble("person", "Somebody else is logged in here.", { answer });
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = answer.csrf;
    return answer;
  }

  /** POST values; once more with a new token where the old one is refused. */
  async post(path, values, { keepalive = false, again = true } = {}) {
    const body = new URLSearchParams({ ...values, person: this.data.person, csrfmiddlewaretoken: this.token });
    try {
      return await this.read(fetch(path, { method: "POST", body, keepalive, headers: { Accept: "application/json" } }));
    } catch (trouble) {
      if (!again || trouble.kind !== "token") throw trouble;
    }
    await this.get(this.data.drafts, { tabs: "" });
    return this.post(path, values, { keepalive, again: false });
  }

  async read(request) {
    let response;
    try {
      response = await request;
    } catch {
      throw new Trouble("network");
    }
    const isJson = (response.headers.get("content-type") || "").includes("json");
    // Who is not logged in is led to the page for that, which is no JSON.
    if (response.redirected && !isJson) throw new Trouble("login");
    const answer = isJson ? await response.json().catch(() => null) : null;
    if (response.ok && answer) return answer;
    const { status } = response;
    if (!isJson && status === 403) throw new Trouble("token");
    if (!answer && status >= 500) throw new Trouble("network"); // it starts again, or something before it speaks
    if (status === 409 && answer.person && String(answer.person) !== this.data.person) {
      throw new Trouble("person", answer.error, { answer, status });
    }
    throw new Trouble("refused", answer?.error || "The desk did not take it.", { answer: answer || {}, status });
  }
}
