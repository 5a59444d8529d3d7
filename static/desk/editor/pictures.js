// Pictures of the library: <figure data-image="7" data-size="…"><figcaption>, alone or in a gallery, and their upload.
import { Node, crel, pm } from "django-prose-editor/editor";
import { attributes, cardView, placeBlock, setAttributes, showKnown, tool } from "./cards.js";
import { ask, button, modal } from "./dialog.js";
import { recall, remember } from "./lookup.js";
import { post } from "./page.js";
import { pick } from "./picker.js";
import { takeIn } from "./uploads.js";
import { WORDS } from "./words.js";

const TYPES = "image/jpeg,image/png,image/webp,image/gif";

// --- choosing and uploading ------------------------------------------------------------------

export function pickPicture() {
  return pick("image", WORDS.pickImage, (_words, { may_add: mayAdd }) =>
    mayAdd ? [{ label: WORDS.upload, run: () => upload() }] : [],
  );
}

/** Ask for a file and what it shows, send it in, and resolve with its row; null where the person cancels. */
function upload() {
  return ask({
    title: WORDS.uploadTitle(1, 1),
    help: WORDS.uploadHelp,
    fields: [
      { name: "file", label: WORDS.uploadFile, type: "file", accept: TYPES, required: true },
      { name: "alt", label: WORDS.uploadAlt, rows: 2, max: 300 },
      { name: "credit", label: WORDS.uploadCredit, max: 160 },
      { name: "caption", label: WORDS.uploadCaption, rows: 2, max: 600 },
    ],
    submit: WORDS.uploadSave,
    async send(values) {
      const made = await post("images/", values);
      remember("image", made);
      return made;
    },
  }).then((made) => (made?.alike?.length ? offer(made) : made));
}

/** Offer the picture that the library had already in place of one just sent; resolves with the row that is wanted. */
async function offer(made) {
  const [other] = made.alike;
  const instead = await modal(WORDS.sameTitle(other.same), (close) => {
    const problem = crel("p", { className: "desk-dialog__error", role: "alert", hidden: true });
    const use = async () => {
      try {
        close(await post(`images/${made.id}/instead/`, { other: other.id }));
      } catch (refusal) {
        problem.textContent = refusal.message;
        problem.hidden = false;
      }
    };
    const words = [crel("b", { textContent: other.label }), crel("small", { textContent: other.sub })];
    if (other.warning) words.push(crel("small", { textContent: other.warning }));
    return [
      crel("div", { className: "desk-same" }, [crel("img", { src: other.thumb, alt: "" }), crel("span", {}, words)]),
      problem,
      crel("div", { className: "desk-dialog__foot" }, [
        button(WORDS.sameUse, use, { className: "default" }),
        button(WORDS.sameKeep, () => close()),
      ]),
    ];
  });
  if (instead) remember("image", instead);
  return instead || made;
}

const picture = (row) => ({ type: "picture", attrs: { image: String(row.id) } });

async function insert(editor) {
  const row = await pickPicture();
  if (row) placeBlock(editor, picture(row));
  else editor.commands.focus();
}

/** Where a dropped picture goes: before or behind the block under the pointer, never into a sentence. */
function edgeAt(view, event) {
  const found = view.posAtCoords({ left: event.clientX, top: event.clientY });
  if (!found) return view.state.doc.content.size;
  const $pos = view.state.doc.resolve(found.inside >= 0 ? found.inside : found.pos);
  const before = $pos.depth ? $pos.before(1) : $pos.pos;
  const block = view.nodeDOM(before);
  const node = view.state.doc.nodeAt(before);
  if (!node || !block || !block.getBoundingClientRect) return before;
  const box = block.getBoundingClientRect();
  return event.clientY < box.top + box.height / 2 ? before : before + node.nodeSize;
}

function uploads(editor) {
  const place = async (files, at) => {
    const { rows, said } = await takeIn(files);
    let pos = at;
    for (const row of rows) {
      placeBlock(editor, picture(row), pos);
      if (pos !== null) pos += editor.state.doc.nodeAt(pos).nodeSize;
    }
    if (said) editor.storage.wordCount?.say(said);
    editor.commands.focus();
  };
  const handle = (event, data, at) => {
    if (!data || !data.files.length || !editor.isEditable) return false;
    // A browser that copies a picture of a page, or a word processor, sends words as well: those are wanted.
    if (event.type === "paste" && [...data.types].some((type) => type.startsWith("text/"))) return false;
    event.preventDefault();
    const files = [...data.files];
    if (files.some((file) => file.type.startsWith("image/"))) place(files, at());
    else editor.storage.wordCount?.say(WORDS.notPictures);
    return true;
  };
  return new pm.state.Plugin({
    props: {
      handleDOMEvents: {
        drop: (view, event) => handle(event, event.dataTransfer, () => edgeAt(view, event)),
        paste: (_view, event) => handle(event, event.clipboardData, () => null),
      },
    },
  });
}

