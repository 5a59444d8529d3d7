// Keeps every word that is typed into a story's form: in this browser at once, on the server a second later. What was
// not saved is offered when its person comes back; a login that has ended is renewed over the text. The form is read as
// it would be sent, so whatever stands on the page is kept. Other scripts ask `ready()` before they send the form.
import { copiesOf, drop, holdWindow, openWindows, put, storyKey } from "./copies.js";
import { askLogin } from "./login.js";
import { offer, offerCopy } from "./offer.js";
import { watch } from "./presence.js";
import { Desk, Trouble } from "./server.js";

const AT_ONCE = 100; // milliseconds from a key to the copy in this browser
const LOOK = 1000; // how often the form is looked at for what no event tells of
const PAUSE = 1500; // milliseconds without a key before a dialog comes by itself
const BEACON = 60_000; // bytes that a browser still sends for a page that is closing
const AGAIN = [1000, 2000, 4000, 8000, 15_000]; // milliseconds until the next try
const NOT_TYPED = /^(csrfmiddlewaretoken|draft_(tab|seq|taken)|_.*|overwrite)$/;

const place = document.querySelector("[data-keeping]");
const form = place?.closest("form");
let keeper = null;

class Keeper {
  constructor() {
    this.data = place.dataset;
    this.desk = new Desk(this.data);
    this.said = document.querySelector("[data-saving]") || document.createElement("span");
    const field = form.elements.draft_tab;
    // A page that came back unsaved is the same window still.
    this.tab = field.value ||= crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40);
    this.seq = Number(form.elements.draft_seq.value) || 0;
    this.key = storyKey(this.data.person, this.data.story) + this.tab;
    this.last = this.read(); // what stood in the form when it was last looked at
    this.kept = null; // the state that the server has
    this.tries = 0;
    this.used = false;
    this.lastKey = 0;
  }

  // --- what stands in the form --------------------------------------------------------------------

  read() {
    const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.test(name));
    return JSON.stringify(typed);
  }

  look = () => {
    if (!this.used) return;
    const now = this.read();
    if (now === this.last) return;
    this.last = now;
    this.changed();
  };

  changed() {
    this.seq = Math.max(this.seq + 1, Date.now());
    form.elements.draft_seq.value = this.seq;
    this.dirty = true;
    delete form.dataset.kept;
    this.copySoon ??= setTimeout(() => this.copy(), AT_ONCE);
    this.sendSoon();
  }

  // --- in this browser ----------------------------------------------------------------------------

  copy() {
    clearTimeout(this.copySoon);
    this.copySoon = null;
    if (!this.dirty) return;
    const base = this.base;
    const copy = { tab: this.tab, seq: this.seq, base, at: Date.now(), story: this.data.story, fields: this.last };
    this.copied = put(this.key, copy);
    if (!this.copied && this.trouble) this.tell();
  }

  get base() {
    return form.elements.base_version?.value || "0";
  }

  // --- on the server ------------------------------------------------------------------------------

  sendSoon(wait = Number(this.data.draftMs)) {
    if (!wait) return this.tell();
    this.timer ??= setTimeout(() => this.send(), wait);
  }

  values() {
    const taken = form.elements.draft_taken.value;
    return { story: this.data.story, tab: this.tab, seq: this.seq, base_version: this.base, fields: this.last, taken };
  }

  async send() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.sending) return this.sending;
    if (this.leaving) return true;
    if (!this.dirty) return this.askAgain();
    const seq = this.seq;
    this.say("keeping", "Keeping…");
    this.sending = this.desk.post(this.data.drafts, this.values()).then(
      (answer) => this.wasKept(seq, answer),
      (trouble) => this.wasNot(trouble),
    );
    const done = await this.sending;
    this.sending = null;
    if (done && this.seq !== seq) this.sendSoon();
    return done;
  }

  /** Nothing is to be sent; where the desk could not be reached, hear whether it can be by now. */
  async askAgain() {
    if (this.trouble?.kind !== "network") return true;
    try {
      await this.desk.get(this.data.drafts, { only: "login" });
    } catch (trouble) {
      return this.wasNot(trouble);
    }
    this.isBack();
    this.tell();
    return true;
  }

  /** The desk has answered again. */
  isBack() {
    this.trouble = null;
    this.missed = null;
    this.tries = 0;
    if (this.toSave) this.saveSoon();
  }

  wasKept(seq, answer) {
    this.isBack();
    this.keptAt = answer.kept;
    const taken = form.elements.draft_taken.value.split(" ");
    for (const copy of copiesOf(this.data.person)) if (taken.includes(copy.tab)) drop(copy.key);
    if (this.seq === seq) {
      this.dirty = false;
      form.dataset.kept = "";
      // The copy here stays until the words are saved: it costs nothing, and the server's disk may fail.
      put(this.key, { tab: this.tab, seq, base: this.base, at: Date.now(), story: this.data.story, fields: this.last });
    }
    this.tell();
    if (this.data.story && answer.version > Number(this.base)) this.presence?.ask();
    if (!this.cameBack) this.tryToComeBack();
    return true;
  }

  wasNot(trouble) {
    if (trouble.answer?.seq >= this.seq) {
      this.seq = trouble.answer.seq; // this window's clock was set back
      this.changed();
      return false;
    }
    this.trouble = trouble;
    this.copy();
    this.tell();
    if (trouble.kind === "login" || trouble.kind === "person") this.loginAtPause();
    this.sendSoon(AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
    return false;
  }

  // --- what is said -------------------------------------------------------------------------------

  tell() {
    const { trouble } = this;
    if (!trouble && !this.dirty) return this.say("kept", this.keptAt ? `All kept, ${this.keptAt}` : "All kept");
    if (!trouble && this.copied === false) return this.say("nowhere", "Not kept yet: save soon");
    if (!trouble) return this.say("browser", "Kept in this browser");
    const why = {
      network: this.toSave ? "no connection; saved when it is back" : this.missed || "no connection; trying again",
      login: "you are logged out",
      person: "somebody else is logged in here",
    }[trouble.kind] || trouble.message;
    if (this.copied === false) return this.say("nowhere", `Not kept anywhere: ${why}. Copy your words.`);
    this.say("browser", `Kept in this browser: ${why}`);
    if (trouble.kind === "login" || trouble.kind === "person") {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "button small", textContent: "Log in" });
      button.addEventListener("click", () => this.login(true));
      this.said.append(" ", button);
    }
  }

  say(state, words) {
    if (this.said.dataset.saving === state && this.words === words) return;
    this.words = words;
    this.said.dataset.saving = state;
    this.said.textContent = words;
  }

  // --- a login that has ended ---------------------------------------------------------------------

  /** Ask by itself, but never under somebody's fingers: the next keys would land in the dialog. */
  loginAtPause() {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => {
      if (Date.now() - this.lastKey < PAUSE) this.loginAtPause();
      else if (this.trouble) this.login();
    }, PAUSE / 3);
  }

  /** Ask for the password over the text; true once the same person is logged in again. */
  async login(asked = false) {
    if (this.turnedAway && !asked) return false;
    const back = await askLogin(this.desk, this.trouble);
    this.turnedAway = !back;
    if (!back) return false;
    this.isBack();
    clearTimeout(this.timer);
    this.timer = null;
    await this.send();
    this.tell();
    return true;
  }

  // --- sending the form ---------------------------------------------------------------------------

  /** Whether the form can be sent now; asks for the password where that has to be. */
  async ready() {
    this.look();
    this.copy();
    try {
      await this.desk.get(this.data.drafts, { only: "login" });
    } catch (trouble) {
      this.trouble = trouble;
      if (trouble.kind === "login" || trouble.kind === "person") return this.login(true);
      if (trouble.kind !== "network") return true;
      this.tell();
      this.sendSoon();
      return false;
    }
    return true;
  }

  /** Send the form once it can be sent, and once only. */
  async submitted(event) {
    if (this.going) this.sent = event;
    if (this.going || event.defaultPrevented) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.checking || this.leaving) return;
    this.checking = true;
    this.toSave = null;
    const go = await this.ready();
    this.checking = false;
    if (!go) return this.notNow(event.submitter);
    clearTimeout(this.timer);
    this.timer = null;
    this.leaving = this.going = true;
    form.requestSubmit(event.submitter);
    this.going = false;
    // Another script may ask something over the page first, which then is not left.
    if (this.sent?.defaultPrevented) this.leaving = false;
    // A page that is still here after a while was not left: what is typed on is kept again.
    setTimeout(() => (this.leaving = false), 10_000);
  }

  /** Without a connection a save waits for one; what else was asked for is not done unseen later, and that is said. */
  notNow(pressed) {
    if (this.trouble?.kind !== "network") return;
    if (pressed?.matches("[data-desk-save]")) {
      this.toSave = pressed;
      this.saveSoon(AGAIN.at(-1));
    } else this.missed = "no connection; nothing was sent but what you typed";
    this.tell();
  }

  saveSoon(wait = 0) {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.saveNow(), wait);
  }

  /** Send the save that waits: not under somebody's fingers, nor while something is asked over the page. */
  saveNow() {
    if (!this.toSave) return;
    if (Date.now() - this.lastKey < PAUSE || document.querySelector("dialog[open]")) return this.saveSoon(PAUSE);
    const pressed = this.toSave;
    this.toSave = null;
    form.requestSubmit(pressed);
  }

  closing = () => {
    this.look();
    this.copy();
    if (!this.dirty || this.leaving || !Number(this.data.draftMs)) return;
    const values = { ...this.values(), person: this.data.person, csrfmiddlewaretoken: this.desk.token };
    const body = new URLSearchParams(values);
    if (body.toString().length < BEACON) navigator.sendBeacon(this.data.drafts, body);
  };

  // --- coming back --------------------------------------------------------------------------------

  /** Offer what was typed in windows that are closed by now; what only this browser has goes to the server first. */
  async comeBack() {
    holdWindow(this.tab);
    const open = (await openWindows()) || new Set();
    const left = copiesOf(this.data.person).filter(({ tab }) => tab !== this.tab && !open.has(tab));
    const ours = left.filter(({ story }) => story === this.data.story);
    if (!left.length && !Number(this.data.draftMs)) return; // where nothing is sent, nothing is to be found
    let found = await this.offered(left);
    for (const copy of left) if (copy.seq <= found.saved[copy.tab]) drop(copy.key);
    let sent = false;
    let missed = null;
    for (const copy of ours) {
      if (copy.seq <= found.saved[copy.tab] || copy.seq <= found.kept[copy.tab]) continue;
      const { story, tab, seq, base, fields } = copy;
      try {
        await this.desk.post(this.data.drafts, { story, tab, seq, base_version: base, fields });
        sent = true;
      } catch (trouble) {
        if (trouble.kind === "refused") offerCopy(place, copy, trouble.message);
        else missed = trouble;
      }
    }
    if (missed) throw missed; // nothing is offered yet that would be offered again
    if (sent) found = await this.offered(left);
    const taken = form.elements.draft_taken.value.split(" ");
    const closed = found.offers.filter(({ tab }) => tab !== this.tab && !open.has(tab) && !taken.includes(tab));
    for (const one of closed) {
      if (one.differs.length) continue;
      await this.desk.post(`${this.data.drafts}${one.id}/discard/`, {});
      for (const copy of ours) if (copy.tab === one.tab) drop(copy.key);
    }
    const offers = closed.filter(({ differs }) => differs.length);
    if (offers.length) offer(place, form, this.desk, offers);
  }

  /** Words of closed windows that could not be sent or asked for are tried again once the desk answers. */
  async tryToComeBack() {
    this.cameBack = true; // once at a time
    try {
      await this.comeBack();
    } catch (trouble) {
      this.cameBack = false;
      if (!(trouble instanceof Trouble)) throw trouble;
    }
  }

  offered(left) {
    return this.desk.get(this.data.drafts, { story: this.data.story, tabs: left.map(({ tab }) => tab).join(" ") });
  }

  start() {
    const used = () => {
      this.lastKey = Date.now();
      if (this.used) return;
      this.used = true;
      this.last = this.read();
    };
    for (const kind of ["keydown", "pointerdown", "paste", "drop", "beforeinput"]) {
      document.addEventListener(kind, used, { capture: true });
    }
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => queueMicrotask(this.look));
    setInterval(this.look, LOOK);
    form.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    addEventListener("pagehide", this.closing);
    document.addEventListener("visibilitychange", () => document.hidden && this.closing());
    addEventListener("online", () => (this.send(), this.cameBack || this.tryToComeBack()));
    addEventListener("focus", () => this.trouble && this.send());
    if ("unsaved" in this.data) {
      this.used = true;
      this.changed();
    }
    if (this.data.story) this.presence = watch(this, place);
    document.getElementById("logout-form")?.addEventListener("submit", () => (this.look(), this.copy()), { capture: true });
    addEventListener("desk-logout", () => (this.leaving = true));
    this.tryToComeBack();
  }
}

if (form) {
  keeper = new Keeper();
  keeper.start();
}

/** Whether a script may send the story's form now: the network is there, and its person is logged in. */
export const ready = () => (keeper ? keeper.ready() : Promise.resolve(true));
