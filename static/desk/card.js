// The card, edited in place: a link with data-edit opens its part's form in its box, a form is sent and the boxes that
// it changed are swapped. Without this module every link and form is a page of its own.
const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const card = () => document.querySelector("[data-card]");
const box = (name) => document.querySelector(`[data-box="${CSS.escape(name)}"]`);
const tell = (words) => (document.querySelector("[data-told]").textContent = words);

// A form that is open in place stands in a box of its own kind, which a swap leaves alone.
const open = (name) => box(name)?.querySelector("[data-part-form]");

// Words in a box that nobody has sent yet, as a note half typed into the log while a number's result is being saved.
const unsent = (holder) =>
  [...holder.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) =>
    field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0
      : field.matches("[type=checkbox], [type=radio]")
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue,
  );

const swap = (fresh, sent) => {
  const before = card().dataset.version;
  for (const part of fresh.querySelectorAll("[data-box]")) {
    const name = part.dataset.box;
    if (!box(name)) {
      // New on the card, as the way to old titles once a role is over: behind the box that it follows.
      box(part.previousElementSibling?.dataset.box ?? "")?.after(document.importNode(part, true));
      continue;
    }
    if (open(name) || (name !== sent && unsent(box(name)))) continue;
    box(name).replaceWith(document.importNode(part, true));
  }
  const now = fresh.querySelector("[data-card]").dataset.version;
  card().dataset.version = now;
  // What is still open was made from the card before our own save, and nothing else came between.
  for (const seen of document.querySelectorAll("[data-part-form] input[name=seen]")) {
    if (seen.value === before && Number(now) === Number(before) + 1) seen.value = now;
  }
};

const place = (name, form, { focus = true } = {}) => {
  const holder = box(name);
  const node = document.importNode(form, true);
  node.classList.add("source-editing");
  open(name)?.remove();
  holder.append(node);
  const first = node.querySelector("[role=alert]") ?? node.querySelector("input:not([type=hidden]), select, textarea, button");
  if (first?.matches("[role=alert]")) first.tabIndex = -1;
  if (focus) first?.focus();
};

const back = (name, words) => {
  const heading = box(name)?.querySelector("h1, h2");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus();
  }
  tell(words);
};

const edit = async (link) => {
  const answer = await fetch(link.href).catch(() => null);
  const form = answer?.ok ? (await parse(answer)).querySelector("[data-part-form]") : null;
  if (!form) return location.assign(link.href);
  place(link.dataset.edit, form);
};

const send = async (form, submitter, name) => {
  const body = new FormData(form, submitter);
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  for (const button of buttons) button.disabled = false;
  if (!answer) return tell("Not saved: the newspaper did not answer. Try again.");
  const page = await parse(answer);
  if (page.querySelector("[data-card]")) {
    form.closest("[data-part-form]")?.remove();
    swap(page, name);
    if (name === "log" && answer.ok) {
      delete card().dataset.tapped;
      history.replaceState(null, "", location.pathname);
    }
    return back(name, answer.ok ? "Saved." : "Not saved.");
  }
  const again = page.querySelector("[data-part-form]");
  if (!again) return form.submit();
  if (form.closest("[data-part-form]")) return place(name, again);
  // A form that the card itself carries: its answer stands where it stood.
  place(name, again);
  form.hidden = true;
};

// Somebody rings or writes: the log is made ready for what comes of it, and stays so when the phone loads the page anew.
const tap = async (link) => {
  const here = new URL(location.href);
  here.searchParams.set("tapped", link.dataset.tap);
  const answer = await fetch(here).catch(() => null);
  const fresh = answer?.ok ? (await parse(answer)).querySelector("[data-box=log]") : null;
  if (!fresh || !box("log") || unsent(box("log"))) return;
  history.replaceState(null, "", here);
  box("log").replaceWith(document.importNode(fresh, true));
  card().dataset.tapped = "";
  box("log").scrollIntoView({ block: "start" });
};

const unseal = async (form) => {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store" }).catch(() => null);
  if (!answer) return tell("It was not opened: the newspaper did not answer.");
  const page = await parse(answer);
  const opened = page.querySelector("[data-opened]");
  if (opened) {
    const shown = document.importNode(opened, true);
    shown.tabIndex = -1;
    form.replaceWith(shown);
    return shown.focus();
  }
  const errors = page.querySelector("[data-unseal-again] :is(.errorlist, .errornote)");
  if (!errors) return form.submit();
  form.querySelector(".errorlist, .errornote")?.remove();
  form.append(document.importNode(errors, true));
  form.elements.why.focus();
};

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest("a[data-edit]");
  const cancel = event.target.closest("[data-part-form] a[data-cancel]");
  const tapped = event.target.closest("a[data-tap]");
  if (tapped) tap(tapped);
  if (link && box(link.dataset.edit)) {
    event.preventDefault();
    edit(link);
  } else if (cancel) {
    event.preventDefault();
    const name = cancel.closest("[data-box]").dataset.box;
    cancel.closest("[data-part-form]").remove();
    back(name, "Nothing was changed.");
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("[data-card]")) return;
  if (form.matches("[data-unseal]")) {
    event.preventDefault();
    unseal(form);
  } else if (form.closest("[data-part-form]") || form.matches("[data-swap]")) {
    event.preventDefault();
    send(form, event.submitter, form.closest("[data-box]").dataset.box);
  }
});
