// Word and Outlook: lists that are paragraphs, footnotes at the end, comments and tracked changes in the margin.

/** `take(kind, elements)` removes and counts; `tracks` says whether a <del> is a tracked deletion of a word processor. */
export function fromWord(doc, take, tracks) {
  // Content controls, smart tags and shapes: elements with a prefix, whose words are words.
  for (const el of [...doc.querySelectorAll("*")]) {
    if (/^(w|st\d+|v):/i.test(el.localName)) el.replaceWith(...el.childNodes);
  }
  if (tracks) take("deletions", [...doc.querySelectorAll("del")]);
  comments(doc, take);
  for (const el of doc.querySelectorAll('[data-style*="mso-hide:all"], [data-style*="mso-hide: all"]')) el.remove();
  for (const el of doc.querySelectorAll('[data-style*="mso-tab-count"]')) el.replaceWith(" ");
  titles(doc);
  lists(doc);
}

function comments(doc, take) {
  for (const el of doc.querySelectorAll('[data-style*="mso-comment-reference"]')) el.replaceWith(...el.childNodes);
  take("comments", [...doc.querySelectorAll(".MsoCommentReference")].filter((el) => !el.parentElement.closest(".MsoCommentReference, [data-style*='mso-element:comment']")));
  for (const el of doc.querySelectorAll('[data-style*="mso-element:comment"], .msocomanchor, .msocomoff')) el.remove();
}

const STYLED = { MsoTitle: "h2", MsoSubtitle: "h2", MsoQuote: "blockquote", MsoIntenseQuote: "blockquote" };

/** Paragraphs whose style says that they are a title or a quotation. */
function titles(doc) {
  for (const [name, tag] of Object.entries(STYLED)) {
    for (const p of doc.querySelectorAll(`p[class^="${name}"]`)) {
      const made = doc.createElement(tag);
      const before = p.previousElementSibling;
      if (tag === "blockquote") {
        p.before(made);
        made.append(p);
        if (before?.tagName === "BLOCKQUOTE" && before.dataset.joined) before.append(p), made.remove();
        else made.dataset.joined = "1";
      } else {
        made.append(...p.childNodes);
        p.replaceWith(made);
      }
    }
  }
  for (const el of doc.querySelectorAll("[data-joined]")) el.removeAttribute("data-joined");
}

/** List items are paragraphs with "mso-list:l0 level2 lfo1" in their style and the bullet in a span. */
function lists(doc) {
  let open = [];
  let last = null;
  let end = null;
  for (const p of [...doc.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const found = /mso-list:\s*(l\d+)\s+level(\d+)/i.exec(p.dataset.style || "");
    const bullet = [...p.querySelectorAll("[data-style]")].find((el) => /mso-list:\s*ignore/i.test(el.dataset.style));
    if (!found || p.tagName !== "P") {
      if (found) bullet?.remove(); // a numbered heading is a heading
      if (p.textContent.trim()) open = [];
      continue;
    }
    // Another list, or something other than a paragraph between the two.
    if ((last !== null && last !== found[1] && +found[2] === 1) || (end && p.previousElementSibling !== end && !isGap(p, end))) open = [];
    last = found[1];
    const level = Math.min(+found[2], open.length + 1);
    const sign = bullet ? bullet.textContent.trim() : "";
    bullet?.remove();
    open = open.slice(0, level);
    if (open.length < level) {
      const list = doc.createElement(/^\(?(\d{1,3}|[A-Za-z]{1,4})[.)]/.test(sign) ? "ol" : "ul");
      const first = /^\(?(\d{1,3})[.)]/.exec(sign);
      if (first && +first[1] !== 1) list.setAttribute("start", first[1]);
      const outer = open.at(-1);
      if (outer) outer.lastElementChild.append(list);
      else p.before(list);
      open.push(list);
    }
    const item = doc.createElement("li");
    const words = doc.createElement("p");
    words.append(...p.childNodes);
    item.append(words);
    open.at(-1).append(item);
    p.remove();
    end = open[0];
  }
}

function isGap(p, end) {
  for (let el = p.previousElementSibling; el; el = el.previousElementSibling) {
    if (el === end) return true;
    if (el.textContent.trim() || el.tagName === "TABLE") return false;
  }
  return false;
}

// Where each program's marks lead: Word, LibreOffice, Google Docs and many a web page.
const MARK = /#_?((?:ftn|edn|sdfootnote|sdendnote|ftnt|cite_note-|fn:?|footnote-?)[\w.-]*?)(?:sym)?$/i;
const BACK = /ref\d*$|anc$|_ref/i;
const LISTS = '[data-style*="footnote-list"], [data-style*="endnote-list"]';

/** <a href="#_ftn1"> in the text, <div id="ftn1"> at its end: the note moves into its mark. */
export function footnotes(doc) {
  const notes = new Set();
  for (const link of [...doc.querySelectorAll('a[href*="#"]')]) {
    const href = link.getAttribute("href");
    const name = MARK.exec(href)?.[1];
    if (!name || BACK.test(href)) continue;
    const note = noteOf(doc, name, link);
    if (!note) {
      // The mark came without its note: it stays as words. On a page it may well lead to another one.
      if (/^(ftn|edn|sd|cite)/i.test(name)) link.replaceWith(...link.childNodes);
      continue;
    }
    notes.add(note);
    const copy = note.cloneNode(true);
    for (const back of copy.querySelectorAll('a[href^="#"], a[href*="#_"], a[name], .mw-cite-backlink')) back.remove();
    const text = copy.textContent.replace(/\s+/g, " ").replace(/^[\s↑^]+/, "").trim();
    const mark = doc.createElement("sup");
    mark.setAttribute("data-footnote", text);
    const around = link.closest("sup");
    const place = around && around.textContent.trim() === link.textContent.trim() ? around : link;
    if (text) place.replaceWith(mark);
    else place.remove();
  }
  for (const note of notes) {
    const list = note.parentElement;
    note.remove();
    if (list?.tagName === "OL" && !list.children.length) list.remove();
  }
  for (const list of doc.querySelectorAll(LISTS)) {
    if (!list.textContent.trim()) list.remove();
    else list.replaceWith(...list.childNodes);
  }
}

function noteOf(doc, name, link) {
  const found = doc.getElementById(name) || doc.getElementById(`_${name}`);
  if (!found || found === link || found.contains(link)) return null;
  // Google Docs names the link back; the note is the block around it.
  return found.tagName === "A" || found.tagName === "SUP" ? found.closest("li, p, div") : found;
}
