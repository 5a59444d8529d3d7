"""A frozen body as readers get it: public HTML with holes, from the frozen words alone.

Printed element by element: what the printer does not know it prints the words of, so nothing passes through.
"""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from . import designations, embeds, holes, tree
from . import language as languages


@dataclass(frozen=True)
class Person:
    """Somebody whom a story names: the name and the title that it printed."""

    name: str
    attribution: str = ""


@dataclass(frozen=True)
class PictureData:
    """A picture as an edition froze it."""

    token: str
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    credit: str = ""
    widths: tuple = ()


SIZES = {
    "normal": "(min-width: 64em) 41rem, 92vw",
    "wide": "(min-width: 64em) 60rem, 100vw",
    "small": "(min-width: 46em) 20rem, 92vw",
    "gallery": "(min-width: 46em) 20rem, 92vw",
}
# Elements that are printed as themselves, with the attributes they may keep.
PLAIN = {
    **dict.fromkeys(["h2", "h3", "ul", "li", "strong", "em", "s", "sub", "sup", "thead", "tbody", "tr", "caption"], ()),
    **dict.fromkeys(["p", "span", "blockquote"], ("lang", "dir")),
    "ol": ("start",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"),
}  # fmt: skip


def body(html, *, people, images, notes, register=None, language="", unnamed=frozenset()):
    """The public HTML of a body, with holes for related cards, pictures and people; see `holes`.

    `people` are the Person of every expert whom the story may name, `images` the PictureData of
    every picture in it, `notes` its frozen LegalNotes. A quotation of anybody else is printed
    without a name, and so is one whose uid is in `unnamed`. The language is the register's unless
    told. The list of footnotes and that of legal notes stand at the end.
    """
    root = tree.parse(html)
    register = register or designations.Register([], language or "en")
    printer = Printer(people, images, list(notes), unnamed, language or register.language)
    printer.mark(root, register)
    return mark_safe(printer.inside(root) + printer.footnotes() + printer.legal_notes())


class Printer:
    """Prints one body: counts its footnotes and knows how deep in quotations it is."""

    def __init__(self, people, images, notes, unnamed, language):
        self.people, self.images, self.notes, self.unnamed = people, images, notes, unnamed
        self.language, self.said = language, languages.words(language)
        self.notes_printed, self.marked = [], set()
        self.stars = {}  # element → number of the legal note that it marks
        self.quoted = self.linked = 0
        self.in_footnote = defaultdict(list)  # element → [(end, number)] of legal marks within its note

    # --- legal marks -------------------------------------------------------------------------

    def mark(self, root, register):
        """Set the legal marks into the tree, each after the first mention of its organisation."""
        numbers = {note.key: number for number, note in enumerate(self.notes, 1)}
        places = designations.mentions(root, register.entries_for(self.notes))
        # From the end of each text to its beginning, so that what is cut keeps its place.
        for mention in sorted(places, key=lambda place: -place.end):
            number = numbers[mention.entry.key]
            self.marked.add(number)
            if mention.slot == "footnote":
                self.in_footnote[mention.element].append((mention.end, number))
                continue
            star = root.makeelement("sup")
            self.stars[star] = number
            if mention.slot == "text":
                text = mention.element.text
                mention.element.text, star.tail = text[: mention.end], text[mention.end :]
                mention.element.insert(0, star)
            else:
                text, mention.element.tail = mention.element.tail, None
                mention.element.addnext(star)
                mention.element.tail, star.tail = text[: mention.end], text[mention.end :]

    def star(self, number):
        """The mark of a legal note; no link where it stands in one already."""
        note = self.notes[number - 1]
        return self.block("legal_mark", mark=note.mark, number=number, linked=not self.linked)

    # --- printing ----------------------------------------------------------------------------

    def block(self, template, **context):
        """A small template of templates/blocks, without the line end that its file has."""
        return render_to_string(f"blocks/{template}.html", context | {"said": self.said}).strip()

    def inside(self, el):
        """Everything in an element, printed."""
        out = [tree.escape(el.text or "")]
        for child in el:
            out.append(self.element(child))
            out.append(tree.escape(child.tail or ""))
        return "".join(out)

    def element(self, el):
        """One element, printed."""
        if special := getattr(self, f"print_{el.tag}", None):
            return special(el)
        return self.plain(el) if el.tag in PLAIN else self.inside(el)

    def plain(self, el):
        names = [f' {name}="{tree.escape(el.get(name))}"' for name in PLAIN[el.tag] if el.get(name)]
        return f"<{el.tag}{''.join(names)}>{self.inside(el)}</{el.tag}>"

    def print_br(self, el):
        return "<br>"

    def print_hr(self, el):
        return "<hr>"

    def print_span(self, el):
        return self.plain(el) if el.get("lang") or el.get("dir") else self.inside(el)

    def print_a(self, el):
        self.linked += 1
        inside = self.inside(el)
        self.linked -= 1
        href = el.get("href", "")
        rel = ' rel="noopener"' if is_external(href) else ""
        return f'<a href="{tree.escape(href)}"{rel}>{inside}</a>' if href else inside

    # --- quotations --------------------------------------------------------------------------

    def print_q(self, el):
        marks = self.marks_for(el)
        self.quoted += 1
        inside = self.inside(el)
        self.quoted -= 1
        return self.block(
            "quote_inline",
            opening=marks[0],
            closing=marks[1],
            words=mark_safe(inside),
            lang=el.get("lang"),
            dir=el.get("dir"),
        )

    def print_blockquote(self, el):
        expert = el.get("data-expert")
        if not expert:
            return self.plain(el)
        _set_in_marks(el, *self.marks_for(el))
        self.quoted += 1
        words = self.inside(el)
        self.quoted -= 1
        person = self.people.get(tree.number(expert))
        if person is None or el.get("data-quote") in self.unnamed:
            return self.block("quote", words=mark_safe(words), lang=el.get("lang"), dir=el.get("dir"))
        name = holes.around("expert", tree.number(expert), tree.escape(person.name))
        return self.block(
            "quote_card",
            words=mark_safe(words),
            name=mark_safe(name),
            monogram=monogram(person.name),
            attribution=person.attribution,
            lang=el.get("lang"),
            dir=el.get("dir"),
        )

    def marks_for(self, el):
        if languages.brings_its_own_marks("".join(el.itertext())):
            return "", ""
        return languages.quotation_marks(self.language, self.quoted)

    # --- what names something ----------------------------------------------------------------

    def print_div(self, el):
        if article := el.get("data-article"):
            return holes.card(pk) if (pk := tree.number(article)) else ""
        if embed := embeds.of(el.get("data-embed", "")):
            return self.block("embed", embed=embed)
        return self.inside(el)

    def print_figure(self, el, size=""):
        image = tree.number(el.get("data-image"))
        picture = self.images.get(image)
        if picture is None:
            return ""
        caption = el.find("figcaption")
        words = self.inside(caption).strip() if caption is not None else ""
        size = size or el.get("data-size") or "normal"
        figure = self.block(
            "figure",
            picture=picture,
            size=size,
            sizes=SIZES.get(size, SIZES["normal"]),
            caption=mark_safe(words or tree.escape(picture.caption)),
        )
        return holes.around("image", image, figure)

    def print_ul(self, el):
        if el.get("data-gallery") is None:
            return self.plain(el)
        figures = [self.print_figure(figure, size="gallery") for figure in el.iterfind("./li/figure")]
        return self.block("gallery", figures=mark_safe("".join(figures)))

    def print_aside(self, el):
        heading = next((child for child in el if child.tag in tree.HEADINGS), None)
        title = " ".join("".join(heading.itertext()).split()) if heading is not None else ""
        return self.block("fact_box", title=title, inside=mark_safe(self.inside(el)))

    def print_table(self, el):
        caption = el.find("caption")
        title = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
        return self.block("table", title=title, inside=mark_safe(self.inside(el)))

    # --- notes -------------------------------------------------------------------------------

    def print_sup(self, el):
        if el in self.stars:
            return self.star(self.stars[el])
        if not (text := el.get("data-footnote")):
            return self.plain(el)
        out, done = [], 0
        for end, star in sorted(self.in_footnote[el]):
            out += [tree.escape(text[done:end]), self.star(star)]
            done = end
        self.notes_printed.append(mark_safe("".join(out) + tree.escape(text[done:])))
        return self.block("footnote_mark", number=len(self.notes_printed), linked=not self.linked)

    def footnotes(self):
        """The list of the footnotes that were printed."""
        return self.block("footnotes", notes=self.notes_printed) if self.notes_printed else ""

    def legal_notes(self):
        """The list of legal notes; one whose mention cannot be found is printed too, without a way back."""
        notes = [(number, note, number in self.marked) for number, note in enumerate(self.notes, 1)]
        return self.block("legal_notes", notes=notes) if notes else ""


def _set_in_marks(quote, opening, closing):
    """Print a quotation's marks: each of its paragraphs is opened, the last is closed."""
    lines = [child for child in quote if child.tag == "p"] or [quote]
    for line in lines:
        line.text = f"{opening}{line.text or ''}"
    last = lines[-1]
    if len(last):
        last[-1].tail = f"{last[-1].tail or ''}{closing}"
    else:
        last.text = f"{last.text or ''}{closing}"


def is_external(href):
    """Whether an address leads to another site."""
    parts = urlsplit(href)
    return (
        parts.scheme.lower() in ("http", "https") and parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower()
    )


TITLES = {"dr", "prof", "professor", "sir", "dame", "lord", "lady", "mr", "mrs", "ms", "rev", "hon", "د", "أ"}


def monogram(name):
    """The first letters of a name's first and last part, titles aside."""
    parts = [part for part in name.replace("-", " ").split() if part.strip(".").lower() not in TITLES] or name.split()
    letters = [part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)]
    return "".join(letters).upper()
