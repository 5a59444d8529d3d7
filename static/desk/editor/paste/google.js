// Google Docs: everything within a bold that is not bold, lists within lists without an item, comments as marks.
export function fromGoogle(doc, take) {
  for (const el of doc.querySelectorAll('b[id^="docs-internal-guid"]')) el.replaceWith(...el.childNodes);
  for (const back of [...doc.querySelectorAll('a[href^="#cmnt_ref"]')]) {
    (back.closest("div") || back.closest("p") || back).remove();
  }
  const marks = [...doc.querySelectorAll('a[href^="#cmnt"]')].map((link) => link.closest("sup") || link);
  take("comments", marks);
  // A list item says its words within a paragraph that is "presentation", which one line is.
  for (const p of doc.querySelectorAll('li > p[role="presentation"]')) p.removeAttribute("role");
}
