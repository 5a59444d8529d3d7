// The rail: its panels remember which of them is open, links lead into them, and on a phone it comes when it is called;
// the preview takes its place where there is none for both.
import { openPanel } from "./page.js";

const KEPT = "desk-panels"; // which panels somebody left open or closed, on every story alike
const phone = matchMedia("(max-width: 47.9375em)");
const panels = [...document.querySelectorAll("[data-panel]")];

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}

const left = remembered();
for (const panel of panels) {
  const wrong = panel.querySelector(".errorlist");
  if (panel.dataset.panel in left && !wrong) panel.open = left[panel.dataset.panel];
  if (phone.matches && !wrong) panel.open = false;
  panel.addEventListener("toggle", () => {
    if (phone.matches) return;
    try {
      localStorage.setItem(KEPT, JSON.stringify({ ...remembered(), [panel.dataset.panel]: panel.open }));
    } catch {
      // Without storage they are as the page has them.
    }
  });
}

/** Follow an address within the page into a panel: “#panel-filing”, or a box that stands in one. */
function follow(hash) {
  let target = null;
  try {
    target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch {
    return false;
  }
  const panel = target && target.closest("[data-panel]");
  if (!panel) return false;
  openPanel(panel.dataset.panel, target === panel ? null : target.querySelector("input, select, textarea, button") ?? target);
  target.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  const field = link.dataset.field && document.getElementById(`id_${link.dataset.field}`);
  const panel = field?.closest("[data-panel]");
  if (panel ? openPanel(panel.dataset.panel, field) : follow(link.hash)) event.preventDefault();
});
if (location.hash) follow(location.hash);

// On a phone
const details = document.querySelector("[data-rail-toggle]");
function showRail(open) {
  document.body.dataset.rail = open ? "open" : "closed";
  details.setAttribute("aria-expanded", String(open));
}
details?.addEventListener("click", () => showRail(document.body.dataset.rail !== "open"));
document.addEventListener("click", (event) => {
  if (document.body.dataset.rail !== "open" || !phone.matches) return;
  if (event.target.closest(".rail, .bar, dialog, .select2-container") || !event.target.isConnected) return;
  if (!event.target.closest("a[href^='#']")) showRail(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.body.dataset.rail !== "open" || event.defaultPrevented) return;
  showRail(false);
  details.focus();
});