// --- the picture -----------------------------------------------------------------------------

function pictureTools(editor, getPos, current) {
  const size = crel(
    "select",
    { "aria-label": `${WORDS.size}: ${WORDS.picture}`, className: "desk-card__size" },
    Object.entries(WORDS.sizes).map(([value, textContent]) => crel("option", { value, textContent })),
  );
  size.value = current().attrs.size || "normal";
  size.addEventListener("change", () => {
    setAttributes(editor, getPos(), { size: size.value === "normal" ? null : size.value });
    size.focus();
  });
  const change = async () => {
    const row = await pickPicture();
    if (row) setAttributes(editor, getPos(), { image: String(row.id) });
    editor.commands.focus();
  };
  return [size, button(WORDS.change, change, { "aria-label": `${WORDS.change}: ${WORDS.picture}` })];
}

export const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  defining: true,
  isolating: true,
  draggable: true,
  addAttributes: () => attributes({ image: "data-image", size: "data-size" }),
  parseHTML: () => [
    {
      tag: "figure[data-image]",
      priority: 100,
      contentElement: (figure) => figure.querySelector("figcaption") || document.createElement("figcaption"),
    },
  ],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, ["figcaption", 0]],
  addNodeView: () =>
    cardView({
      kind: "image",
      title: WORDS.picture,
      row: (dom, label, node) => showKnown(dom, label, "image", node.attrs.image),
      inside: () => crel("div", { className: "desk-card__body desk-card__caption" }),
      actions: pictureTools,
      painted(dom, body, node) {
        const known = recall("image", node.attrs.image);
        body.dataset.empty = known && known.caption ? WORDS.captionOwn(known.caption) : WORDS.captionEmpty;
        body.classList.toggle("is-empty", !node.content.size);
        dom.dataset.size = node.attrs.size || "normal";
        const size = dom.querySelector(".desk-card__size");
        if (size) size.value = node.attrs.size || "normal";
      },
    }),
  addKeyboardShortcuts() {
    return {
      "Ctrl-Alt-p": () => (insert(this.editor), true),
      // A caption is one line: Enter leaves it for a paragraph behind the picture.
      Enter: () => leave(this.editor),
    };
  },
  addProseMirrorPlugins() {
    return [uploads(this.editor)];
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "picture",
      icon: "photo",
      title: WORDS.pictureTool,
      priority: 170,
      active: (editor) => editor.isActive("picture"),
      command: insert,
    });
  },
});

function leave(editor) {
  const { $from } = editor.state.selection;
  if ($from.parent.type.name !== "picture") return false;
  const { tr, schema } = editor.state;
  const end = $from.after(1);
  const next = tr.doc.nodeAt(end);
  if (!next || next.type.name !== "paragraph" || next.content.size) tr.insert(end, schema.nodes.paragraph.create());
  tr.setSelection(pm.state.TextSelection.create(tr.doc, end + 1));
  editor.view.dispatch(tr.scrollIntoView());
  return true;
}

// --- several as a gallery --------------------------------------------------------------------

const GalleryItem = Node.create({
  name: "galleryItem",
  content: "picture",
  parseHTML: () => [{ tag: "li", context: "gallery/", priority: 120 }],
  renderHTML: () => ["li", 0],
});

const item = (row) => ({ type: "galleryItem", content: [picture(row)] });

async function addTo(editor, getPos) {
  const row = await pickPicture();
  if (row) {
    const pos = getPos();
    const { tr, doc, schema } = editor.state;
    editor.view.dispatch(tr.insert(pos + doc.nodeAt(pos).nodeSize - 1, schema.nodeFromJSON(item(row))).scrollIntoView());
  }
  editor.commands.focus();
}

export const Gallery = Node.create({
  name: "gallery",
  group: "block",
  content: "galleryItem+",
  defining: true,
  isolating: true,
  draggable: true,
  addExtensions: () => [GalleryItem],
  parseHTML: () => [{ tag: "ul[data-gallery]", priority: 120 }],
  renderHTML: () => ["ul", { "data-gallery": "" }, 0],
  addNodeView: () =>
    cardView({
      kind: "gallery",
      title: WORDS.gallery,
      row: (_dom, label, node) => {
        label.textContent = `${node.childCount}`;
      },
      inside: () => crel("ul", { className: "desk-gallery" }),
      actions: (editor, getPos) => [button(WORDS.galleryAdd, () => addTo(editor, getPos))],
    }),
  addMenuItems(bar) {
    tool(bar, {
      name: "gallery",
      icon: "photo_library",
      title: WORDS.gallery,
      priority: 160,
      active: (editor) => editor.isActive("gallery"),
      async command(editor) {
        const row = await pickPicture();
        if (row) placeBlock(editor, { type: "gallery", content: [item(row)] });
        else editor.commands.focus();
      },
    });
  },
});
