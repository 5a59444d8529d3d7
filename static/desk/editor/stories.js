// A card that leads to another of our stories: <div data-article="45"></div>.
import { Node } from "django-prose-editor/editor";
import { attributes, cardView, changeButton, placeBlock, showKnown, tool } from "./cards.js";
import { pick } from "./picker.js";
import { WORDS } from "./words.js";

const choose = () => pick("article", WORDS.pickArticle);

async function insert(editor) {
  const row = await choose();
  if (row) placeBlock(editor, { type: "relatedStory", attrs: { article: String(row.id) } });
  else editor.commands.focus();
}

export const RelatedStory = Node.create({
  name: "relatedStory",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => attributes({ article: "data-article" }),
  parseHTML: () => [{ tag: "div[data-article]", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
  addNodeView: () =>
    cardView({
      kind: "article",
      title: WORDS.relatedStory,
      row: (dom, label, node) => showKnown(dom, label, "article", node.attrs.article),
      actions: changeButton(choose, WORDS.relatedStory, "article"),
    }),
  addKeyboardShortcuts() {
    return { "Ctrl-Alt-r": () => (insert(this.editor), true) };
  },
  addMenuItems(bar) {
    tool(bar, {
      name: "relatedStory",
      icon: "article",
      title: WORDS.relatedStoryTool,
      priority: 180,
      active: (editor) => editor.isActive("relatedStory"),
      command: insert,
    });
  },
});
