// The page as readers will get it, beside a story's form: <script data-preview="where to ask">. It is made on the server
// from the form as it stands, a moment after the last key; nothing is saved. It fills #preview and is called by
// [data-preview-toggle]; where the page has neither, it makes them.
const url = document.querySelector("script[data-preview]").dataset.preview;
const form = document.getElementById("article_form") ?? document.querySelector("#content-main form");
const WAIT = 400; // milliseconds after the last key
const WIDTHS = { phone: 390, desktop: 1280 };
const KEPT = "desk-preview";

function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

// --- the pane and its button ---------------------------------------------------------------------

let pane = document.getElementById("preview");
if (!pane) {
  pane = element('<aside class="preview-aside" id="preview" aria-label="Preview" tabindex="-1" hidden></aside>');
  document.body.append(pane);
}
let toggle = document.querySelector("[data-preview-toggle]");
if (!toggle) {
  toggle = element('<button type="button" class="button" data-preview-toggle aria-pressed="false" hidden>Preview</button>');
  const gap = document.querySelector(".desk-bar-gap");
  gap?.after(toggle);
}
pane.append(
  ...element(`<div>
    <div class="preview-tools" role="group" aria-label="How it is shown">
      <button type="button" class="button small" data-width="phone" aria-pressed="false">Phone</button>
      <button type="button" class="button small" data-width="desktop" aria-pressed="false">Desktop</button>
      <button type="button" class="button small" data-theme-of-page="light" aria-pressed="false">Light</button>
      <button type="button" class="button small" data-theme-of-page="dark" aria-pressed="false">Dark</button>
      <label>As at <input type="datetime-local" data-as-at></label>
      <button type="button" class="button small" data-as-now hidden>Now</button>
      <a class="preview-links" target="_blank" rel="noopener" hidden>Links for people outside</a>
      <button type="button" class="button small preview-close" data-preview-close>Close</button>
    </div>
    <p class="preview-says" role="status"></p>
    <div class="preview-stage"><iframe title="The page as readers get it" sandbox="allow-same-origin"></iframe></div>
  </div>`).children,
);
const frame = pane.querySelector("iframe");
const stage = pane.querySelector(".preview-stage");
const says = pane.querySelector(".preview-says");
const links = pane.querySelector(".preview-links");
const asAt = pane.querySelector("[data-as-at]");
const asNow = pane.querySelector("[data-as-now]");

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) || {};
  } catch {
    return {};
  }
}
const look = { open: false, width: "phone", theme: "light", ...remembered() };
function remember(changes) {
  Object.assign(look, changes);
  try {
    localStorage.setItem(KEPT, JSON.stringify(look));
  } catch {
    // Without storage it is as before on the next page.
  }
}

// --- how it is shown ------------------------------------------------------------------------------

function fit() {
  const width = WIDTHS[look.width] ?? WIDTHS.phone;
  const scale = Math.min(1, stage.clientWidth / width) || 1;
  frame.style.width = `${width}px`;
  frame.style.height = `${stage.clientHeight / scale}px`;
  frame.style.transform = `scale(${scale})`;
  frame.style.marginInlineStart = `${Math.max(0, (stage.clientWidth - width * scale) / 2)}px`;
}

function press() {
  for (const button of pane.querySelectorAll("[data-width]")) {
    button.setAttribute("aria-pressed", String(button.dataset.width === look.width));
  }
  for (const button of pane.querySelectorAll("[data-theme-of-page]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeOfPage === look.theme));
  }
  if (shown()) frame.contentDocument.documentElement.dataset.theme = look.theme;
  fit();
}

/** Whether the frame holds a page of ours: a browser that follows a link in it has put another there. */
function shown() {
  return frame.contentDocument?.URL === "about:srcdoc" && frame.contentDocument.querySelector("main") !== null;
}

function show(html) {
  if (!shown()) {
    frame.onload = () => {
      frame.contentDocument.documentElement.dataset.theme = look.theme;
      frame.contentDocument.addEventListener("click", follow);
    };
    frame.srcdoc = html.replace("<html ", `<html data-theme="${look.theme}" `);
    return;
  }
  // Only what has changed: fonts and style sheets stay, and the place where somebody reads.
  const page = frame.contentDocument;
  const next = new DOMParser().parseFromString(html, "text/html");
  const top = page.documentElement.scrollTop;
  page.documentElement.lang = next.documentElement.lang;
  page.documentElement.dir = next.documentElement.dir;
  page.body.replaceWith(page.adoptNode(next.body));
  page.documentElement.scrollTop = top;
}

/** A link of the page leads nowhere from here, but to a note of its own. */
function follow(event) {
  const link = event.target.closest?.("a[href], button, summary");
  if (!link || link.tagName === "SUMMARY") return;
  event.preventDefault();
  const place = link.getAttribute("href")?.startsWith("#") && link.getAttribute("href").slice(1);
  if (place) frame.contentDocument.getElementById(place)?.scrollIntoView();
}

// --- asking ---------------------------------------------------------------------------------------

let timer = 0;
let asked = 0;
let asking = null;

function soon() {
  if (pane.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT);
}

async function ask() {
  const mine = ++asked;
  asking?.abort();
  asking = new AbortController();
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  if (asAt.value) data.set("as_at", asAt.value);
  let answer;
  try {
    const response = await fetch(url, { method: "POST", body: data, signal: asking.signal });
    if (!response.headers.get("Content-Type")?.includes("json")) {
      answer = { error: response.redirected ? "You are logged out: log in again to see it." : "It cannot be shown just now." };
    } else answer = await response.json();
  } catch (error) {
    if (error.name === "AbortError") return;
    answer = { error: "There is no connection: the page is as it was before." };
  }
  if (mine !== asked) return; // a newer question has been asked
  says.textContent = answer.error ?? answer.says;
  says.classList.toggle("preview-wrong", "error" in answer);
  if (answer.html) show(answer.html);
  if (answer.links) {
    links.href = answer.links;
    links.hidden = false;
  }
}

function open(yes) {
  pane.hidden = !yes;
  toggle.setAttribute("aria-pressed", String(yes));
  document.body.classList.toggle("with-preview", yes);
  remember({ open: yes });
  if (!yes) return;
  press();
  ask();
}

pane.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target === asAt) event.preventDefault(); // which would send the story's form
});
toggle.hidden = false;
toggle.addEventListener("click", () => open(pane.hidden));
pane.addEventListener("click", (event) => {
  const { width, themeOfPage } = event.target.dataset;
  if (width) remember({ width });
  if (themeOfPage) remember({ theme: themeOfPage });
  if (width || themeOfPage) press();
  if ("previewClose" in event.target.dataset) {
    open(false);
    toggle.focus();
  }
});
for (const name of ["input", "change"]) {
  // What is typed here is no part of the form, though on some pages it stands within it.
  pane.addEventListener(name, (event) => {
    event.stopPropagation();
    asNow.hidden = !asAt.value;
    if (event.target === asAt) soon();
  });
  form.addEventListener(name, soon);
}
form.addEventListener("desk:changed", soon);
asNow.addEventListener("click", () => {
  asAt.value = "";
  asNow.hidden = true;
  ask();
});
new ResizeObserver(fit).observe(stage);
if (look.open && matchMedia("(min-width: 74em)").matches) open(true);
