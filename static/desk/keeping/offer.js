// Offers what was typed earlier and not saved, with what differs. Bringing it back sends the draft's number: the desk
// answers with the form as it stood, and whatever was saved since put together with it.
import { copiesOf, drop } from "./copies.js";
import { button, changes, element } from "./parts.js";

export function offer(place, form, desk, offers) {
  const box = element("section", { className: "banner keeping-offer" });
  box.setAttribute("aria-labelledby", "keeping-offer-title");
  const title = element("h2", { id: "keeping-offer-title", textContent: "You typed words here that are not saved" });
  box.append(title, ...offers.map((one) => row(one, box, form, desk)));
  place.append(box);
}

function row(one, box, form, desk) {
  const from = one.version ? `, begun from version ${one.version}` : "";
  const labels = one.differs.map(({ label }) => label).join(", ");
  const made = element("div", { className: "keeping-draft" }, [
    element("p", { textContent: `${one.at}${from}: ${labels}` }),
    element("details", {}, [element("summary", { textContent: "Show what differs" }), ...changes(one.differs)]),
  ]);
  const gone = () => {
    forget(desk, one);
    made.remove();
    if (!box.querySelector(".keeping-draft")) box.remove();
  };
  const discard = async () => {
    await desk.post(`${desk.data.drafts}${one.id}/discard/`, {});
    gone();
  };
  const bring = () => {
    if (one.fields) {
      fill(form, one);
      made.remove();
      if (!box.querySelector(".keeping-draft")) box.remove();
      return;
    }
    const sent = element("form", { method: "post", hidden: true }, [
      element("input", { name: "csrfmiddlewaretoken", value: desk.token }),
      element("input", { name: "_restore", value: one.id }),
    ]);
    document.body.append(sent);
    sent.submit();
  };
  made.append(
    element("p", { className: "banner-acts" }, [
      button("Bring them back", bring, "button default"),
      button("Throw them away", discard),
    ]),
  );
  return made;
}

/** A story that is not begun has a few plain boxes, which are filled in here. */
function fill(form, one) {
  for (const [name, value] of one.fields) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.elements.draft_taken.value = [form.elements.draft_taken.value, one.tab].join(" ").trim();
}

function forget(desk, one) {
  for (const copy of copiesOf(desk.data.person)) if (copy.tab === one.tab) drop(copy.key);
}

/** What this browser alone has and the desk does not take: shown to be copied. */
export function offerCopy(place, copy, why) {
  const words = JSON.parse(copy.fields).filter(([name, value]) => value.trim() && /headline|standfirst|body|caption/.test(name));
  const text = words.map(([, value]) => new DOMParser().parseFromString(value, "text/html").body.textContent).join("\n\n");
  const box = element("textarea", { readOnly: true, rows: 8, dir: "auto", value: text });
  box.setAttribute("aria-label", "What you typed");
  place.append(
    element("section", { className: "banner keeping-offer" }, [
      element("h2", { textContent: "Words that only this browser has" }),
      element("p", { textContent: `The desk does not take them: ${why} Copy what you need.` }),
      box,
    ]),
  );
}
