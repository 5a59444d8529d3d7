// Who else is in this story, in which part; and a word before it hurts where somebody has saved.
import { button, changes, element } from "./parts.js";

/** Ask now and again, for as long as the page is seen; `ask()` asks at once. */
export function watch(keeper, place) {
  const { data, desk, tab } = keeper;
  const every = Number(data.presenceMs);
  const said = document.querySelector("[data-presence]");
  const mark = document.querySelector("[data-saved-by]");
  let told = 0;
  let { seen } = data;
  let asking = null;

  const ask = () => {
    asking ??= desk
      .post(data.presenceAt, { tab, part: partOf(document.activeElement), version: keeper.base, told, seen })
      .then(hear, () => {}) // what fails is said of the words, which matter more
      .finally(() => (asking = null));
    return asking;
  };

  /** Show a message above the sheet, and what leads to it in the bar, which is always seen. */
  const show = (kind, words, made) => {
    place.querySelector(`.${kind}`)?.remove();
    mark?.querySelector(`[data-leads-to="${kind}"]`)?.remove();
    const lead = button(words, () => (box.scrollIntoView({ block: "center" }), box.focus()), "button small");
    lead.dataset.leadsTo = kind;
    const box = made(() => (box.remove(), lead.remove()));
    Object.assign(box, { className: `banner ${kind}`, tabIndex: -1 });
    box.setAttribute("aria-label", words);
    place.append(box);
    mark?.append(lead);
  };

  const hear = ({ others, saved, moved }) => {
    said?.replaceChildren(...others.map(person));
    if (moved) {
      ({ seen } = moved);
      show("keeping-moved", "Moved on meanwhile", (onSeen) => movedBanner(moved, keeper, onSeen));
    }
    if (!saved) return;
    told = saved.version;
    show("keeping-saved", `${saved.by} saved version ${saved.version}`, (onSeen) => banner(saved, keeper, onSeen));
  };

  if (every) {
    setInterval(() => document.hidden || ask(), every);
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    addEventListener("pagehide", () => {
      const values = { tab, gone: "on", person: data.person, csrfmiddlewaretoken: desk.token };
      navigator.sendBeacon(data.presenceAt, new URLSearchParams(values));
    });
    ask();
  }
  return { ask: every ? ask : () => {} };
}

function person({ name, part }) {
  const initials = name.split(/\s+/).map((word) => [...word][0]).slice(0, 2).join("");
  const disc = element("span", { className: "keeping-disc", textContent: initials });
  disc.setAttribute("aria-hidden", "true");
  return element("span", { className: "keeping-person" }, [disc, ` ${name} is ${part || "here"}`]);
}

/** The part of the form that somebody is in: the name of its box, or the paragraph of the text. */
function partOf(active) {
  const text = active?.closest?.(".ProseMirror");
  if (!text) return active?.name || "";
  let block = getSelection().anchorNode;
  while (block && block.parentNode !== text) block = block.parentNode;
  return block ? `body:${[...text.children].indexOf(block) + 1}` : "body";
}

/** Somebody has moved the story on. What is typed here is kept, so the page can be shown as the story stands. */
function movedBanner({ said }, keeper, onSeen) {
  const anew = button("Show it as it stands", async () => {
    if (keeper.dirty) await keeper.send();
    location.reload();
  });
  return element("section", {}, [
    element("p", {}, [element("b", { textContent: said }), " This page shows it as it stood before; what you typed is kept."]),
    element("p", { className: "banner-acts" }, [anew, button("Good", onSeen)]),
  ]);
}

function banner(saved, keeper, onSeen) {
  const form = document.querySelector("[data-keeping]").closest("form");
  const bring = element("button", { type: "submit", className: "button", name: "_bring", value: "1" });
  bring.textContent = "Bring in the changes";
  keeper.look();
  return element("section", {}, [
    element("p", {}, [
      element("b", { textContent: `${saved.by} saved version ${saved.version} at ${saved.at}. ` }),
      "Yours is put together with it when you save; nothing of yours is touched.",
    ]),
    element("details", {}, [element("summary", { textContent: "Show what changed" }), ...changes(saved.differs)]),
    element("p", { className: "banner-acts" }, [...(form.elements.base_version ? [bring] : []), button("Good", onSeen)]),
  ]);
}
