// Topics are found by typing; one that the paper does not have yet is made where it is typed, for whoever may make one.
import { nameParts } from "../select.js";

const make = document.querySelector("#add_id_topics");
const select = document.querySelector("#id_topics");
const $ = window.django?.jQuery;
const NEW = "new:";

/** Make a topic by its name, through the page that makes one in a window of its own: {value, name}, or an Error. */
async function makeTopic(name) {
  const body = new FormData();
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const values = {
    csrfmiddlewaretoken: token, name, slug: "", _popup: "1", _to_field: "id",
    "names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0",
  };
  for (const [key, value] of Object.entries(values)) body.append(key, value);
  const answer = await fetch(make.href, { method: "POST", body });
  const page = new DOMParser().parseFromString(
    (await answer.text()).replace(/<style\b[^>]*>[^<]*<\/style>/g, ""), "text/html",
  );
  const made = page.querySelector("#django-admin-popup-response-constants")?.dataset.popupResponse;
  if (!made) throw new Error(page.querySelector(".errorlist, .errornote")?.textContent.trim() || "The topic could not be made.");
  const { value, obj } = JSON.parse(made);
  return { value, name: obj };
}

async function chosen({ params: { data } }) {
  if (!String(data.id).startsWith(NEW)) return;
  const option = [...select.options].find((one) => one.value === data.id);
  option.remove();
  const told = document.querySelector(".field-topics .topic-told");
  told.textContent = "";
  try {
    const { value, name } = await makeTopic(data.text);
    select.append(new Option(name, value, true, true));
  } catch (problem) {
    told.textContent = `“${data.text}”: ${problem.message}`;
  }
  $(select).trigger("change");
}

if (select && make && $) {
  const told = document.createElement("p");
  told.className = "topic-told errorlist";
  told.setAttribute("role", "alert");
  select.closest(".field").append(told);
  // After the admin has brought its own boxes to life.
  $(() => {
    const { appLabel, modelName, fieldName } = select.dataset;
    $(select).select2("destroy").select2({
      ajax: {
        data: ({ term, page }) => ({ term, page, app_label: appLabel, model_name: modelName, field_name: fieldName }),
      },
      tags: true,
      createTag: ({ term }) => (term.trim() ? { id: NEW + term.trim(), text: term.trim(), isNew: true } : null),
      // Below what the paper has, and not at all where it has that very name.
      insertTag: (found, tag) => {
        if (!found.some(({ text }) => text.toLowerCase() === tag.text.toLowerCase())) found.push(tag);
      },
      templateResult: (row) => (row.isNew ? `New topic “${row.text}”` : row.text),
    }).on("select2:select", chosen);
    nameParts(select);
  });
}
