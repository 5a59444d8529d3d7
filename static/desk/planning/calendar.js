// Takes a planned slip to another day, by dragging or by keys: Space lifts it, arrows move it, Space or Enter sets it
// down, Escape puts it back. Only links with data-slip are taken; what goes out has none and stays where it is.
import { plan } from "./send.js";

const calendar = document.querySelector("[data-calendar]");
const said = document.querySelector("[data-calendar-said]");
const lanes = [...calendar.querySelectorAll(".lane-planned")];
let lifted = null; // { slip, item, home, next }

function say(words, wrong = false) {
  said.textContent = words;
  said.toggleAttribute("data-wrong", wrong);
}

const laneOf = (slip) => slip.closest(".lane-planned");
const nameOf = (slip) => slip.textContent.trim();

function mark(lane) {
  for (const each of lanes) each.classList.toggle("is-target", each === lane);
}

async function setDown(slip, item, home, next, lane) {
  mark(null);
  item.classList.remove("is-lifted");
  if (lane === home) return say(`${nameOf(slip)} stays where it was.`);
  lane.append(item);
  say(`Moving ${nameOf(slip)} …`);
  const answer = await plan(slip.dataset.plan, "planned_for", { value: lane.dataset.day, was: slip.dataset.value });
  if (answer.ok) {
    slip.dataset.value = answer.value;
    say(`${nameOf(slip)} is planned for ${lane.dataset.name}.`);
  } else {
    home.insertBefore(item, next);
    say(`${nameOf(slip)} stays where it was. ${answer.error}`, true);
  }
}

// --- by keys ----------------------------------------------------------------------------------------

function lift(slip) {
  const item = slip.closest("li");
  lifted = { slip, item, home: laneOf(slip), next: item.nextElementSibling };
  item.classList.add("is-lifted");
  mark(lifted.home);
  const keys = "Arrows move it, Space sets it down, Escape puts it back.";
  say(`${nameOf(slip)} is lifted from ${lifted.home.dataset.name}. ${keys}`);
}

function putBack() {
  const { slip, item, home, next } = lifted;
  lifted = null;
  home.insertBefore(item, next);
  item.classList.remove("is-lifted");
  mark(null);
  slip.focus();
  say(`${nameOf(slip)} stays where it was.`);
}

calendar.addEventListener("keydown", (event) => {
  const slip = event.target.closest("[data-slip]");
  if (!slip) return;
  if (!lifted) {
    if (event.key !== " ") return;
    event.preventDefault();
    return lift(slip);
  }
  const rtl = getComputedStyle(calendar).direction === "rtl";
  const step = { ArrowLeft: rtl ? 1 : -1, ArrowRight: rtl ? -1 : 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step) {
    event.preventDefault();
    const lane = lanes[lanes.indexOf(laneOf(slip)) + step];
    if (!lane) return say("The week ends here.");
    lane.append(lifted.item);
    slip.focus();
    mark(lane);
    say(lane.dataset.name);
  } else if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    const { item, home, next } = lifted;
    lifted = null;
    setDown(slip, item, home, next, laneOf(slip)).then(() => slip.focus());
  } else if (event.key === "Escape") {
    event.preventDefault();
    putBack();
  }
});

calendar.addEventListener("focusout", () => {
  // Moving the slip takes the focus away for an instant.
  setTimeout(() => lifted && document.activeElement !== lifted.slip && putBack(), 0);
});

// --- by dragging ------------------------------------------------------------------------------------

let dragged = null;

calendar.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-slip]") ?? null;
  if (!dragged) return event.preventDefault();
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", nameOf(dragged));
  dragged.closest("li").classList.add("is-lifted");
});

calendar.addEventListener("dragover", (event) => {
  const lane = event.target.closest(".lane-planned");
  if (!dragged || !lane) return;
  event.preventDefault();
  mark(lane);
});

calendar.addEventListener("drop", (event) => {
  const lane = event.target.closest(".lane-planned");
  if (!dragged || !lane) return;
  event.preventDefault();
  const slip = dragged;
  dragged = null;
  const item = slip.closest("li");
  setDown(slip, item, laneOf(slip), item.nextElementSibling, lane);
});

calendar.addEventListener("dragend", () => {
  dragged?.closest("li").classList.remove("is-lifted");
  dragged = null;
  mark(null);
});
