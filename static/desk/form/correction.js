// Keeps what is typed on the page of a correction or an editor's note: in this browser, one copy for each person, story
// and move. It is put back when its person returns and dropped once it is sent. A login that has ended is renewed over
// the page, and an old token is exchanged, before anything is sent.
import { drop, moveKey, put } from "../keeping/copies.js";
import { askLogin } from "../keeping/login.js";
import { button, element } from "../keeping/parts.js";
import { Desk } from "../keeping/server.js";

const LOOK = 1000; // how often the form is looked at for what no event tells of
const EDITOR = 5000; // how long the text's editor may take until it is there

const place = document.querySelector("[data-keep-move]");
const form = place?.closest("form");

/** The boxes that somebody fills in: {name: [elements]}. */
function boxes() {
  const found = {};
  for (const box of form.elements) {
    if (box.name && !["hidden", "submit"].includes(box.type)) (found[box.name] ??= []).push(box);
  }
  return found;
}

const isTick = (box) => box.type === "radio" || box.type === "checkbox";
const valueOf = (all) => all.filter((box) => !isTick(box) || box.checked).map((box) => box.value).join();

/** What the server put into a box, whatever stands there now. */
function printedIn(all) {
  return all
    .flatMap((box) => {
      if (isTick(box)) return box.defaultChecked ? [box.value] : [];
      if (box.options) return [[...box.options].find((option) => option.defaultSelected)?.value ?? box.options[0]?.value ?? ""];
      return [box.defaultValue];
    })
    .join();
}

const labelOf = (name, all) =>
  (all[0].closest(".plain-field")?.querySelector("legend, label")?.textContent ?? name).trim().replace(/:$/, "");

class Kept {
  constructor() {
    this.data = place.dataset;
    this.desk = new Desk(this.data);
    this.key = moveKey(this.data.person, this.data.story, this.data.keepMove);
    this.copy = this.stored();
    this.printed = Object.fromEntries(Object.entries(boxes()).map(([name, all]) => [name, printedIn(all)]));
    // A page that was refused shows what was typed: what was printed before that is known from the copy alone.
    if ("unsaved" in this.data) Object.assign(this.printed, this.copy?.printed);
    this.said = element("p", { className: "quiet" });
    this.said.setAttribute("role", "status");
    place.append(this.said);
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  // --- keeping ------------------------------------------------------------------------------------

  look = () => {
    if (!this.used || this.sent) return;
    const typed = {};
    for (const [name, all] of Object.entries(boxes())) {
      const value = valueOf(all);
      if (value === this.printed[name]) continue;
      typed[name] = { value, shown: all[0].options ? all[0].selectedOptions[0]?.textContent ?? "" : value };
    }
    const now = JSON.stringify(typed);
    if (now === this.last) return;
    this.last = now;
    if (!Object.keys(typed).length) return drop(this.key);
    if (put(this.key, { at: Date.now(), printed: this.printed, typed })) this.say("Kept in this browser until it is sent.");
    else this.say("This browser keeps nothing: do not leave the page before it is sent.");
  };

  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  // --- coming back --------------------------------------------------------------------------------

  /** Put what was typed into the boxes again; what readers have otherwise by now is shown beside, to be copied. */
  putBack() {
    const now = boxes();
    const changed = [];
    for (const [name, { value, shown }] of Object.entries(this.copy.typed)) {
      if (now[name] && this.printed[name] === this.copy.printed[name]) fill(now[name], value, shown);
      else changed.push([now[name] ? labelOf(name, now[name]) : name, shown]);
    }
    const when = new Date(this.copy.at).toLocaleString([], { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
    const box = element("section", { className: "banner" }, [
      element("p", { textContent: `What you typed here until ${when} is back in the form. It is not sent yet.` }),
    ]);
    box.setAttribute("role", "status");
    for (const [label, words] of changed) {
      const text = words.includes("<") ? new DOMParser().parseFromString(words, "text/html").body.textContent : words;
      const area = element("textarea", { readOnly: true, rows: 3, dir: "auto", value: text });
      area.setAttribute("aria-label", `${label}, as you typed it`);
      box.append(element("p", { textContent: `${label}: readers have other words by now. You had typed:` }), area);
    }
    const restart = button("Throw it away", () => {
      this.sent = true;
      drop(this.key);
      location.reload();
    });
    box.append(element("p", { className: "banner-acts" }, [restart]));
    place.prepend(box);
  }

  // --- sending ------------------------------------------------------------------------------------

  async submitted(event) {
    event.preventDefault();
    if (this.sending) return;
    this.used = true;
    this.look();
    this.sending = true;
    const go = await this.send(event.submitter);
    this.sending = false;
    if (go) go();
  }

  /** Send it: what is to happen then, or null where its person is to try again. */
  async send(submitter) {
    try {
      await this.desk.get(this.data.drafts, { only: "login" });
      const values = Object.fromEntries(new FormData(form, submitter));
      const { leads_to: next } = await this.desk.post(form.getAttribute("action") || location.href, values);
      this.sent = true;
      drop(this.key);
      return () => location.assign(next);
    } catch (trouble) {
      if (trouble.kind === "login" || trouble.kind === "person") {
        return (await askLogin(this.desk, trouble)) ? this.send(submitter) : null;
      }
      if (trouble.kind === "network") {
        this.say("The desk cannot be reached. Nothing is lost: it is kept in this browser. Try again.");
        return null;
      }
      if (!trouble.kind) throw trouble;
      // What is refused is shown as it is without scripts: the same form is sent once more, and nothing is done twice.
      return () => form.submit();
    }
  }

  start() {
    const used = () => (this.used = true);
    for (const kind of ["keydown", "pointerdown", "paste", "drop", "beforeinput"]) form.addEventListener(kind, used, { capture: true });
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => queueMicrotask(this.look));
    setInterval(this.look, LOOK);
    addEventListener("pagehide", this.look);
    addEventListener("desk-logout", () => (this.sent = true));
    form.addEventListener("submit", (event) => this.submitted(event));
    if (this.copy && !("unsaved" in this.data)) this.putBack();
  }
}

/** Fill a field's boxes in; `shown` names a choice that the page has not loaded. */
function fill(all, value, shown) {
  for (const box of all) {
    if (isTick(box)) box.checked = value.split(",").includes(box.value);
    else if (box.options && ![...box.options].some((option) => option.value === value)) box.add(new Option(shown, value, false, true));
    else box.value = value;
    if (box.matches("[data-django-prose-editor-configurable]")) fillEditor(box, value, Date.now());
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function fillEditor(box, html, since) {
  const editor = box.parentElement.querySelector(".ProseMirror")?.editor;
  if (editor) editor.commands.setContent(html, { emitUpdate: true });
  else if (Date.now() - since < EDITOR) setTimeout(() => fillEditor(box, html, since), 50);
}

if (form) new Kept().start();
