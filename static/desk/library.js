// The picture library: filters that act at once, one picture beside the others, files sent one by one.
import { setFocal } from "./focal.js";

// --- the list ----------------------------------------------------------------------------------

const library = document.querySelector("[data-library]");
if (library) {
  const sieve = library.querySelector("[data-sieve]");
  const place = library.querySelector("[data-side-place]");
  const narrow = matchMedia("(max-width: 64rem)");
  if (narrow.matches) sieve.open = false;
  sieve.addEventListener("change", (event) => event.target.form.requestSubmit());

  // Words typed beside a picture and not saved are there again when it is opened again on this page.
  const typed = new Map(); // by the picture's address
  let sending = false;
  const boxesOf = () => [...(place.querySelector("form[method=post]")?.elements || [])].filter(({ defaultValue, name, type }) =>
    name && defaultValue !== undefined && type !== "hidden" && type !== "checkbox");
  const keepTyped = () => {
    const shot = library.querySelector(".shot[aria-current]");
    const changed = boxesOf().filter((box) => box.value !== box.defaultValue);
    if (!shot || !(changed.length || typed.has(shot.href))) return;
    if (changed.length) typed.set(shot.href, new Map(changed.map(({ name, value }) => [name, value])));
    else typed.delete(shot.href);
    shot.toggleAttribute("data-unsaved", !!changed.length);
  };
  const putBack = (shot) => {
    const kept = typed.get(shot.href);
    for (const box of boxesOf()) if (kept?.has(box.name)) box.value = kept.get(box.name);
  };
  addEventListener("beforeunload", (event) => {
    if (!sending) keepTyped();
    if (typed.size) event.preventDefault();
  });
  place.addEventListener("submit", () => {
    sending = true;
    typed.delete(library.querySelector(".shot[aria-current]")?.href);
  });

  const show = (html, shot) => {
    keepTyped();
    place.innerHTML = html;
    if (shot) putBack(shot);
    library.toggleAttribute("data-open", !!html);
    for (const other of library.querySelectorAll(".shot[aria-current]")) other.removeAttribute("aria-current");
    if (shot) shot.setAttribute("aria-current", "true");
    for (const box of place.querySelectorAll("[data-focal]")) setFocal(box);
  };
  const leadsElsewhere = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.button;

  library.addEventListener("click", async (event) => {
    const shot = event.target.closest(".shot[data-side]");
    if (shot && !leadsElsewhere(event) && !narrow.matches) {
      event.preventDefault();
      try {
        const answer = await fetch(shot.dataset.side);
        if (!answer.ok || answer.redirected) throw new Error("not shown");
        show(await answer.text(), shot);
        history.replaceState(null, "", shot.href);
        place.querySelector(".picture-side").focus({ preventScroll: true });
      } catch {
        location.assign(shot.href); // the page says what is wrong
      }
    }
    if (event.target.closest("[data-side-close]") && !leadsElsewhere(event)) {
      event.preventDefault();
      const shown = library.querySelector(".shot[aria-current]");
      history.replaceState(null, "", event.target.closest("a").getAttribute("href"));
      show("", null);
      (shown || library.querySelector(".shot"))?.focus();
    }
  });
}

// --- bringing pictures in ----------------------------------------------------------------------

