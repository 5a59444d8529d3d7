// Rows of a story (names, people, sources): added, ordered and taken out where they stand. Below them are Django's
// formsets, so without this they are plain boxes: <div data-rows="bylines" data-ordered> with a <template> of a row.
// Space lifts a row by its grip, arrows move it, Space sets it down, Escape puts it back.
import { changed, icon, keepToOneLine, make } from "./page.js";

const said = make("p", { className: "visually-hidden" });
said.setAttribute("role", "status");
document.body.append(said);

for (const table of document.querySelectorAll("[data-rows]")) {
  const list = table.querySelector("[data-row-list]");
  const template = table.querySelector("[data-row-template]");
  if (!template) continue; // whoever looks may not change them
  const total = table.querySelector("[name$=-TOTAL_FORMS]");
  const ordered = "ordered" in table.dataset;
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const nameOf = (row) =>
    row.querySelector("[data-row-name]")?.textContent.trim() ||
    row.querySelector("[name$=-description]")?.value.trim() ||
    row.querySelector("select option:checked")?.textContent.trim() ||
    "the new row";

  /** Write each row's place into its box, where they have one. */
  function number(tell = true) {
    let place = 0;
    for (const row of rows()) {
      const box = row.querySelector("[name$=-order]");
      if (box) box.value = String(place++);
    }
    if (tell) changed(table.dataset.rows);
  }

  /** A new row counts only as the last of the formset: those after it move up. */
  function forget(row) {
    const at = Number(row.id.slice(table.dataset.rows.length + 1));
    row.remove();
    for (const other of rows()) {
      const index = Number(other.id.slice(table.dataset.rows.length + 1));
      if (index > at) rename(other, index, index - 1);
    }
    total.value = String(Number(total.value) - 1);
  }

  function rename(row, from, to) {
    const old = `${table.dataset.rows}-${from}`;
    const now = `${table.dataset.rows}-${to}`;
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of ["id", "name", "for", "aria-describedby", "data-select2-id"]) {
        const value = element.getAttribute(attribute);
        if (value === old) element.setAttribute(attribute, now);
        else if (value?.includes(`${old}-`)) element.setAttribute(attribute, value.replace(`${old}-`, `${now}-`));
      }
    }
  }

  function lift(row) {
    row.classList.add("is-lifted");
    row.querySelector(".grip").setAttribute("aria-pressed", "true");
  }

  function setDown(row) {
    row.classList.remove("is-lifted");
    row.querySelector(".grip").setAttribute("aria-pressed", "false");
    number();
  }

  function grip(row) {
    const handle = make("button", { type: "button", className: "grip" }, icon("grip"));
    handle.setAttribute("aria-label", `Move ${nameOf(row)}`);
    handle.setAttribute("aria-pressed", "false");
    row.prepend(handle);
    let before = null;
    const back = () => {
      list.insertBefore(row, before && before.isConnected ? before : null);
      row.classList.remove("is-lifted");
      handle.setAttribute("aria-pressed", "false");
      handle.focus();
    };
    const put = (other, after) => {
      list.insertBefore(row, after ? other.nextSibling : other);
      handle.focus();
      said.textContent = `${nameOf(row)}: ${rows().indexOf(row) + 1} of ${rows().length}`;
    };
    handle.addEventListener("keydown", (event) => {
      const lifted = row.classList.contains("is-lifted");
      if (event.key === " " || event.key === "Enter") {
        event.preventDefault();
        if (lifted) setDown(row);
        else {
          before = row.nextSibling;
          lift(row);
        }
      } else if (lifted && event.key === "ArrowUp" && row.previousElementSibling) {
        event.preventDefault();
        put(row.previousElementSibling, false);
      } else if (lifted && event.key === "ArrowDown" && row.nextElementSibling) {
        event.preventDefault();
        put(row.nextElementSibling, true);
      } else if (lifted && event.key === "Escape") {
        event.preventDefault();
        back();
      }
    });
    handle.addEventListener("blur", () => {
      // Moving takes the focus away for an instant and gives it back.
      setTimeout(() => row.classList.contains("is-lifted") && document.activeElement !== handle && setDown(row));
    });
    // By finger and mouse alike.
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
      before = row.nextSibling;
      lift(row);
      const move = ({ clientY }) => {
        for (const other of rows()) {
          const box = other.getBoundingClientRect();
          if (other === row || clientY < box.top || clientY > box.bottom) continue;
          const after = clientY > box.top + box.height / 2;
          const here = after ? other.nextElementSibling : other;
          if (here !== row && other[after ? "nextElementSibling" : "previousElementSibling"] !== row) {
            list.insertBefore(row, here);
          }
        }
      };
      const end = () => {
        handle.removeEventListener("pointermove", move);
        handle.removeEventListener("pointerup", end);
        handle.removeEventListener("pointercancel", end);
        if (row.classList.contains("is-lifted")) setDown(row);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("pointerup", end);
      handle.addEventListener("pointercancel", end);
    });
  }

  function takeOut(row) {
    const box = row.querySelector("[name$=-DELETE]");
    const next = row.nextElementSibling || row.previousElementSibling;
    if (box) {
      box.checked = true;
      showGone(row, box);
      row.querySelector(".row-gone button").focus();
    } else {
      forget(row);
      (next?.querySelector("button, input, select, textarea") || table.querySelector("[data-row-add]")).focus();
    }
    number();
  }

  function showGone(row, box) {
    row.dataset.gone = "";
    const undo = make("button", { type: "button", className: "button small" }, "Put back");
    const line = make("p", { className: "row-gone" }, make("s", {}, nameOf(row)), undo);
    row.append(line);
    undo.addEventListener("click", () => {
      box.checked = false;
      delete row.dataset.gone;
      line.remove();
      row.querySelector(".row-remove").focus();
      number();
    });
  }

  function equip(row) {
    const remove = make("button", { type: "button", className: "button plain small only-icon row-remove" }, icon("cross"));
    remove.setAttribute("aria-label", `Take out ${nameOf(row)}`);
    remove.addEventListener("click", () => takeOut(row));
    row.querySelector(".row-main").after(remove);
    if (ordered) grip(row);
    const box = row.querySelector("[name$=-DELETE]");
    if (box?.checked) showGone(row, box);
    row.addEventListener("change", () => {
      remove.setAttribute("aria-label", `Take out ${nameOf(row)}`);
      row.querySelector(".grip")?.setAttribute("aria-label", `Move ${nameOf(row)}`);
    });
  }

  /** Add an empty row and give it the focus. */
  function add() {
    const index = Number(total.value);
    const row = template.content.firstElementChild.cloneNode(true);
    row.removeAttribute("data-blank");
    rename(row, "__prefix__", index);
    list.append(row);
    total.value = String(index + 1);
    equip(row);
    for (const field of row.querySelectorAll("[data-one-line]")) keepToOneLine(field);
    number(false);
    // As the admin tells of a row of its own, so that its boxes with a search come to life.
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: table.dataset.rows } }));
    const select = row.querySelector("select.select2-hidden-accessible");
    if (select) window.django.jQuery(select).select2("open");
    else row.querySelector("input:not([type=hidden]), select, textarea").focus();
    return row;
  }

  for (const row of rows()) {
    if ("blank" in row.dataset) forget(row);
    else equip(row);
  }
  table.querySelector("[data-row-add]").addEventListener("click", add);
}
