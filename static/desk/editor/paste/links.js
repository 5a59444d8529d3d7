// Links as their writers meant them: not through a mail filter or a counter, and without what says who clicked.
const TRACKING = /^(utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid|yclid|igshid|igsh|mc_[ce]id|_hs\w+|mkt_tok|vero_id|oly_\w+|ref_src|ref_url|s_cid|cmpid|ns_\w+)$/i;
// The parameter of each wrapper that holds the address wrapped.
const WRAPPERS = [
  { host: /(^|\.)google\.[a-z.]{2,8}$/, path: /^\/url$/, names: ["q", "url"] },
  { host: /\.safelinks\.protection\.outlook\.com$/, path: /^\//, names: ["url"] },
  { host: /^lm?\.facebook\.com$/, path: /^\/l\.php$/, names: ["u"] },
  { host: /^(www\.)?linkedin\.com$/, path: /^\/(redir\/redirect|safety\/go)/, names: ["url"] },
];

/** The address that a link leads to in the end, without parameters that only count; as it is where it is none. */
export function cleanAddress(href) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return href;
  }
  for (let round = 0; round < 3; round += 1) {
    const wrapper = WRAPPERS.find(({ host, path }) => host.test(url.hostname) && path.test(url.pathname));
    const inner = wrapper && wrapper.names.map((name) => url.searchParams.get(name)).find((value) => /^https?:\/\//i.test(value || ""));
    if (!inner || !URL.canParse(inner)) break;
    url = new URL(inner);
    href = inner;
  }
  const names = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  if (!names.length) return href;
  for (const name of names) url.searchParams.delete(name);
  return url.href;
}

const BARE = /https?:\/\/[^\s<>"“”„«»()[\]{}]+[^\s<>"“”„«»()[\]{}.,;:!?'’]/g;

/** A pasted fragment with links on the addresses that stand in its text and have none. */
export function withLinks(fragment, schema) {
  const { link } = schema.marks;
  const nodes = [];
  fragment.forEach((node) => {
    if (!node.isText) return nodes.push(node.copy(withLinks(node.content, schema)));
    const linked = link.isInSet(node.marks);
    let done = 0;
    for (const found of linked ? [] : node.text.matchAll(BARE)) {
      if (found.index > done) nodes.push(node.cut(done, found.index));
      done = found.index + found[0].length;
      const piece = node.cut(found.index, done);
      nodes.push(piece.mark(link.create({ href: cleanAddress(found[0]) }).addToSet(piece.marks)));
    }
    return done < node.text.length && nodes.push(done ? node.cut(done) : node);
  });
  return fragment.constructor.from(nodes);
}

export function cleanLinks(doc) {
  for (const link of doc.querySelectorAll("a")) {
    const href = (link.getAttribute("href") || "").trim();
    if (/^(https?:|mailto:|tel:|\/(?!\/))/i.test(href)) link.setAttribute("href", cleanAddress(href));
    else link.replaceWith(...link.childNodes); // a place in the document that it came from, or on somebody's disk
  }
}
