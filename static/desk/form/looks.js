// How the headlines look where they go: on a card, in a search result, when the story is shared. What a title falls back
// on while it is empty, the pages for readers fall back on too.
import { storyForm as form } from "./page.js";

const FALLS_BACK = { short_headline: "headline", seo_title: "headline", social_title: "headline" };
const SNIPPET = 155;
const value = (name) => form.elements[name]?.value.trim() ?? "";
const spots = [...document.querySelectorAll("[data-look]")];

function show() {
  for (const spot of spots) {
    const name = spot.dataset.look;
    if (name === "slug") spot.textContent = value("slug") || "…";
    else if (name === "standfirst") {
      const words = value("standfirst");
      spot.textContent = words.length > SNIPPET ? `${words.slice(0, SNIPPET).replace(/\s+\S*$/, "")}…` : words;
    } else if (name === "section") spot.textContent = form.elements.section?.selectedOptions?.[0]?.textContent ?? "";
    else spot.textContent = value(name) || value(FALLS_BACK[name]);
  }
}

function showPicture() {
  const source = document.querySelector("[data-sheet=lead]:not([hidden]) img");
  for (const image of document.querySelectorAll("[data-look-picture]")) {
    image.hidden = !source;
    if (source && image.src !== source.src) image.src = source.src;
  }
}

if (spots.length) {
  form.addEventListener("desk:changed", ({ detail: { name } }) => {
    if (name !== "body") show();
  });
  const lead = document.querySelector("[data-sheet=lead]");
  new MutationObserver(showPicture).observe(lead, { subtree: true, childList: true, attributes: true });
  showPicture();
}
