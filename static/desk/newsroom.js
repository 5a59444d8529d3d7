// The vocabulary of a story's text as the body editor knows it: each exported name is an extension that
// articles/body/schema.py lists. What it shares with the editor's own (Link, Table, TableHeader, History) takes their
// place.
export { InlineQuote, ExpertQuote } from "./editor/quotes.js";
export { RelatedStory } from "./editor/stories.js";
export { Picture, Gallery } from "./editor/pictures.js";
export { FactBox } from "./editor/factbox.js";
export { Embed, Post } from "./editor/embed.js";
export { Footnote } from "./editor/footnote.js";
export { DeskNote } from "./editor/notes.js";
export { LanguageRun } from "./editor/language.js";
export { Link } from "./editor/link.js";
export { Table, TableHeader } from "./editor/table.js";
export { History } from "./editor/history.js";
export { Typography } from "./editor/typography.js";
export { InsertMenu } from "./editor/insert.js";
export { SlashMenu } from "./editor/slash.js";
export { QuoteKey } from "./editor/speakers.js";
export { CardKeys } from "./editor/cards.js";
export { PasteCleaner } from "./editor/paste.js";
export { WordCount } from "./editor/foot.js";
export { FindReplace } from "./editor/find.js";
export { HouseStyle } from "./editor/style.js";
export { DeskA11y } from "./editor/a11y.js";
