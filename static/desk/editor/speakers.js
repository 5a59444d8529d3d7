// Quotes by one key: the quotation at the caret, or the next that is nobody's yet, is offered to the person whom its
// sentence names, and one more key links it. The whole list, as after a paste, is taken one by one in the same way.
import { Extension, crel, pm } from "django-prose-editor/editor";
import { addContext, stretchOf } from "./context.js";
import { button, live, modal } from "./dialog.js";
import { articleId, post } from "./page.js";
import { placeAt, placesOf } from "./passages.js";
import { linkWords, newExpert, pickExpert, quote } from "./quotes.js";
import { WORDS } from "./words.js";

const QUOTED = /[“«„「][^“«„「]+[”»“」]|"[^"]+"/g;

/** Ask the desk for the quotations of the text that are nobody's yet: {quotations, may_add}. */
const read = (editor) => post(`articles/${articleId()}/voices/`, { body: editor.getHTML(), list: "1" });

/** A sentence with its quotation, as it stands in the text. */
function shown({ words, before, after }) {
  const dir = { dir: "auto", className: "desk-whose__said" };
  return crel("p", dir, [document.createTextNode(before), crel("mark", { textContent: `“${words}”` }), document.createTextNode(after)]);
}

const called = ({ label, sub }) => [label, sub].filter(Boolean).join(", ");
const mayLink = ({ person }) => person && !person.barred;

/** Ask whose words they are, where somebody has to choose or to be made; resolves with a row or null. */
async function ask({ quotation, may_add: mayAdd }) {
  const { name, title } = quotation;
  if (!name || !mayAdd) return pickExpert(name, title);
  const other = { label: WORDS.quoteFromBook, value: "elsewhere" };
  const made = await newExpert(name, title, { above: [shown(quotation)], submit: WORDS.quoteMake, other });
  return made === "elsewhere" ? pickExpert(name, title) : made;
}

/** One quotation, its sentence and the person proposed: resolves with a row, or null. */
async function offer(found) {
  const { quotation } = found;
  if (!mayLink(quotation)) return ask(found);
  const { person, doubt } = quotation;
  const chosen = await modal(WORDS.quoteTitle, (close) => {
    const notes = [doubt, person.warning].filter(Boolean).map((textContent) => crel("p", { className: "desk-dialog__help", textContent }));
    return [
      shown(quotation),
      crel("p", { className: "desk-whose__who" }, [crel("b", { textContent: person.label }), crel("small", { textContent: person.sub })]),
      ...notes,
      crel("div", { className: "desk-dialog__foot" }, [
        button(WORDS.quoteElse, () => close("else")),
        button(WORDS.cancel, () => close()),
        button(WORDS.quoteLink(person.label), () => close("link"), { className: "default", autofocus: true }),
      ]),
    ];
  });
  if (chosen === "else") return pickExpert();
  return chosen && person;
}

/** Link a quotation where it stands by now; says whether it was there. */
function link(editor, all, quotation, row) {
  const place = placesOf(editor.state.doc, all).find((one) => one.quotation === quotation);
  if (place) linkWords(editor, place, row.id);
  return !!place;
}

async function attempt(editor, act) {
  try {
    return await act();
  } catch (refusal) {
    editor.storage.wordCount?.say(refusal.message);
    editor.commands.focus();
    return null;
  }
}

/** The quotation at the caret, or the next one. */
async function offerOne(editor) {
  const around = stretchOf(editor, "inlineQuote");
  // Behind a quote, as after linking it, one is through with it.
  if (around && editor.state.selection.from < around.to) return quote(editor);
  const answer = await attempt(editor, () => read(editor));
  if (!answer) return null;
  const places = placesOf(editor.state.doc, answer.quotations);
  const { from, to, empty } = editor.state.selection;
  // Words that somebody has chosen outside of quotation marks are the quote.
  if (!empty && !places.some((one) => one.from <= to && from <= one.to)) return quote(editor);
  const place = placeAt(places, from);
  if (!place) return editor.storage.wordCount?.say(WORDS.quoteNone);
  const { tr } = editor.state;
  editor.view.dispatch(tr.setSelection(pm.state.TextSelection.create(tr.doc, place.from, place.to)).scrollIntoView());
  const row = await offer({ ...answer, quotation: place.quotation });
  editor.commands.focus();
  if (!row) return editor.commands.setTextSelection(place.to);
  const done = link(editor, answer.quotations, place.quotation, row);
  return editor.storage.wordCount?.say(done ? WORDS.quoteLinked(row.label) : WORDS.quoteGone);
}

