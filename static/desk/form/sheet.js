// The sheet says at once what is chosen beside it: section and kind, the names over the story, its place, its picture.
import { get } from "../editor/page.js";
import { storyForm as form, textEditor } from "./page.js";

const spot = (name) => document.querySelector(`[data-sheet="${name}"]`);
const chosen = (select) => select?.selectedOptions[0]?.textContent.trim() || "";

function showFiling() {
  const section = form.elements.section;
  const genre = form.elements.genre;
  if (section?.options) spot("section").replaceChildren(bdi(section.value ? chosen(section) : "No section yet"));
  if (genre?.options) spot("genre").replaceChildren(bdi(form.elements.label?.value.trim() || chosen(genre)));
  const place = form.elements.dateline;
  if (place) {
    spot("dateline").replaceChildren(bdi(place.value.trim()));
    spot("dateline").hidden = !place.value.trim();
  }
}

function showByline() {
  const names = [...document.querySelectorAll("#bylines-group [data-row]:not([data-gone])")].map(
    (row) => row.querySelector("[data-row-name]")?.textContent.trim() || chosen(row.querySelector("select[name$=-contributor]")),
  );
  const shown = names.filter(Boolean).flatMap((name, place) => (place ? [", ", bdi(name)] : [bdi(name)]));
  spot("byline").replaceChildren(...(shown.length ? shown : ["nobody yet"]));
}

function bdi(words) {
  const made = document.createElement("bdi");
  made.textContent = words;
  return made;
}

async function showLead() {
  const box = form.elements.lead_image;
  const figure = spot("lead");
  figure.hidden = !box.value;
  if (!box.value) return;
  const { results } = await get("lookup/image/", { id: box.value }).catch(() => ({ results: [] }));
  const [picture] = results;
  if (!picture || String(picture.id) !== box.value) return;
  const image = document.createElement("img");
  image.src = picture.thumb;
  image.alt = picture.alt;
  figure.querySelector(".lead-picture").replaceChildren(image);
  spot("credit").textContent = picture.sub;
}

form?.addEventListener("desk:changed", ({ detail: { name } }) => {
  if (name === "lead_image") showLead();
  if (name.startsWith("bylines")) showByline();
  if (["section", "genre", "label", "dateline"].includes(name)) showFiling();
});

// Enter goes on to the next line of the sheet, and from the last of them into the text.
const lines = ["headline", "standfirst"].map((name) => form?.elements[name]).filter((box) => box?.type === "textarea");
for (const [place, line] of lines.entries()) {
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (lines[place + 1]) lines[place + 1].focus();
    else textEditor()?.commands.focus("start");
  });
}

// A story just begun is gone on with where its headline ended.
const begun = form && lines.length === 2 && lines[0].value && !lines[1].value && !form.elements.body?.value;
if (begun && !location.hash && document.activeElement === document.body) lines[1].focus();
