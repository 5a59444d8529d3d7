"""Turns WordPress's own shortcodes into HTML that the converter knows; plugins' shortcodes stay in the text."""

import html
import re

KNOWN = ("caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist")
SHORTCODE = re.compile(
    r"(?P<open>\[?)\[(?P<name>" + "|".join(KNOWN) + r")(?![\w-])(?P<attributes>[^\]\[<>]*(?:<[^>]*>[^\]\[<>]*)*?)"
    r"(?:/\]|\](?:(?P<inner>(?:(?!\[(?P=name)\b).)*?)\[/(?P=name)\])?)(?P<close>\]?)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(
    r"([\w-]+)\s*=\s*\"([^\"]*)\"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)\s*=\s*([^\s'\"]+)|\"([^\"]*)\"|(\S+)"
)
# Somebody's plugin: a word in brackets with attributes, or closed by its like.
FOREIGN = re.compile(
    r"\[(?P<name>[a-z][\w-]{2,40})(?:\s+[\w-]+\s*=[^\]]*)\]|\[(?P<pair>[a-z][\w-]{2,40})\][^\[]*\[/(?P=pair)\]"
)
PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)\Z", re.DOTALL | re.IGNORECASE)
MEDIA_TYPES = ("src", "mp3", "m4a", "ogg", "wav", "wma", "flac", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "mov")


def expand_shortcodes(text):
    """The text with known shortcodes as HTML, and a set of the names of unknown ones, which stay as they are."""
    notes = {match["name"] or match["pair"] for match in FOREIGN.finditer(text)} - set(KNOWN)
    return SHORTCODE.sub(_expanded_shortcode, text), notes


def attributes_of(text):
    """What a shortcode says, {name: value}; values without a name are under "0", "1" and so on."""
    found = {}
    for match in ATTRIBUTE.finditer(text.replace("\xa0", " ").replace("”", '"').replace("“", '"').replace("″", '"')):
        groups = match.groups()
        for name in (0, 2, 4):
            if groups[name] is not None:
                found.setdefault(groups[name].lower(), groups[name + 1])
        loose = groups[6] if groups[6] is not None else groups[7]
        if loose is not None:
            found[str(sum(key.isdigit() for key in found))] = loose
    return found


def _expanded_shortcode(match):
    if match["open"] and match["close"]:
        return match[0][1:-1]  # [[gallery]] is how one writes about a shortcode
    said, inner = attributes_of(match["attributes"] or ""), match["inner"] or ""
    made = MAKERS[match["name"]](said, inner)
    return f"{match['open']}{made}{match['close']}"


def _caption(said, inner):
    picture = PICTURE.match(inner)
    align = html.escape(said.get("align", ""))
    if not picture:
        return f"{inner}\n\n{said.get('caption', '')}\n\n"
    caption = said.get("caption") or picture[2].strip()
    # Old exports have the caption in the attribute, and then nothing after the picture; but nothing must be lost.
    more = f"\n\n{picture[2]}\n\n" if said.get("caption") and picture[2].strip() else ""
    return f'\n\n<figure class="{align}">{picture[1]}<figcaption>{caption}</figcaption></figure>\n\n{more}'


def _gallery(said, inner):
    ids = ",".join(re.findall(r"\d+", said.get("ids") or said.get("include") or ""))
    without = ",".join(re.findall(r"\d+", said.get("exclude", "")))
    return f'\n\n<figure class="wxr-gallery" data-ids="{ids}" data-without="{without}"></figure>\n\n{inner}'


def _embed(said, inner):
    return f"\n\n{inner.strip() or said.get('src', '')}\n\n"


def _media(tag):
    def made(said, inner):
        address = next((said[name] for name in MEDIA_TYPES if said.get(name)), "")
        address = address or next((v for k, v in said.items() if k.isdigit() and "/" in v), "") or inner.strip()
        rest = inner if address != inner.strip() else ""
        return f'\n\n<{tag} src="{html.escape(html.unescape(address))}"></{tag}>\n\n{rest}'

    return made


def _playlist(said, inner):
    ids = ",".join(re.findall(r"\d+", said.get("ids", "")))
    return f'\n\n<figure class="wxr-playlist" data-ids="{ids}"></figure>\n\n{inner}'


MAKERS = {
    "caption": _caption, "wp_caption": _caption, "gallery": _gallery, "embed": _embed,
    "audio": _media("audio"), "video": _media("video"), "playlist": _playlist,
}  # fmt: skip
