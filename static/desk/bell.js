// The bell: asks every so often whether there is anything new, shows how much is unread, and the lines when opened.
//   <details data-bell data-news="…/news/" data-lines="…/bell/" data-read="…/read/">
//     <summary>Notifications <span data-bell-count hidden></span></summary> <ul data-bell-lines></ul> </details> <span data-bell-said role="status">
const bell = document.querySelector("[data-bell]");
const EVERY = 20_000;
const LONGEST = 300_000; // between two questions while the server does not answer

if (bell) {
  const { news, lines, read } = bell.dataset;
  const count = bell.querySelector("[data-bell-count]");
  const list = bell.querySelector("[data-bell-lines]");
  const said = document.querySelector("[data-bell-said]"); // outside: what is closed is not read out
  const token = document.querySelector("#logout-form [name=csrfmiddlewaretoken]").value;
  let mark = "";
  let shown = "";
  let unread = 0;
  let pause = EVERY;
  let timer;

  const show = (number, aloud) => {
    count.textContent = number > 99 ? "99+" : number;
    count.hidden = !number;
    if (aloud && number > unread) said.textContent = number === 1 ? "1 unread notification" : `${number} unread notifications`;
    unread = number;
  };

  const fill = async () => {
    const answer = await fetch(lines).catch(() => null);
    const told = answer?.ok && !answer.redirected ? await answer.text() : ""; // our own page, escaped by it
    if (told && told === shown) return; // the same lines stay: a key may be on its way to one of them
    shown = told;
    if (told) list.innerHTML = told;
    else list.replaceChildren(Object.assign(document.createElement("li"), { textContent: "Not to be reached just now." }));
  };

  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden) return; // the tab asks again when it is seen
    const answer = await fetch(`${news}?mark=${mark}`, { cache: "no-store" }).catch(() => null);
    if (answer && (answer.status === 401 || answer.status === 403)) return; // signed out: nothing to ask for
    if (answer?.status === 200) {
      const first = !mark;
      const state = await answer.json();
      mark = state.mark;
      show(state.unread, !first);
      if (bell.open) fill();
    }
    pause = answer && answer.status < 500 ? EVERY : Math.min(pause * 2, LONGEST);
    timer = setTimeout(ask, pause);
  };

  // The line leads to its story; that it was read is sent on the way, and outlives the page.
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-bell-line]");
    if (!line) return;
    const body = new URLSearchParams({ id: line.dataset.bellLine, csrfmiddlewaretoken: token });
    fetch(read, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true }).catch(() => {});
    line.closest(".told").classList.remove("told-unread");
    delete line.dataset.bellLine;
    show(Math.max(unread - 1, 0));
  });
  bell.addEventListener("toggle", () => bell.open && fill());
  document.addEventListener("click", (event) => {
    if (!bell.contains(event.target)) bell.open = false;
  });
  bell.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    bell.open = false;
    bell.querySelector("summary").focus();
  });
  document.addEventListener("visibilitychange", ask);
  ask();
}
