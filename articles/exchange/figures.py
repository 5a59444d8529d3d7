"""What a WordPress text shows and plays: pictures, galleries, embeds and files, as blocks of a body."""

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ..body.embeds import Kind

ATTACHMENT_NUMBER = re.compile(r"\bwp-image-(\d+)\b")
BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?([^'\")]+)")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# What older editors wrote around a picture and its caption, and around the caption itself.
CAPTIONED = re.compile(r"\b(wp-caption|image-caption-container|gallery-item|media-credit-container)(?![\w-])")
CAPTION = re.compile(r"\b(wp-caption-(text|dd)|gallery-caption|image-caption|media-credit)(?![\w-])")
PICTURE_FILE = re.compile(r"\.(jpe?g|png|gif|webp|avif|bmp|svg|tiff?)(\?.*)?$", re.IGNORECASE)
PLAYERS = {"audio": "Audio", "video": "Video", "iframe": "Embedded page", "object": "Object", "embed": "Object"}


# Where what is loaded late keeps its address.
LAZY = ("data-src", "data-lazy-src", "data-original")


@dataclass
class Picture:
    """What the importer knows of a picture: our Image's number, whether its file is here, and its words."""

    pk: int | None = None
    name: str = ""
    alt: str = ""
    caption: str = ""
    here: bool = True  # whether its file is
    sha256: str = ""


class NoPictures:
    """A library with nothing in it, and the shape of every library."""

    def picture(self, number, address, alt=""):
        """The Picture of an attachment's number or an address, or None for what is no picture of the export."""
        return None

    def attached_to(self, post):
        """The numbers of the pictures that hang on a post, in order."""
        return []


class Figures:
    """The part of a reader that deals with what is no text. It wants `flow`, `result`, `library` and `post`."""

    def _background(self, el):
        """The picture behind a cover, which the block editor keeps in a style."""
        address = BACKGROUND.search(el.get("style") or "")
        if not address or el.tag == "figure" or "wp-block-cover" not in (el.get("class") or ""):
            return []
        return self._figures([self._found(el, address[1].strip(), "")])

    def _image(self, el, out, marks):
        """A picture in running text: a face stays in the line as its letters, anything else stands on its own."""
        if "wp-smiley" in (el.get("class") or "") or "emoji" in (el.get("class") or ""):
            out.add(html.escape(el.get("alt") or ""), el.get("alt") or "")
            return
        link = next((mark for mark in marks if mark.startswith("a href=")), "")
        if link and not PICTURE_FILE.search(html.unescape(link[8:-1])):
            self.result.notes.append(f"a picture's link was taken off: {html.unescape(link[8:-1])}")
        out.block(self._figures([self._found(el, address_of(el), el.get("alt") or "")]))

    def _found(self, el, address, alt, caption="", kind=""):
        """(Picture, its caption as HTML, its size)."""
        number = ATTACHMENT_NUMBER.search(el.get("class") or "")
        picture = self.library.picture(number and number[1], address, alt)
        if picture is None:
            picture = Picture(name=unquote(urlsplit(address).path.rsplit("/", 1)[-1]) if address else "")
        kind = f"{kind} {el.get('class') or ''}"
        size = (
            "wide" if re.search(r"align(wide|full)", kind) else "small" if re.search(r"align(left|right)", kind) else ""
        )
        return picture, caption or "", size, alt

    def _figures(self, found):
        """Pictures as figures, several as a gallery; the words of one whose file is missing as a paragraph."""
        figures, texts = [], []
        for picture, caption, size, alt in found:
            if picture.pk:
                if not picture.here:
                    self.result.missing.append(picture.name)
                caption = f"<figcaption>{caption}</figcaption>" if caption else ""
                size = f' data-size="{size}"' if size else ""
                figures.append(f'<figure data-image="{picture.pk}"{size}>{caption}</figure>')
                continue
            self.result.missing.append(picture.name or "a picture without an address")
            said = caption or html.escape(self._described(picture, alt), quote=False)
            texts += [f"<p><em>{said}</em></p>"] if said else []
        if len(figures) > 1:
            figures = ["<ul data-gallery>" + "".join(f"<li>{figure}</li>" for figure in figures) + "</ul>"]
        return figures + texts

    def _described(self, picture, alt):
        """What a reader may be told of a picture that is not here, or "": a file's name tells nothing."""
        said = picture.caption or alt or picture.alt
        stem = re.sub(r"(-\d+x\d+)?\.\w+$", "", picture.name)
        return "" if re.sub(r"\W", "", said.lower()) == re.sub(r"\W", "", stem.lower()) else said

    def _figure(self, el):
        kind = el.get("class") or ""
        if "wxr-gallery" in kind:
            return self._numbered(el)
        if "wxr-playlist" in kind:
            self.result.notes.append(f"a playlist was left out: attachments {el.get('data-ids') or 'of the post'}")
            return []
        if re.search(r"blocks-gallery|wp-block-gallery", kind):
            return self._gallery(el)
        pictures = list(el.iterdescendants("img"))
        tables = list(el.iterdescendants("table"))
        if len(tables) == 1 and not pictures:
            self._caption(el, tables[0])
        if any(child.tag in (*PLAYERS, "table", "blockquote") for child in el.iterdescendants()) or not pictures:
            return self.flow(el)
        return self._pictures(el, pictures, kind)

    def _caption_as_figure(self, el):
        """Name the caption of a box that is a figure in all but name; True where it holds one picture and a caption."""
        captions = [
            part for part in el.iterdescendants("p", "dd", "div", "span") if CAPTION.search(part.get("class") or "")
        ]
        if not captions or len(list(el.iterdescendants("img"))) != 1:
            return False
        for part in captions:
            part.tag = "figcaption"
        return True

    def _pictures(self, el, pictures, kind):
        """A figure of one picture with a caption, or of more; words beside them follow."""
        caption, rest = "", []
        for part in el.iterdescendants("figcaption"):
            blocks = self.flow(part)
            if not caption and len(pictures) == 1 and all(block.startswith("<p>") for block in blocks):
                caption = "<br>".join(inner_of_paragraph([block]) for block in blocks)
            else:
                rest += blocks
        found = []
        for image in pictures:
            link = image.getparent()
            if link.tag == "a" and link.get("href") and not PICTURE_FILE.search(link.get("href")):
                self.result.notes.append(f"a picture's link was taken off: {link.get('href')}")
            found.append(self._found(image, address_of(image), image.get("alt") or "", caption, kind))
        for part in [*el.iterdescendants("figcaption"), *pictures]:
            part.drop_tree()
        return self._figures(found) + rest + self.flow(el)

    def _gallery(self, el):
        """A gallery of the block editor, old or new: figures inside a figure, or in a list inside one."""
        found, rest = [], []
        for image in list(el.iterdescendants("img")):
            holder = next((up for up in image.iterancestors() if up.tag in ("figure", "li")), None)
            if holder is None or holder is el:
                holder = None
            caption = ""
            for part in list(holder.iterdescendants("figcaption")) if holder is not None else ():
                blocks = self.flow(part)
                caption = "<br>".join(inner_of_paragraph([block]) for block in blocks)
                part.drop_tree()
            found.append(self._found(image, address_of(image), image.get("alt") or "", caption))
        for image in list(el.iterdescendants("img")):
            image.drop_tree()
        for child in el.iterdescendants("figcaption", "p", "div"):
            if not any(up.tag in ("figcaption", "p", "div") for up in child.iterancestors() if up is not el):
                rest += self.flow(child)
        return self._figures(found) + rest

    def _numbered(self, el):
        """A gallery that names its pictures by number, or means those that hang on the post."""
        numbers = [n for n in (el.get("data-ids") or "").split(",") if n] or self.library.attached_to(self.post)
        without = set((el.get("data-without") or "").split(","))
        found = []
        for number in numbers:
            if number in without:
                continue
            picture = self.library.picture(number, "")
            if picture is None:
                self.result.missing.append(f"attachment {number}, which is not in the export")
            else:
                found.append((picture, html.escape(picture.caption, quote=False), "", ""))
        if not found:
            self.result.notes.append("a gallery was empty")
        return self._figures(found)

    # --- what plays, and what comes from elsewhere ---

    def _player(self, el):
        address = address_of(el) or el.get("data") or ""
        address = address or next(
            (part.get("src") for part in el.iterdescendants("source", "embed") if part.get("src")), ""
        )
        rest = self.flow(el) if el.tag != "iframe" else []
        if address.startswith("//"):
            address = f"https:{address}"
        if not address:
            return rest
        if el.tag in ("audio", "video"):
            self.result.notes.append(f"{PLAYERS[el.tag].lower()} file left where it is, linked: {address}")
            name = unquote(urlsplit(address).path.rsplit("/", 1)[-1]) or PLAYERS[el.tag]
            return [f'<p><a href="{html.escape(address)}">{html.escape(name)}</a></p>', *rest]
        return self.embed(address) + rest

    def _embeds(self, el):
        """The address that a block names; whatever else stands there stays text."""
        said = " ".join("".join(el.itertext()).split())
        return self.embed(said) if ADDRESS.fullmatch(said) else self.flow(el)

    def embed(self, address):
        """An embed where its host is on the list, else a link that says where it leads."""
        safe = html.escape(address)
        found = self.allowed.embed_of(address)
        if found and found.kind != Kind.POST:  # whose words the address does not bring along
            return [f'<div data-embed="{safe}"></div>']
        if (here := self.link_here(address)) != address:
            return [f'<p><a href="{html.escape(here)}">{safe}</a></p>']
        why = f"the words of a post on {found.host} are not in the export" if found else "its host is not on the list"
        self.result.notes.append(f"embed became a link, {why}: {address}")
        return [f'<p><a href="{safe}">{safe}</a></p>']


def address_of(el):
    """The address of a picture or player, also of one that is loaded late."""
    address = el.get("src") or ""
    if address.startswith(("http://", "https://", "/")) and not address.endswith("blank.gif"):
        return address
    return next((el.get(name) for name in LAZY if el.get(name)), address)


def inner_of_paragraph(blocks):
    """The words of a list item or a cell: without paragraph tags where it is one paragraph."""
    if blocks and blocks[0].startswith("<p>") and not any(block.startswith("<p>") for block in blocks[1:]):
        return blocks[0][3:-4] + "".join(blocks[1:])
    return "".join(blocks)
