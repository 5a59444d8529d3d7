// Everything that can be put into a text or done to its words, once for the toolbar's menus and the list behind “/”.
// What each does is the tool of that name; a tool says itself whether it may be used where the caret is.
import { keys } from "./words.js";

/** [name of the tool, what it is called, other words that find it, its key, its sign, whether the key is ours to bind] */
const INSERT = [
  ["picture", "Picture", "image photo upload", "Ctrl-Alt-p", "photo"],
  ["gallery", "Gallery", "pictures photos several", "Ctrl-Alt-Shift-p", "photo_library", true],
  ["inlineQuote", "Quotation", "quote expert person said", "Ctrl-Alt-i", "record_voice_over"],
  ["expertQuote", "Quote card", "pull quote expert person", "Ctrl-Alt-q", "recent_actors"],
  ["relatedStory", "Related story", "article card read more", "Ctrl-Alt-r", "article"],
  ["factBox", "Fact box", "facts aside background", "Ctrl-Alt-b", "fact_check"],
  ["embed", "Embed", "video post chart map address", "Ctrl-Alt-e", "smart_display", true],
  ["table", "Table", "rows columns grid", "Ctrl-Alt-g", "grid_on", true],
  ["footnote", "Footnote", "note source", "Ctrl-Alt-f", "†"],
  ["deskNote", "Note for colleagues", "comment desk note remark", "Ctrl-Alt-m", "add_comment"],
  ["link", "Link", "address url web", "Mod-k", "insert_link"],
  ["heading2", "Heading", "h2 title crosshead", "Mod-Alt-2", "title"],
  ["heading3", "Small heading", "h3 subtitle", "Mod-Alt-3", "title"],
  ["bulletList", "List", "bullets points", "Mod-Shift-8", "format_list_bulleted"],
  ["orderedList", "Numbered list", "ordered numbers", "Mod-Shift-7", "format_list_numbered"],
  ["blockquote", "Quotation block", "document extract", "Mod-Shift-b", "format_quote"],
  ["horizontalRule", "Break between scenes", "line rule divider", "Ctrl-Alt-h", "horizontal_rule", true],
];
const MORE = [
  ["bold", "Bold", "strong", "Mod-b", "format_bold"],
  ["italic", "Italic", "emphasis", "Mod-i", "format_italic"],
  ["strike", "Struck through", "strikethrough", "Mod-Shift-s", "format_strikethrough"],
  ["subscript", "Subscript", "sub below", "Mod-,", "subscript"],
  ["superscript", "Superscript", "sup above power", "Mod-.", "superscript"],
  ["languageRun", "Language of these words", "foreign lang direction", "Ctrl-Alt-k", "translate", true],
];

const row = ([name, label, also, shortcut, sign, bind = false]) => ({ name, label, also, shortcut, sign, bind, keys: keys(shortcut) });

export const INSERTED = INSERT.map(row);
export const DONE_TO_WORDS = MORE.map(row);
export const ELEMENTS = [...INSERTED, ...DONE_TO_WORDS];

/** The tools of the toolbar by name, each with what it does and whether it may be used. */
export function toolsOf(editor) {
  const all = ["blockType", "nodes", "marks", "more", "quote", "link", "lists", "newsroom", "table"].join(" ");
  return new Map(editor.storage.menu.menu.items(all).map((item) => [item.name, item]));
}

const folded = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** The elements that some words find, those first whose own name begins so. */
export function elementsFor(words, all = ELEMENTS) {
  const wanted = folded(words).trim();
  if (!wanted) return all;
  const begins = (text) => folded(text).startsWith(wanted) || folded(text).split(" ").some((word) => word.startsWith(wanted));
  const named = all.filter(({ label }) => begins(label));
  return [...named, ...all.filter((one) => !named.includes(one) && begins(one.also))];
}
