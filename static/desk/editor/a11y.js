// What the editor lacks for people who do not point: names, a toolbar that arrow keys walk, states told aloud.
import { Extension, pm } from "django-prose-editor/editor";
import { moveBlock } from "./cards.js";
import { WORDS } from "./words.js";

const STOPS = ".prose-menubar__selected, .prose-menubar__group > button:not(.hidden)";

/** The text itself: named by the field's label, described by the field's help and errors. */
function nameText(editor, textarea) {
  const label = textarea && textarea.id ? document.querySelector(`label[for="${textarea.id}"]`) : null;
  const help = document.createElement("p");
  help.id = `${(textarea && textarea.id) || "desk"}-keys`;
  help.className = "desk-keys";
  help.textContent = WORDS.bodyHelp;
  editor.view.dom.parentElement.append(help);
  const described = [textarea && textarea.getAttribute("aria-describedby"), help.id].filter(Boolean).join(" ");
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": WORDS.body, "aria-describedby": described };
  if (label) {
    label.id = label.id || `${textarea.id}-label`;
    delete attributes["aria-label"];
    attributes["aria-labelledby"] = label.id;
    label.addEventListener("click", () => editor.commands.focus());
  }
  if (textarea && textarea.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
  if (!editor.isEditable) attributes["aria-readonly"] = "true";
  const language = document.querySelector("[name=language]");
  editor.registerPlugin(new pm.state.Plugin({ props: { attributes: () => ({ ...attributes, ...inLanguage(language, textarea) }) } }));
  language?.addEventListener("change", () => editor.view.dispatch(editor.state.tr));
}

/** The story's language and direction, as chosen or as saved, which the spelling checker and the caret go by. */
function inLanguage(field, box) {
  // A page without the choice has them on the text's own box; so has a browser that knows no directions.
  const saved = box?.lang ? { lang: box.lang, dir: box.dir } : {};
  if (!field || field.value === box?.lang) return saved;
  try {
    const locale = new Intl.Locale(field.value);
    const info = locale.getTextInfo ? locale.getTextInfo() : locale.textInfo;
    return { lang: field.value, dir: info && info.direction === "rtl" ? "rtl" : "ltr" };
  } catch {
    return {}; // no field, or no language tag in it yet
  }
}

/** One stop for Tab; arrows, Home and End walk the tools. */
function rove(bar) {
  const stops = () => [...bar.querySelectorAll(STOPS)];
  const stay = (stop) => {
    for (const one of stops()) one.tabIndex = one === stop ? 0 : -1;
  };
  stay(stops()[0]);
  bar.addEventListener("focusin", (event) => stops().includes(event.target) && stay(event.target));
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length].focus();
  });
}

/** The paragraph styles: a button that opens a menu. */
function nameDropdown(bar) {
  for (const opener of bar.querySelectorAll(".prose-menubar__selected")) {
    const picker = opener.parentElement.querySelector(".prose-menubar__picker");
    const options = () => [...picker.querySelectorAll("button:not(.hidden)")];
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-haspopup", "menu");
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-label", WORDS.style);
    opener.title = WORDS.style;
    picker.setAttribute("role", "menu");
    picker.setAttribute("aria-label", WORDS.style);
    picker.firstElementChild.setAttribute("role", "presentation");
    for (const option of picker.querySelectorAll("button")) {
      option.setAttribute("role", "menuitem");
      // A heading inside a menu item would be one of the page's.
      for (const shown of option.children) shown.setAttribute("role", "presentation");
    }
    picker.addEventListener("toggle", (event) => {
      opener.setAttribute("aria-expanded", String(event.newState === "open"));
      if (event.newState === "open") options()[0]?.focus();
    });
    opener.addEventListener("keydown", (event) => {
      if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      opener.click();
    });
    picker.addEventListener("keydown", (event) => {
      const all = options();
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) {
        event.preventDefault();
        all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        picker.hidePopover();
        opener.focus();
      }
    });
  }
}

function nameTools(bar) {
  for (const tool of bar.querySelectorAll("button[data-name]")) {
    const name = WORDS.tools[tool.dataset.name];
    if (!name) continue;
    tool.title = name;
    tool.setAttribute("aria-label", name);
  }
  bar.querySelectorAll(".prose-menubar__group").forEach((group) => group.setAttribute("role", "group"));
}

/** Whether each tool is on and may be used, which the stock toolbar shows by colour alone. */
function tellStates(bar) {
  for (const opener of bar.querySelectorAll(".prose-menubar__selected > *")) opener.inert = true; // a button in a button
  for (const tool of bar.querySelectorAll(".prose-menubar__group > button:not([aria-haspopup])")) {
    tool.setAttribute("aria-pressed", String(tool.classList.contains("active")));
    tool.setAttribute("aria-disabled", String(tool.classList.contains("disabled")));
  }
}

/** The block of the selection up or down one place: what dragging does for a mouse. */
function shift(editor, by) {
  const { selection } = editor.state;
  const { $from } = selection;
  const pos = $from.depth ? $from.before(1) : selection.from;
  const offset = $from.pos - pos;
  if (!moveBlock(editor, pos, by)) return true;
  if ($from.depth) {
    const { tr, selection: moved } = editor.state;
    editor.view.dispatch(tr.setSelection(pm.state.TextSelection.near(tr.doc.resolve(moved.from + offset))));
  }
  return true;
}

export const DeskA11y = Extension.create({
  name: "deskA11y",
  priority: 10, // after the menu and our own bars are there
  onCreate() {
    const { editor } = this;
    const root = editor.view.dom.parentElement;
    nameText(editor, root.querySelector("textarea"));
    const bar = root.querySelector(".prose-menubar");
    if (!bar) return;
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", WORDS.toolbar);
    nameDropdown(bar);
    nameTools(bar);
    rove(bar);
    editor.on("transaction", () => tellStates(bar));
    tellStates(bar);
  },
  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => (this.editor.view.dom.parentElement.querySelector('.prose-menubar [tabindex="0"]')?.focus(), true),
      "Alt-Shift-ArrowUp": () => shift(this.editor, -1),
      "Alt-Shift-ArrowDown": () => shift(this.editor, 1),
    };
  },
});
