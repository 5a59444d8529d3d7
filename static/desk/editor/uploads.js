// Pictures on their way in: several files at once, each with its progress, its words and what became of it, in one dialog.
import { crel } from "django-prose-editor/editor";
import { button, modal } from "./dialog.js";
import { remember } from "./lookup.js";
import { DESK, Refusal, get, post } from "./page.js";
import { WORDS } from "./words.js";

const LARGEST = 40; // megabytes, as newsroom/pictures/uploads.py has it
const AT_ONCE = 2;
const MOST = 40; // files in one go
const FIELDS = [
  { name: "alt", label: WORDS.uploadAlt, rows: 2, max: 300 },
  { name: "credit", label: WORDS.uploadCredit, max: 160 },
  { name: "caption", label: WORDS.uploadCaption, rows: 2, max: 600 },
];

/** POST a file and be told how much of it has gone. Rejects with a Refusal. */
function send(path, values, progress, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${DESK}${path}`);
    request.responseType = "text";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector("[name=csrfmiddlewaretoken]")?.value || "");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Refusal(WORDS.offline)));
    request.addEventListener("abort", () => reject(new Refusal(WORDS.cancel)));
    request.addEventListener("load", () => {
      const isJson = (request.getResponseHeader("content-type") || "").includes("json");
      if (request.status < 300 && !isJson) return reject(new Refusal(WORDS.signedOut));
      const answer = isJson ? JSON.parse(request.responseText) : {};
      return request.status < 300 ? resolve(answer) : reject(new Refusal(answer.error || WORDS.failed, answer));
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** The digest of a file as the library keeps it, or "" where the browser makes none: only over https and on this machine. */
async function digestOf(file) {
  if (!globalThis.crypto?.subtle) return "";
  const bytes = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One file of the dialog. `row` is what the library has of it once it is there; `settled` is true when nothing is under way. */
class Upload {
  constructor(file, id) {
    Object.assign(this, { file, row: null, other: null, refused: "", settled: false, stop: new AbortController() });
    this.address = URL.createObjectURL(file);
    this.bar = crel("progress", { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", WORDS.uploadProgress(file.name));
    this.said = crel("p", { className: "desk-upload__said", role: "status" });
    this.choice = crel("div", { className: "desk-upload__choice" });
    this.inputs = {};
    const rows = FIELDS.map(({ name, label, rows: lines, max }) => {
      const key = `${id}-${name}`;
      const input = lines ? crel("textarea", { rows: lines }) : crel("input", { type: "text", autocomplete: "off" });
      Object.assign(input, { id: key, name, maxLength: max });
      this.inputs[name] = input;
      return crel("div", { className: "desk-dialog__row" }, [crel("label", { htmlFor: key, textContent: label }), input]);
    });
    this.words = crel("div", { className: "desk-upload__words" }, rows);
    const shown = crel("img", { src: this.address, alt: "" });
    const size = file.size < 1e6 ? `${Math.ceil(file.size / 1e3)} kB` : `${(file.size / 1e6).toFixed(1)} MB`;
    const head = crel("div", { className: "desk-upload__head" }, [
      shown,
      crel("div", {}, [crel("b", { textContent: file.name }), crel("small", { textContent: size }), this.bar, this.said]),
    ]);
    shown.addEventListener("error", () => (shown.hidden = true));
    this.dom = crel("fieldset", { className: "desk-upload" }, [
      crel("legend", { textContent: file.name }), head, this.choice, this.words,
    ]);
  }

  async run() {
    try {
      if (!this.file.type.startsWith("image/")) throw new Refusal(WORDS.uploadNoPicture);
      if (this.file.size > LARGEST * 2 ** 20) throw new Refusal(WORDS.uploadTooLarge(LARGEST));
      const digest = await digestOf(this.file);
      const known = digest && (await get("images/same/", { sha256: digest })).row;
      if (known) this.offer(known, true);
      else await this.bring();
    } catch (refusal) {
      this.refuse(refusal.message);
    }
    this.settled = true;
  }

  /** Send the file in; what it says of itself fills the fields that nobody has typed in. */
  async bring() {
    this.settled = false;
    this.row = await send("images/", { file: this.file }, (share) => this.paint(share), this.stop.signal);
    this.paint(1);
    for (const [name, input] of Object.entries(this.inputs)) if (!input.value) input.value = this.row[name] || "";
    this.said.textContent = WORDS.uploadDone;
    if (this.row.alike?.length) this.offer(this.row.alike[0], this.row.alike[0].same);
    this.settled = true;
  }

  paint(share) {
    this.bar.value = share;
    this.bar.hidden = share >= 1;
  }

  refuse(message) {
    this.refused = message;
    this.bar.hidden = this.words.hidden = true;
    this.said.textContent = message;
    this.said.setAttribute("role", "alert");
    this.dom.classList.add("is-refused");
  }

  /** Say that the library has this picture, or one like it, and let the person choose which to take. */
  offer(other, same) {
    this.other = other;
    this.bar.hidden = true;
    const name = `${this.inputs.alt.id}-which`;
    const either = (label, takes, checked) => {
      const input = crel("input", { type: "radio", name, checked });
      input.addEventListener("change", () => this.take(takes));
      return crel("label", {}, [input, ` ${label}`]);
    };
    const words = [crel("b", { textContent: other.label }), crel("small", { textContent: other.sub })];
    this.choice.replaceChildren(
      crel("p", { textContent: WORDS.sameTitle(same) }),
      crel("div", { className: "desk-same" }, [crel("img", { src: other.thumb, alt: "" }), crel("span", {}, words)]),
      either(WORDS.sameUse, true, same),
      either(this.row ? WORDS.sameKeep : WORDS.sameUpload, false, !same),
    );
    this.take(same);
  }

  take(instead) {
    this.instead = instead;
    this.words.hidden = instead;
    this.said.textContent = "";
    if (!instead && !this.row) {
      this.bar.hidden = false;
      this.bring().catch((refusal) => (this.refuse(refusal.message), (this.settled = true)));
    }
  }

  /** The row to insert, with what was typed kept; null for a file that was refused. Rejects with a Refusal. */
  async finish() {
    if (this.refused) return null;
    if (this.instead && !this.row) return this.other;
    if (this.instead) return post(`images/${this.row.id}/instead/`, { other: this.other.id });
    const typed = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, input.value.trim()]));
    if (Object.entries(typed).every(([name, value]) => value === (this.row[name] || ""))) return this.row;
    this.row = await post(`images/${this.row.id}/words/`, typed);
    return this.row;
  }
}

/** Send files in and ask what they show, in one dialog for all: {rows, said}, the rows in the order of the files. */
export function takeIn(given) {
  const files = given.slice(0, MOST);
  let said = given.length > MOST ? WORDS.uploadTooMany(MOST) : "";
  let uploads = [];
  return modal(
    files.length > 1 ? WORDS.uploadMany(files.length) : WORDS.uploadTitle(1, 1),
    (close, id, dialog) => {
      uploads = files.map((file, n) => new Upload(file, `${id}-${n}`));
      const problem = crel("p", { className: "desk-dialog__error", role: "alert", hidden: true });
      const go = crel("button", { type: "submit", className: "default", textContent: WORDS.insert });
      const form = crel("form", { noValidate: true });
      const shared = crel("input", { type: "text", id: `${id}-credit`, maxLength: 160, autocomplete: "off" });
      // A credit for all fills the boxes that hold none of their own.
      shared.addEventListener("input", () => {
        for (const { inputs } of uploads) if (!inputs.credit.value || inputs.credit.dataset.shared) Object.assign(inputs.credit, { value: shared.value }).dataset.shared = "1";
      });
      for (const { inputs } of uploads) inputs.credit.addEventListener("input", () => delete inputs.credit.dataset.shared);

      const waiting = [...uploads];
      const next = async () => {
        for (let upload = waiting.shift(); upload; upload = waiting.shift()) await upload.run();
      };
      const ready = Promise.all(Array.from({ length: AT_ONCE }, next));

      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        go.disabled = true;
        problem.hidden = true;
        go.textContent = WORDS.uploadWaiting;
        try {
          await ready;
          while (uploads.some((upload) => !upload.settled)) await new Promise((done) => setTimeout(done, 100));
          const rows = [];
          for (const upload of uploads) rows.push(await upload.finish());
          const kept = rows.filter(Boolean);
          for (const row of kept) remember("image", row);
          if (!kept.length) throw new Refusal(WORDS.uploadNone);
          const refused = uploads.filter((upload) => upload.refused).map(({ file, refused: why }) => `${file.name}: ${why}`);
          said = [said, ...refused].filter(Boolean).join(" ");
          close({ rows: kept, said });
        } catch (refusal) {
          problem.textContent = refusal.message;
          problem.hidden = false;
        } finally {
          go.disabled = false;
          go.textContent = WORDS.insert;
        }
      });
      // Enter makes a new line in a box of several; with Ctrl or ⌘ it sends, as in every dialog of the editor.
      form.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || go.disabled) return;
        event.preventDefault();
        form.requestSubmit();
      });
      dialog.addEventListener("close", () => {
        for (const upload of uploads) {
          upload.stop.abort();
          URL.revokeObjectURL(upload.address);
        }
      });
      const all = crel("div", { className: "desk-dialog__row" }, [
        crel("label", { htmlFor: shared.id, textContent: WORDS.uploadCreditAll }), shared,
      ]);
      form.append(
        crel("p", { className: "desk-dialog__help", textContent: WORDS.uploadHelp }),
        ...(files.length > 1 ? [all] : []),
        ...uploads.map((upload) => upload.dom),
        problem,
        crel("div", { className: "desk-dialog__foot" }, [go, button(WORDS.cancel, () => close())]),
      );
      setTimeout(() => uploads[0].inputs.alt.focus());
      return [form];
    },
    "desk-uploads",
  ).then((answer) => {
    if (answer) return answer;
    const kept = uploads.filter((upload) => upload.row).length;
    return { rows: [], said: kept ? WORDS.uploadLeft(kept) : "" };
  });
}
