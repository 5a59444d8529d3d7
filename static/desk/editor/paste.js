// What comes from word processors, mail and web pages, brought into the vocabulary before the editor reads it. The
// server's sanitiser has the last word (articles/body/schema.py); here nothing is lost that it would not know to keep.
import { Extension, pm } from "django-prose-editor/editor";
import { fromGoogle } from "./paste/google.js";
import { cleanLinks, withLinks } from "./paste/links.js";
import { fromCocoa } from "./paste/pages.js";
import { headings, loneBreaks, misplacedLists, plainQuotes, plainText, soleCells, spaces, splitLines } from "./paste/shape.js";
import { classRules, disarmed, dropStyles, languages, styles } from "./paste/styles.js";
import { footnotes, fromWord } from "./paste/word.js";
import { WORDS } from "./words.js";

const MOST_TEXT = 200_000; // characters, as articles/body/references.py has it
const MOST_MARKUP = 4_000_000; // of what is read at all: word processors write twenty signs for each one typed
const DEAD =
  "style, meta, link, script, title, xml, template, object, embed, o\\:p, nav, button, input, select, textarea, noscript," +
  " .screen-reader-text, .sr-only, .visually-hidden, [hidden], .mw-editsection";
const OWN_BLOCKS = "[data-footnote], [data-image], [data-article], [data-embed]";

/** What is in a clipboard's HTML as HTML of the vocabulary, and how much of what could not be kept. Loads nothing. */
export function cleanPaste(html) {
  if (html.includes("data-pm-slice")) return { html: disarmed(html), left: {} }; // copied here, or in another story of ours
  const rules = classRules(html);
  const doc = new DOMParser().parseFromString(disarmed(html), "text/html");
  const left = { pictures: 0, frames: 0, comments: 0, deletions: 0 };
  const take = (kind, found) => {
    left[kind] += found.length;
    for (const el of found) el.remove();
  };
  dropComments(doc);
  take("pictures", [...doc.querySelectorAll("img, picture:not(:has(img)), v\\:shape")].filter((img) => !isPixel(img) && !img.closest(OWN_BLOCKS)));
  for (const img of doc.querySelectorAll("img")) img.remove();
  take("frames", [...doc.querySelectorAll("iframe, video, audio")]);
  fromWord(doc, take, /schemas-microsoft-com:office|\bmso-|content=["']?LibreOffice/i.test(html));
  fromGoogle(doc, take);
  fromCocoa(doc, rules, /Cocoa HTML Writer/.test(html));
  for (const el of doc.querySelectorAll(DEAD)) if (!el.closest(OWN_BLOCKS)) el.remove();
  for (const el of doc.querySelectorAll("ins")) el.replaceWith(...el.childNodes);
  footnotes(doc);
  misplacedLists(doc);
  soleCells(doc);
  styles(doc, rules);
  dropStyles(doc);
  languages(doc);
  cleanLinks(doc);
  plainQuotes(doc);
  headings(doc);
  spaces(doc);
  splitLines(doc);
  loneBreaks(doc);
  return { html: doc.body.innerHTML, left };
}

/** Pictures of one point are there to count readers or to keep a distance. */
const isPixel = (img) => img.getAttribute("width") === "1" || img.getAttribute("height") === "1";

function dropComments(doc) {
  const walker = doc.createTreeWalker(doc, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.remove();
}

/** What is wrong with the size of a clipboard, or "". Pictures inside the markup do not count: they are left out. */
export function tooMuch(html, plain) {
  if (plain.length > MOST_TEXT) return WORDS.pasteTooLong(plain.length, MOST_TEXT);
  const read = html.length > MOST_MARKUP ? html.replace(/\bdata:[a-z]+\/[^"'\s>]+/gi, "").length : html.length;
  return read > MOST_MARKUP ? WORDS.pasteTooMuch(Math.round(read / 1e6), MOST_MARKUP / 1e6) : "";
}

export const PasteCleaner = Extension.create({
  name: "pasteCleaner",
  addProseMirrorPlugins() {
    const { editor } = this;
    const say = (message) => editor.storage.wordCount?.say(message);
    const refuse = (event, data) => {
      const wrong = data && tooMuch(data.getData("text/html"), data.getData("text/plain"));
      if (!wrong) return false;
      event.preventDefault();
      say(wrong);
      return true;
    };
    return [
      new pm.state.Plugin({
        props: {
          transformPastedHTML(html) {
            const { html: clean, left } = cleanPaste(html);
            const said = WORDS.pasteLeft(left);
            if (said) setTimeout(() => say(said));
            return clean;
          },
          transformPastedText: (text) => plainText(text),
          transformPasted: (slice, view) => new pm.model.Slice(withLinks(slice.content, view.state.schema), slice.openStart, slice.openEnd),
          handleDOMEvents: {
            paste: (_view, event) => refuse(event, event.clipboardData),
            drop: (_view, event) => refuse(event, event.dataTransfer),
          },
        },
      }),
    ];
  },
});