const form = document.querySelector("form[data-upload]");
if (form) {
  const chooser = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const list = form.querySelector("[data-files]");
  const said = form.querySelector("[data-said]");
  const model = document.querySelector("template[data-file]");
  const go = form.querySelector("button[type=submit]");
  const rows = []; // {file, row, state}: state is "", "sending", "taken" or "refused"
  for (const note of form.querySelectorAll("[data-script-only]")) note.hidden = false;
  form.elements.alt.closest(".plain-field").hidden = true; // each file has its own here

  const token = () => form.elements.csrfmiddlewaretoken.value;
  const send = async (address, data) => {
    const answer = await fetch(address, { method: "POST", body: data, headers: { "X-CSRFToken": token() } });
    let told = {};
    try {
      told = await answer.json();
    } catch {
      told.error = answer.status === 413 ? "The file is too large for this server." : "";
    }
    if (!answer.ok) throw new Error(told.error || "It was not taken. Try again in a minute.");
    return told;
  };

  const tell = (one, state, words) => {
    one.state = state;
    one.row.dataset.state = state;
    one.row.querySelector(".file-state").textContent = words;
  };
  const count = () => {
    const of = (state) => rows.filter((one) => one.state === state).length;
    const parts = [];
    if (of("taken")) parts.push(`${of("taken")} in the library`);
    if (of("refused")) parts.push(`${of("refused")} not taken`);
    if (of("")) parts.push(`${of("")} to send`);
    said.textContent = parts.join(", ");
  };

  const add = (files) => {
    for (const file of files) {
      const row = model.content.firstElementChild.cloneNode(true);
      const one = { file, row, state: "" };
      row.querySelector("b").textContent = file.name;
      row.querySelector(".file-words").setAttribute("aria-label", file.name);
      const picture = row.querySelector("img");
      picture.addEventListener("load", () => {
        picture.hidden = false;
        URL.revokeObjectURL(picture.src);
      });
      picture.src = URL.createObjectURL(file);
      row.querySelector("[data-leave-out]").addEventListener("click", () => {
        rows.splice(rows.indexOf(one), 1);
        row.remove();
        count();
        chooser.focus();
      });
      list.append(row);
      rows.push(one);
    }
    count();
  };
  chooser.addEventListener("change", () => {
    add(chooser.files);
    chooser.value = "";
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    add(event.dataTransfer.files);
  });

  const at = (address, pk) => address.replace("/0/", `/${pk}/`);
  const offer = (one, made) => {
    const box = one.row.querySelector(".file-alike");
    const [other] = made.alike;
    const words = document.createElement("span");
    words.textContent = `${other.same ? "The library has this very file" : "The library has one that looks like it"}: ${other.label}`;
    const picture = Object.assign(document.createElement("img"), { src: other.thumb, alt: "" });
    const use = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Use that one" });
    const keep = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: "Keep both" });
    use.addEventListener("click", async () => {
      const data = new FormData();
      data.set("other", other.id);
      try {
        await send(at(form.dataset.instead, made.id), data);
        box.hidden = true;
        done(one, other, "The one in the library is used; this file was thrown out.");
      } catch (refusal) {
        words.textContent = refusal.message;
      }
    });
    keep.addEventListener("click", () => (box.hidden = true));
    box.replaceChildren(picture, words, use, keep);
    box.hidden = false;
  };
  const done = (one, made, words) => {
    tell(one, "taken", words);
    const link = Object.assign(document.createElement("a"), { href: at(form.dataset.picture, made.id), textContent: made.label });
    one.row.querySelector("b").replaceChildren(link);
    one.row.querySelector("label").hidden = true;
    one.row.querySelector("[data-leave-out]").hidden = true;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const waiting = rows.filter((one) => one.state === "" || one.state === "refused");
    if (!waiting.length) {
      said.textContent = "Choose a picture first.";
      chooser.focus();
      return;
    }
    go.disabled = true;
    drop.scrollIntoView({ block: "nearest" });
    for (const one of waiting) {
      tell(one, "sending", "On its way …");
      const data = new FormData(form);
      data.delete("file");
      data.set("file", one.file);
      data.set("alt", one.row.querySelector("textarea").value);
      try {
        const made = await send(form.dataset.upload, data);
        const needs = made.warning && !made.alike?.length ? ` ${made.warning}.` : "";
        done(one, made, `In the library.${needs}`);
        if (made.alike?.length) offer(one, made);
      } catch (refusal) {
        tell(one, "refused", refusal.message);
      }
      count();
    }
    go.disabled = false;
  });
}
