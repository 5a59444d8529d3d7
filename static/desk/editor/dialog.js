// Dialogs: real <dialog> elements with labels, told errors and a focus that goes back where it came from.
import { make as crel } from "../notes/elements.js";
import { WORDS } from "./words.js";

let count = 0;

/** An element that reads aloud what is put into it. */
export const live = (className = "") => crel("p", { className, role: "status", "aria-live": "polite" });

export function button(label, onClick, more = {}) {
  const made = crel("button", { type: "button", textContent: label, ...more });
  made.addEventListener("click", onClick);
  return made;
}

/** A modal dialog with a heading; resolves with what `close(value)` is given, or null. `fill` gets close, makes children. */
export function modal(title, fill, className = "") {
  return new Promise((resolve) => {
    const id = `desk-dialog-${++count}`;
    let answer = null;
    const dialog = crel("dialog", { className: `desk-dialog ${className}`, "aria-labelledby": `${id}-title` });
    const close = (value = null) => {
      answer = value;
      dialog.close();
    };
    dialog.append(crel("h2", { id: `${id}-title`, textContent: title }), ...fill(close, id, dialog));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function input(field, id) {
  const shared = { id, name: field.name, required: !!field.required };
  if (field.options) {
    const options = Object.entries(field.options).map(([value, textContent]) => crel("option", { value, textContent }));
    const select = crel("select", shared, options);
    select.value = field.value ?? "";
    return select;
  }
  if (field.type === "checkbox") return crel("input", { ...shared, type: "checkbox", checked: !!field.value });
  if (field.type === "file") return crel("input", { ...shared, type: "file", accept: field.accept || "" });
  const limit = field.max ? { maxLength: field.max } : {};
  if (field.rows) return crel("textarea", { ...shared, ...limit, rows: field.rows, value: field.value ?? "" });
  const bounds = field.type === "number" ? { min: field.from, max: field.to } : limit;
  const line = crel("input", { ...shared, type: field.type || "text", autocomplete: "off", ...bounds });
  line.value = field.value ?? "";
  return line;
}

/**
 * Ask for a few values: fields are {name, label, value, type, rows, options, help, required, max, check, ready}.
 *
 * `check(value)` returns what is wrong, if anything. `ready(input)` gets the input once it stands in its row. `send(values)` may refuse by rejecting: the dialog then stays,
 * with everything typed still in it, and `again(refusal)` may name a button that sends it all the same, `instead(refusal)`
 * others, [{label, value}]. `above` are elements before the fields; `other` is a further way, {label, value}. Resolves
 * with the values, or with what `send` answers, or with the value of another way, or with null.
 */
export function ask({
  title, help = "", above = [], fields, submit = WORDS.insert, send = null, again = null, instead = null, other = null,
}) {
  return modal(title, (close, id) => {
    const form = crel("form", { noValidate: true });
    const inputs = {};
    const problem = crel("p", { className: "desk-dialog__error", role: "alert", hidden: true });
    const go = crel("button", { type: "submit", className: "default", textContent: submit });
    const foot = crel("div", { className: "desk-dialog__foot" }, [go, button(WORDS.cancel, () => close())]);
    if (other) foot.prepend(button(other.label, () => close(other.value)));

    const rows = fields.map((field, index) => {
      const key = `${id}-${index}`;
      const made = (inputs[field.name] = input(field, key));
      const label = crel("label", { htmlFor: key, textContent: field.label });
      const parts = field.type === "checkbox" ? [made, label] : [label, made];
      if (field.help) {
        made.setAttribute("aria-describedby", `${key}-help`);
        parts.push(crel("small", { id: `${key}-help`, textContent: field.help }));
      }
      const row = crel("div", { className: "desk-dialog__row" }, parts);
      field.ready?.(made);
      row.dataset.type = field.type || "text";
      return row;
    });

    const values = () =>
      Object.fromEntries(
        fields.map(({ name, type }) => {
          const made = inputs[name];
          if (type === "checkbox") return [name, made.checked];
          if (type === "file") return [name, made.files[0] || null];
          return [name, made.value.trim()];
        }),
      );

    const tell = (message, field = null) => {
      problem.textContent = message;
      problem.hidden = !message;
      for (const made of Object.values(inputs)) made.setAttribute("aria-invalid", String(made === field));
      if (field) field.focus();
    };

    const finish = async (extra = {}) => {
      const given = values();
      for (const field of fields) {
        const made = inputs[field.name];
        const wrong = (!made.checkValidity() && made.validationMessage) || (field.check && field.check(given[field.name]));
        if (wrong) return tell(wrong, made);
      }
      if (!send) return close(given);
      tell("");
      go.disabled = true;
      try {
        close(await send({ ...given, ...extra }));
      } catch (refusal) {
        tell(refusal.message);
        for (const old of foot.querySelectorAll("[data-again]")) old.remove();
        for (const way of instead?.(refusal) || []) foot.prepend(button(way.label, () => close(way.value), { "data-again": "" }));
        const label = again && again(refusal);
        if (label) foot.prepend(button(label, () => finish({ anyway: "1" }), { "data-again": "" }));
      } finally {
        go.disabled = false;
      }
    };

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      finish();
    });
    // Enter makes a new line in a box of several; with Ctrl or ⌘ it always sends.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      finish();
    });
    form.append(...above, ...(help ? [crel("p", { className: "desk-dialog__help", textContent: help })] : []), ...rows, problem, foot);
    return [form];
  });
}
