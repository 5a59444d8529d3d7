// Who else is in this story, in which part; and a word before it hurts where somebody has saved.
import { button, changes, element } from "./parts.js";

/** Ask now and again, for as long as the page is seen; `ask()` asks at once. */
export function watch(keeper, place) {
  const { data, desk, tab } = keeper;
  const every = Number(data.presenceMs);
  const said = document.querySelector("[data-presence]");
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

  const hear = ({ others, saved, moved }) => {
    said?.replaceChildren(...others.map(person));
    if (moved) {
      ({ seen } = moved);
      place.querySelector(".keeping-moved")?.remove();
      place.append(movedBanner(moved, keeper));
    }
    if (!saved) return;
    told = saved.version;
    place.querySelector(".keeping-saved")?.remove();
    place.append(banner(saved, keeper));
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
function movedBanner({ said }, keeper) {
  const anew = button("Show it as it stands", async () => {
    if (keeper.dirty) await keeper.send();
    location.reload();
  });
  const box = element("section", { className: "banner keeping-moved", role: "status" }, [
    element("p", {}, [element("b", { textContent: said }), " This page shows it as it stood before; what you typed is kept."]),
    element("p", { className: "banner-acts" }, [anew, button("Good", () => box.remove())]),
  ]);
  return box;
}

function banner(saved, keeper) {
  const form = document.querySelector("[data-keeping]").closest("form");
  const bring = element("button", { type: "submit", className: "button", name: "_bring", value: "1" });
  bring.textContent = "Bring in the changes";
  const box = element("section", { className: "banner keeping-saved", role: "status" }, [
    element("p", {}, [
      element("b", { textContent: `${saved.by} saved version ${saved.version} at ${saved.at}. ` }),
      "Yours is put together with it when you save; nothing of yours is touched.",
    ]),
    element("details", {}, [element("summary", { textContent: "Show what changed" }), ...changes(saved.differs)]),
    element("p", { className: "banner-acts" }, [...(form.elements.base_version ? [bring] : []), button("Good", () => box.remove())]),
  ]);
  keeper.look();
  return box;
}
