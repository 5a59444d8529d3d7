// The main picture is chosen by sight: its box opens the editor's dialog for pictures, which shows what each may be used
// for and refuses those that may not be published. Under the box stand the terms of the one chosen.
import { recall, whenKnown } from "../editor/lookup.js";
import { pickPicture } from "../editor/pictures.js";
import { make } from "./page.js";

const box = document.querySelector("select#id_lead_image");
const jQuery = window.django?.jQuery;

if (box && jQuery) {
  const saved = box.value; // the list of the story's pictures tells of this one
  const terms = make("div", { className: "row has-thumb", hidden: true });
  terms.setAttribute("role", "status");
  box.closest(".field-lead_image").append(terms);

  const tell = () => {
    const row = box.value && box.value !== saved ? recall("image", box.value) : null;
    terms.hidden = !row;
    if (!row) return;
    const words = [make("p", {}, row.sub), ...(row.lines ?? []).map((line) => make("p", {}, line))];
    if (row.warning) words.push(make("p", { className: "tag is-bad" }, row.warning));
    const thumb = row.thumb ? [make("img", { className: "thumb", src: row.thumb, alt: "" })] : [];
    terms.replaceChildren(...thumb, make("div", {}, make("h3", {}, row.label), ...words));
  };

  let choosing = false;
  let clearing = false;
  const choose = async () => {
    if (choosing) return;
    choosing = true;
    const row = await pickPicture();
    choosing = false;
    box.nextElementSibling?.querySelector(".select2-selection")?.focus();
    if (!row) return;
    const value = String(row.id);
    if (![...box.options].some((option) => option.value === value)) box.add(new Option(row.label, value));
    box.value = value;
    jQuery(box).trigger("change");
  };

  jQuery(box).on("select2:clear", () => {
    clearing = true; // taking the picture out opens the box, too
    setTimeout(() => (clearing = false));
  });
  jQuery(box).on("select2:opening", (event) => {
    event.preventDefault();
    if (!clearing) setTimeout(choose); // the press that opens it would take the focus out of the dialog again
  });
  jQuery(box).on("change", tell);
  whenKnown(tell);
}
