// What is shown elsewhere: the text keeps an address, <div data-embed="https://…" data-title="…" data-image="7">, or the
// words of a post, <blockquote data-post="https://…" data-author="…" data-posted="2026-05-02">. Nothing is loaded here.
// Which addresses are allowed, and what becomes of them, the desk's list says: articles/desk/embeds.py.
import { Node, crel } from "django-prose-editor/editor";
import { attributes, cardView, placeBlock, setAttributes, tool } from "./cards.js";
import { ask, button } from "./dialog.js";
import { recall, remember } from "./lookup.js";
import { get } from "./page.js";
import { pickPicture } from "./pictures.js";
import { WORDS } from "./words.js";

const POST = "post";
const asked = new Map(); // address → {host, kind} or {refused}; absent until it has been asked for

/** What an address stands for as far as it is known; asks the desk where it is not, and then repaints the cards. */
function knownOf(address) {
  if (!asked.has(address)) {
    asked.set(address, {});
    get("embeds/", { url: address }).then(
      (found) => asked.set(address, found),
      // Without an answer nothing is wrong with the address.
      (refusal) => (refusal.answer?.error ? asked.set(address, { refused: refusal.message }) : asked.delete(address)),
    ).then(() => remember("embed", { id: address }));
  }
  return asked.get(address) || {};
}

/** The address in what was typed or pasted: an embed code brings it in a frame. */
function addressIn(typed) {
  const address = /<iframe\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)/i.exec(typed)?.[1].replaceAll("&amp;", "&") || typed;
  return /^https?:/i.test(address) ? address : `https://${address.replace(/^\/\//, "")}`;
}

/** Ask for an address and a title; resolves with {url, title, kind}, or null. The desk says what it does not allow. */
async function askAddress(value = {}) {
  const { allowed = "" } = await get("embeds/").catch(() => ({}));
  return ask({
    title: WORDS.embedTitle,
    help: allowed && WORDS.embedHelp(allowed),
    fields: [
      { name: "url", label: WORDS.embedUrl, value: value.url, required: true, max: 4000 },
      { name: "title", label: WORDS.embedName, value: value.title, max: 160, help: WORDS.embedNameHelp },
    ],
    async send({ url: typed, title }) {
      const url = addressIn(typed);
      const found = await get("embeds/", { url });
      asked.set(url, found);
      return { url, title: title || null, kind: found.kind, host: found.host };
    },
  });
}

const isDay = (value) => (!value || /^\d{4}-\d\d-\d\d$/.test(value) ? "" : WORDS.postDayBad);

/** Ask who wrote a post and when, and for the words of a new one. */
function askPost(host, value = null) {
  const fields = [
    { name: "author", label: WORDS.postAuthor, value: value?.author, required: true, max: 120, help: WORDS.postAuthorHelp },
    { name: "posted", label: WORDS.postDay, type: "date", value: value?.posted, check: isDay },
  ];
  if (!value) fields.unshift({ name: "text", label: WORDS.postText, rows: 5, required: true, max: 5000 });
  return ask({ title: WORDS.postTitle(host), help: WORDS.postHelp, fields, submit: value ? WORDS.save : WORDS.insert });
}

const paragraphs = (text) =>
  text.split(/\n+/).map((line) => line.trim()).filter(Boolean).map((line) => ({ type: "paragraph", content: [{ type: "text", text: line }] }));

/** Ask for an address, and put in what it stands for. */
export async function insertEmbed(editor) {
  const given = await askAddress();
  if (!given) return editor.commands.focus();
  if (given.kind !== POST) return placeBlock(editor, { type: "embed", attrs: { url: given.url, title: given.title } });
  const post = await askPost(given.host);
  if (!post) return editor.commands.focus();
  const attrs = { url: given.url, author: post.author, posted: post.posted || null };
  return placeBlock(editor, { type: "post", attrs, content: paragraphs(post.text) });
}

function tools(editor, getPos, current) {
  const change = async () => {
    const given = await askAddress(current().attrs);
    if (given?.kind === POST) editor.storage.wordCount?.say(WORDS.postInstead(given.host));
    else if (given) setAttributes(editor, getPos(), { url: given.url, title: given.title });
    editor.commands.focus();
  };
  const choose = async () => {
    const row = await pickPicture();
    if (row) setAttributes(editor, getPos(), { still: String(row.id) });
    editor.commands.focus();
  };
  const drop = () => {
    setAttributes(editor, getPos(), { still: null });
    editor.commands.focus();
  };
  return [
    button(WORDS.change, change, { "aria-label": `${WORDS.change}: ${WORDS.embed}` }),
    button(WORDS.embedStill, choose),
    button(WORDS.embedNoStill, drop, { className: "desk-card__drop" }),
  ];
}

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => attributes({ url: "data-embed", title: "data-title", still: "data-image" }),
  parseHTML: () => [{ tag: "div[data-embed]", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
  addNodeView: () =>
    cardView({
      kind: "embed",
      title: WORDS.embed,
      row(dom, label, { attrs }) {
        const known = knownOf(attrs.url || "");
        const still = attrs.still ? recall("image", attrs.still) : undefined;
        label.replaceChildren(
          ...(still?.thumb ? [crel("img", { src: still.thumb, alt: "" })] : []),
          crel("b", { textContent: attrs.title || known.host || attrs.url }),
          crel("small", { textContent: attrs.url }),
          ...(known.refused ? [crel("small", { className: "desk-card__warning", textContent: known.refused })] : []),
        );
        dom.classList.toggle("is-missing", !!known.refused || still === null);
        const drop = dom.querySelector(".desk-card__drop");
        if (drop) drop.hidden = !attrs.still;
      },
      actions: tools,
    }),
  addMenuItems(bar) {
    tool(bar, {
      name: "embed",
      icon: "smart_display",
      title: WORDS.embed,
      priority: 140,
      active: (editor) => editor.isActive("embed"),
      command: insertEmbed,
    });
  },
});

export const Post = Node.create({
  name: "post",
  group: "block",
  content: "paragraph+",
  defining: true,
  draggable: true,
  addAttributes: () => attributes({ url: "data-post", author: "data-author", posted: "data-posted" }),
  parseHTML: () => [{ tag: "blockquote[data-post]", priority: 110 }], // before the plain blockquote
  renderHTML: ({ HTMLAttributes }) => ["blockquote", HTMLAttributes, 0],
  addNodeView: () =>
    cardView({
      kind: "post",
      title: WORDS.post,
      row(dom, label, { attrs }) {
        const known = knownOf(attrs.url || "");
        const said = [known.host, attrs.posted].filter(Boolean).join(" · ");
        label.replaceChildren(
          crel("b", { textContent: attrs.author || attrs.url }),
          crel("small", { textContent: known.refused || said || attrs.url, className: known.refused ? "desk-card__warning" : "" }),
        );
        dom.classList.toggle("is-missing", !!known.refused);
      },
      inside: () => crel("div", { className: "desk-card__body", "data-empty": WORDS.postText }),
      painted: (_dom, body, node) => body.classList.toggle("is-empty", !node.textContent),
      actions(editor, getPos, current) {
        const change = async () => {
          const { attrs } = current();
          const given = await askPost(asked.get(attrs.url)?.host || WORDS.postElsewhere, attrs);
          if (given) setAttributes(editor, getPos(), { author: given.author, posted: given.posted || null });
          editor.commands.focus();
        };
        return [button(WORDS.change, change, { "aria-label": `${WORDS.change}: ${WORDS.post}` })];
      },
    }),
});
