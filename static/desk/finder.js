// Offers the topics that begin as what is typed, by any of their names: <form data-finder="address">
const form = document.querySelector("[data-finder]");
const field = form?.elements.topic;
const list = field?.list;
let waiting = 0;

const offer = async () => {
  const typed = field.value.trim();
  if (!typed) return;
  const answer = await fetch(`${form.dataset.finder}?${new URLSearchParams({ q: typed })}`).catch(() => null);
  if (!answer?.ok || field.value.trim() !== typed) return;
  const { results } = await answer.json();
  // What the list offers has to hold what is typed, or the browser hides it: another name stands in the label.
  list.replaceChildren(...results.map((name) => Object.assign(document.createElement("option"), { value: name, label: typed })));
};

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 200);
});
