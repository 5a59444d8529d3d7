// A video or post of somebody else's: the text keeps its address, <div data-embed="https://…">. Nothing is loaded here.
import { Node, crel } from "django-prose-editor/editor";
import { attributes, cardView, placeBlock, setAttributes, tool } from "./cards.js";
import { ask, button } from "./dialog.js";
import { WORDS } from "./words.js";

const hostOf = (address) => {
  try {
    const url = new URL(address);
    return /^https?:$/.test(url.protocol) ? url.hostname.replace(/^(www\.|m\.)/, "") : "";
  } catch {
    return "";
  }
};

/** Ask for the address; `hosts` is the allow-list that the server keeps, to say so before the save. */
async function askAddress(hosts, value = "") {
  const list = hosts.join(", ");
  const given = await ask({
    title: WORDS.embedTitle,
    fields: [
      {
        name: "url",
        label: WORDS.embedUrl,
        type: "url",
        value,
        required: true,
        max: 1000,
        help: WORDS.embedHelp(list),
        check(address) {
          const host = hostOf(address);
          if (!host) return WORDS.embedNoUrl;
          return hosts.includes(host) ? "" : WORDS.embedRefused(host, list);
        },
      },
    ],
  });
  return given && given.url;
}

export const Embed = Node.create({
  name: "embed",
  group: "block",
  atom: true,
  draggable: true,
  addOptions: () => ({ hosts: ["youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com", "player.vimeo.com"] }),
  addAttributes: () => attributes({ url: "data-embed" }),
  parseHTML: () => [{ tag: "div[data-embed]", priority: 100 }],
  renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes],
  addNodeView() {
    const { hosts } = this.options;
    const change = async (editor, getPos, current) => {
      const url = await askAddress(hosts, current().attrs.url);
      if (url) setAttributes(editor, getPos(), { url });
      editor.commands.focus();
    };
    return cardView({
      kind: "embed",
      title: WORDS.embed,
      row(dom, label, node) {
        const host = hostOf(node.attrs.url || "");
        const refused = !hosts.includes(host);
        label.replaceChildren(
          crel("b", { textContent: host || node.attrs.url }),
          crel("small", { textContent: refused ? WORDS.embedRefused(host || node.attrs.url, hosts.join(", ")) : node.attrs.url }),
        );
        dom.classList.toggle("is-missing", refused);
      },
      actions: (editor, getPos, current) => [
        button(WORDS.change, () => change(editor, getPos, current), { "aria-label": `${WORDS.change}: ${WORDS.embed}` }),
      ],
    });
  },
  addMenuItems(bar) {
    const { hosts } = this.options;
    tool(bar, {
      name: "embed",
      icon: "smart_display",
      title: WORDS.embed,
      priority: 140,
      active: (editor) => editor.isActive("embed"),
      async command(editor) {
        const url = await askAddress(hosts);
        if (url) placeBlock(editor, { type: "embed", attrs: { url } });
        else editor.commands.focus();
      },
    });
  },
});