/** All of them in a list, each taken with a key. */
async function offerAll(editor) {
  const answer = await attempt(editor, () => read(editor));
  if (!answer) return;
  let left = placesOf(editor.state.doc, answer.quotations).map(({ quotation }) => quotation);
  if (!left.length) return editor.storage.wordCount?.say(WORDS.quoteNone);
  await modal(
    WORDS.quoteList,
    (close) => {
      const said = live("desk-whose__told");
      const list = crel("ol", { className: "desk-whose" });
      const foot = crel("div", { className: "desk-dialog__foot" });
      const take = (quotation, row) => {
        const at = left.indexOf(quotation);
        const done = link(editor, left, quotation, row);
        left = left.filter((one) => one !== quotation);
        said.textContent = done ? WORDS.quoteLinked(row.label) : WORDS.quoteGone;
        if (!left.length) return close();
        paint();
        goTo(at);
      };
      // To the next for whom there is a proposal, so that one key takes it; where there is none, to the next.
      const goTo = (at) => {
        const ways = [...list.querySelectorAll("li button:first-child")];
        const next = [...ways.slice(at), ...ways.slice(0, at)];
        (next.find((way) => way.classList.contains("default")) || next[0])?.focus();
      };
      const decide = async (quotation, row) => {
        const chosen = row || (await attempt(editor, () => ask({ ...answer, quotation })));
        if (chosen) take(quotation, chosen);
      };
      const item = (quotation) => {
        const { person, name, title, doubt } = quotation;
        const who = person || (name ? { label: WORDS.quoteNew(name), sub: title } : null);
        const linking = mayLink(quotation);
        const label = linking ? WORDS.quoteLink(person.label) : who && answer.may_add && name ? WORDS.quoteNew(name) : WORDS.quotePerson;
        const ways = [button(label, () => decide(quotation, linking ? person : null), { className: linking ? "default" : "" })];
        if (linking) ways.push(button(WORDS.quoteElse, async () => {
          const row = await pickExpert();
          if (row) take(quotation, row);
        }));
        const about = [linking && called(person), doubt, person?.warning].filter(Boolean).join(" · ");
        return crel("li", {}, [shown(quotation), ...(about ? [crel("small", { textContent: about })] : []), crel("span", { className: "desk-whose__ways" }, ways)]);
      };
      const paint = () => {
        list.replaceChildren(...left.map(item));
        const sure = left.filter((one) => one.sure && mayLink(one));
        const all = () => {
          for (const one of sure) {
            link(editor, left, one, one.person);
            left = left.filter((other) => other !== one);
          }
          close();
        };
        foot.replaceChildren(...(sure.length > 1 ? [button(WORDS.quoteSure(sure.length), all)] : []), button(WORDS.close, () => close()));
      };
      list.addEventListener("keydown", (event) => {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const rows = [...list.children];
        const at = rows.findIndex((row) => row.contains(document.activeElement));
        if (!by || at < 0) return;
        event.preventDefault();
        rows[(at + by + rows.length) % rows.length].querySelector("button").focus();
      });
      paint();
      queueMicrotask(() => goTo(0)); // once the dialog is open
      return [crel("p", { className: "desk-dialog__help", textContent: WORDS.quoteListHelp }), list, said, foot];
    },
    "desk-whose-dialog",
  );
  return editor.commands.focus();
}

addContext((editor) => {
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.parent.type.name !== "paragraph" || stretchOf(editor, "inlineQuote")) return null;
  const text = $from.parent.textBetween(0, $from.parent.content.size, undefined, "￼");
  const within = [...text.matchAll(QUOTED)].some(({ index, 0: all }) => index <= $from.parentOffset && $from.parentOffset <= index + all.length);
  return within ? { text: WORDS.quoteOfNobodyYet, actions: [{ label: WORDS.quoteWhose, run: () => offerOne(editor) }] } : null;
});

export const QuoteKey = Extension.create({
  name: "quoteKey",
  addStorage: () => ({ offerAll: () => {} }),
  onCreate() {
    this.storage.offerAll = () => offerAll(this.editor);
  },
  addKeyboardShortcuts() {
    if (!articleId()) return {};
    return {
      "Mod-j": () => (offerOne(this.editor), true),
      "Ctrl-Alt-j": () => (offerAll(this.editor), true),
    };
  },
});
