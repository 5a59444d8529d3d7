// Shows, while somebody types a name or a number, the cards that may be the same person: <form data-lookalikes="address">
const form = document.querySelector("[data-lookalikes]");
const box = form?.querySelector("[data-found]");
let waiting = 0;
let asked = "";

const line = (found) => {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: found.url, target: "_blank", rel: "noopener" });
  const name = Object.assign(document.createElement("bdi"), { textContent: found.name });
  const why = Object.assign(document.createElement("span"), { className: "quiet", textContent: found.reasons.join("; ") });
  link.append(name);
  item.append(link, ` ${[found.native_name, found.title].filter(Boolean).join(", ")} `, why);
  return item;
};

const show = (results) => {
  const list = Object.assign(document.createElement("ul"), { className: "source-found" });
  list.append(...results.map(line));
  const head = Object.assign(document.createElement("p"), { textContent: "Is it one of these?" });
  const banner = Object.assign(document.createElement("div"), { className: "banner" });
  banner.append(head, list);
  box.replaceChildren(...(results.length ? [banner] : []));
};

const look = async () => {
  // By POST, since a number in an address would be written into logs.
  const query = new URLSearchParams({
    name: form.elements.display_name.value,
    channel: form.elements.channel.value,
    kind: form.elements.channel_kind.value,
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  if (asked === `${query}`) return;
  asked = `${query}`;
  const answer = await fetch(form.dataset.lookalikes, { method: "POST", body: query }).catch(() => null);
  if (!answer?.ok || asked !== `${query}`) return;
  show((await answer.json()).results);
};

form?.addEventListener("input", (event) => {
  if (!["display_name", "channel", "channel_kind"].includes(event.target.name)) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
});
