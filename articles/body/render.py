"""A frozen body as readers get it: public HTML with holes.

Each known element is printed in our own way; of an unknown one only the words are printed, so no foreign markup
gets through. No queries.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from newsroom.pictures.crops import Sources

from . import designations, holes, provenance, tree
from . import language as languages


@dataclass(frozen=True)
class Person:
    """Somebody whom a story names: the name and the title as printed."""

    name: str
    attribution: str = ""


@dataclass(frozen=True)
class PictureData(Sources):
    """A picture as an edition froze it."""

    token: str
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    credit: str = ""
    widths: tuple = ()
    ai: str = ""
    illustration: bool = False
    source_type: str = ""
    credentials: dict = field(default_factory=dict)

    @property
    def stem(self):
        return self.token


SIZES_BY_LAYOUT = {
    "normal": "(min-width: 64em) 41rem, 92vw",
    "wide": "(min-width: 64em) 60rem, 100vw",
    "small": "(min-width: 46em) 20rem, 92vw",
    "gallery": "(min-width: 46em) 20rem, 92vw",
}
# Elements that are printed as they are, with the attributes that they keep.
PRINTED_AS_THEMSELVES = {
    **dict.fromkeys(["h2", "h3", "ul", "li", "strong", "em", "s", "sub", "sup", "thead", "tbody", "tr", "caption"], ()),
    **dict.fromkeys(["p", "span", "blockquote"], ("lang", "dir")),
    "ol": ("start",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope"),
}  # fmt: skip


def render_body(html, *, people, images, notes, register=None, language="", unnamed=frozenset(), embeds=None):
    """The public HTML of a body, with holes for related cards, pictures and people; see `holes`.

    `people` is {expert id: Person} of everybody whom the story may name, `images` {image id: PictureData},
    `notes` its frozen LegalNotes. A quotation of anybody else is printed without a name, and so is one whose
    uid is in `unnamed`; a picture that is not in `images` is left out, and so is what is embedded and not in `embeds`,
    {address: Embed}. The language is the register's unless `language` is given. The lists of footnotes and of legal
    notes stand at the end.
    """
    root = tree.parse(html)
    register = register or designations.Register([], language or "en")
    printer = Printer(people, images, list(notes), unnamed, language or register.language, embeds or {})
    printer.place_legal_marks(root, register)
    return mark_safe(printer.print_inside(root) + printer.footnotes() + printer.legal_notes())


class Printer:
    """Prints one body: counts its footnotes and knows how deep in quotations it is."""

    def __init__(self, people, images, notes, unnamed, language, embeds):
        self.people, self.images, self.notes, self.unnamed = people, images, notes, unnamed
        self.embeds = embeds
        self.language, self.said = language, languages.printed_words(language)
        self.footnotes_printed, self.notes_marked = [], set()
        self.mark_elements = {}  # element → number of the legal note that it marks
        self.quotation_level = self.link_level = 0
        self.had_h2 = False
        self.marks_in_footnotes = defaultdict(list)  # element → [(end, number)] of legal marks within its note

    # --- legal marks -------------------------------------------------------------------------

    def place_legal_marks(self, root, register):
        """Put the legal marks into the tree, each after the first mention of its organisation."""
        numbers = {note.key: number for number, note in enumerate(self.notes, 1)}
        places = designations.first_mentions(root, register.entries_for(self.notes))
        # From the end of each text to its beginning, so that cutting it leaves the other places right.
        for mention in sorted(places, key=lambda place: -place.end):
            number = numbers[mention.entry.key]
            self.notes_marked.add(number)
            if mention.slot == "footnote":
                self.marks_in_footnotes[mention.element].append((mention.end, number))
                continue
            star = root.makeelement("sup")
            self.mark_elements[star] = number
            if mention.slot == "text":
                text = mention.element.text
                mention.element.text, star.tail = text[: mention.end], text[mention.end :]
                mention.element.insert(0, star)
            else:
                text, mention.element.tail = mention.element.tail, None
                mention.element.addnext(star)
                mention.element.tail, star.tail = text[: mention.end], text[mention.end :]

    def legal_mark(self, number):
        """The mark of a legal note; without a link if it already stands in one."""
        note = self.notes[number - 1]
        return self.render_block("legal_mark", mark=note.mark, number=number, linked=not self.link_level)

    # --- printing ----------------------------------------------------------------------------

    def render_block(self, template, **context):
        """The HTML of a template in templates/blocks, without the newline at the end of its file."""
        return render_to_string(f"blocks/{template}.html", context | {"said": self.said}).strip()

    def print_inside(self, el):
        """Everything in an element, printed."""
        out = [tree.escape(el.text or "")]
        for child in el:
            out.append(self.print_element(child))
            out.append(tree.escape(child.tail or ""))
        return "".join(out)

    def print_element(self, el):
        """One element, printed."""
        if special := getattr(self, f"print_{el.tag}", None):
            return special(el)
        return self.print_as_itself(el) if el.tag in PRINTED_AS_THEMSELVES else self.print_inside(el)

    def print_as_itself(self, el):
        names = [f' {name}="{tree.escape(el.get(name))}"' for name in PRINTED_AS_THEMSELVES[el.tag] if el.get(name)]
        return f"<{el.tag}{''.join(names)}>{self.print_inside(el)}</{el.tag}>"

    def print_h2(self, el):
        self.had_h2 = True
        return self.print_as_itself(el)

    def print_h3(self, el):
        """A small heading; a large one where none stands above it, since readers of headings would miss a level."""
        html = self.print_as_itself(el)
        return html if self.had_h2 else f"<h2>{html[4:-5]}</h2>"

    def print_br(self, el):
        return "<br>"

    def print_hr(self, el):
        return "<hr>"

    def print_span(self, el):
        return self.print_as_itself(el) if el.get("lang") or el.get("dir") else self.print_inside(el)

    def print_a(self, el):
        self.link_level += 1
        inside = self.print_inside(el)
        self.link_level -= 1
        href = without_own_host(el.get("href", ""))
        rel = ' rel="noopener"' if is_external(href) else ""
        return f'<a href="{tree.escape(href)}"{rel}>{inside}</a>' if href else inside

    # --- quotations --------------------------------------------------------------------------

    def print_q(self, el):
        marks = self.marks_for(el)
        self.quotation_level += 1
        inside = self.print_inside(el)
        self.quotation_level -= 1
        return self.render_block(
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
            return self.quoted_post(el) if el.get("data-post") else self.print_as_itself(el)
        add_quotation_marks(el, *self.marks_for(el))
        self.quotation_level += 1
        words = self.print_inside(el)
        self.quotation_level -= 1
        person = self.people.get(tree.row_id(expert))
        if person is None or el.get("data-quote") in self.unnamed:
            return self.render_block("quote", words=mark_safe(words), lang=el.get("lang"), dir=el.get("dir"))
        name = holes.hole_around("expert", tree.row_id(expert), tree.escape(person.name))
        return self.render_block(
            "quote_card",
            words=mark_safe(words),
            name=mark_safe(name),
            monogram=monogram(person.name),
            attribution=person.attribution,
            lang=el.get("lang"),
            dir=el.get("dir"),
        )

    def marks_for(self, el):
        if languages.has_own_quotation_marks("".join(el.itertext())):
            return "", ""
        return languages.quotation_marks(self.language, self.quotation_level)

    # --- references --------------------------------------------------------------------------

    def print_div(self, el):
        if article := el.get("data-article"):
            return holes.card_hole(pk) if (pk := tree.row_id(article)) else ""
        if embed := self.embeds.get(el.get("data-embed")):
            return self.embedded(el, embed)
        return self.print_inside(el)

    def embedded(self, el, embed):
        """A frame behind a click, or a card with a link, under the title and the still that the desk gave it."""
        image = tree.row_id(el.get("data-image"))
        still = ""
        if picture := self.images.get(image):
            still = self.render_block("embed_still", picture=picture, sizes=SIZES_BY_LAYOUT["normal"])
            still = holes.hole_around("image", image, still)
        return self.render_block("embed", embed=embed, title=el.get("data-title", ""), still=mark_safe(still))

    def quoted_post(self, el):
        """The words of a post as the desk typed them, with who wrote it, when, and a link to it."""
        return self.render_block(
            "post",
            words=mark_safe(self.print_inside(el)),
            author=el.get("data-author", ""),
            posted=_printed_day(el.get("data-posted", "")),
            embed=self.embeds.get(el.get("data-post")),
            lang=el.get("lang"),
            dir=el.get("dir"),
        )

    def print_figure(self, el, size=""):
        image = tree.row_id(el.get("data-image"))
        picture = self.images.get(image)
        if picture is None:
            return ""
        caption = el.find("figcaption")
        words = self.print_inside(caption).strip() if caption is not None else ""
        size = size or el.get("data-size") or "normal"
        figure = self.render_block(
            "figure",
            picture=picture,
            size=size,
            sizes=SIZES_BY_LAYOUT.get(size, SIZES_BY_LAYOUT["normal"]),
            caption=mark_safe(words or linebreaksbr(picture.caption)),
            origin=provenance.origin_of(vars(picture), self.language),
        )
        return holes.hole_around("image", image, figure)

    def print_ul(self, el):
        if el.get("data-gallery") is None:
            return self.print_as_itself(el)
        figures = [self.print_figure(figure, size="gallery") for figure in el.iterfind("./li/figure")]
        return self.render_block("gallery", figures=mark_safe("".join(figures)))

    def print_aside(self, el):
        heading = next((child for child in el if child.tag in tree.HEADINGS), None)
        title = " ".join("".join(heading.itertext()).split()) if heading is not None else ""
        return self.render_block("fact_box", title=title, inside=mark_safe(self.print_inside(el)))

    def print_table(self, el):
        caption = el.find("caption")
        title = " ".join("".join(caption.itertext()).split()) if caption is not None else ""
        return self.render_block("table", title=title, inside=mark_safe(self.print_inside(el)))

    # --- notes -------------------------------------------------------------------------------

    def print_sup(self, el):
        if el in self.mark_elements:
            return self.legal_mark(self.mark_elements[el])
        if not (text := el.get("data-footnote")):
            return self.print_as_itself(el)
        out, done = [], 0
        for end, star in sorted(self.marks_in_footnotes[el]):
            out += [tree.escape(text[done:end]), self.legal_mark(star)]
            done = end
        self.footnotes_printed.append(mark_safe("".join(out) + tree.escape(text[done:])))
        return self.render_block("footnote_mark", number=len(self.footnotes_printed), linked=not self.link_level)

    def footnotes(self):
        """The list of the footnotes that were printed."""
        return self.render_block("footnotes", notes=self.footnotes_printed) if self.footnotes_printed else ""

    def legal_notes(self):
        """The list of legal notes; one whose mention was not found is printed too, without a link back."""
        notes = [(number, note, number in self.notes_marked) for number, note in enumerate(self.notes, 1)]
        return self.render_block("legal_notes", notes=notes) if notes else ""


def _printed_day(day):
    try:
        return date_format(date.fromisoformat(day), "j F Y")
    except ValueError:
        return ""


def add_quotation_marks(quote, opening, closing):
    """Put quotation marks into a block: an opening one before each paragraph, a closing one after the last."""
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
    return parts.scheme.lower() in ("http", "https") and _host_of(parts) != _host_of(urlsplit(settings.SITE_URL))


def _host_of(parts):
    """The host of an address, with its port where that is not the scheme's own."""
    host = parts.netloc.lower().rpartition("@")[2]
    return host.removesuffix(":443" if parts.scheme.lower() == "https" else ":80")


def without_own_host(href):
    """An address as it is, but one of our own site as a path: a stored page names no host of ours."""
    parts = urlsplit(href)
    if not parts.netloc or parts.scheme.lower() not in ("http", "https") or is_external(href):
        return href
    # One slash in front: two, or one of each kind, would name another host.
    path = "/" + parts.path.lstrip("/\\")
    return urlunsplit(("", "", path, parts.query, parts.fragment))


TITLES_BEFORE_NAMES = {
    "dr",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "mr",
    "mrs",
    "ms",
    "rev",
    "hon",
    "د",
    "أ",
}


def monogram(name):
    """The first letters of a name's first and last part, titles left out."""
    parts = [
        part for part in name.replace("-", " ").split() if part.strip(".").lower() not in TITLES_BEFORE_NAMES
    ] or name.split()
    letters = [part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)]
    return "".join(letters).upper()
