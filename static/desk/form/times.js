// Times as a newsroom says them: now, in an hour, tomorrow 06:00. A box holds the time of the paper's clocks, named in
// [data-zone]; whoever sits in another zone reads beside it what time that is there.
const zone = document.querySelector("[data-zone]")?.dataset.zone;
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const MINUTE = 60_000;

/** The parts of a moment on the clocks of a zone, as numbers. */
function partsOf(moment, timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
}

/** A moment as a box holds it: 2026-11-30T16:00 on the paper's clocks. */
export function wallTime(moment, timeZone = zone) {
  const { year, month, day, hour, minute } = partsOf(moment, timeZone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The moment at which the paper's clocks show this; a time that they show twice is taken as the first. */
export function momentOf(wall, timeZone = zone) {
  const asked = Date.parse(`${wall}Z`);
  if (Number.isNaN(asked)) return null;
  let guess = asked;
  for (let tries = 0; tries < 3; tries += 1) guess -= Date.parse(`${wallTime(guess, timeZone)}Z`) - asked;
  return new Date(guess);
}

const inAnHour = () => wallTime(Math.ceil((Date.now() + 60 * MINUTE) / (5 * MINUTE)) * 5 * MINUTE);
const tomorrowAtSix = () => {
  const noon = momentOf(`${wallTime(Date.now()).slice(0, 10)}T12:00`);
  return `${wallTime(noon.getTime() + 24 * 60 * MINUTE).slice(0, 10)}T06:00`;
};
const CHOICES = [
  ["Now", () => wallTime(Date.now()), (field) => field.name !== "at"], // what goes out now is published
  ["In an hour", inAnHour, () => true],
  ["Tomorrow 06:00", tomorrowAtSix, () => true],
];

function equip(field) {
  if ("timed" in field.dataset) return;
  field.dataset.timed = "";
  const row = document.createElement("span");
  row.className = "times";
  for (const [words, when, fits] of CHOICES) {
    if (!fits(field)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = words;
    button.addEventListener("click", () => {
      field.value = when();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    row.append(button);
  }
  const said = document.createElement("output");
  said.className = "times-said";
  const say = () => {
    const moment = field.value && momentOf(field.value);
    const { weekday, hour, minute } = moment
      ? Object.fromEntries(
          new Intl.DateTimeFormat("en-GB", { timeZone: here, weekday: "short", hour: "2-digit", minute: "2-digit" })
            .formatToParts(moment)
            .map(({ type, value }) => [type, value]),
        )
      : {};
    const there = moment && here !== zone ? `; ${weekday} ${hour}:${minute} in ${here}, where you are` : "";
    said.textContent = `The paper’s time, ${zone}${there}`;
  };
  field.addEventListener("input", say);
  const help = document.getElementById(`${field.id}_helptext`);
  if (help && field.name === "at") help.hidden = true; // it says the same
  field.after(row, said);
  say();
}

function equipAll(within) {
  for (const field of within.querySelectorAll("input[type=datetime-local]:not([readonly])")) equip(field);
}

if (zone) {
  equipAll(document);
  document.addEventListener("desk:asked", ({ target }) => equipAll(target));
}
