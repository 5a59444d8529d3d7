"""What a shortcode that we know becomes: HTML that the converter reads."""

import html
import re
from urllib.parse import unquote

from .shortcode_rules import CODE, MARKS, QUOTES

ATTRIBUTE = re.compile(
    r"([\w-]+)\s*=\s*\"([^\"]*)\"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)\s*=\s*([^\s'\"]+)|\"([^\"]*)\"|(\S+)"
)
# What words in brackets do not have: a name, an equals sign, a value.
SAYS_SOMETHING = re.compile(r"\s+[\w-]+\s*=\s*[\"'“”″&\w/#]")
CURLY = str.maketrans({"\xa0": " ", "”": '"', "“": '"', "″": '"', "‘": "'", "’": "'", "′": "'"})
PICTURE = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)\Z", re.DOTALL | re.IGNORECASE)
MEDIA_TYPES = ("src", "mp3", "m4a", "ogg", "wav", "wma", "flac", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "mov")
# Attributes of a builder's element that readers saw as words.
HEADINGS = ("title", "heading", "h2", "subhead", "h4", "text")
LINES = ("content", "subtitle", "description", "caption", "author", "job_title", "company_name", "price", "button_text")
PICTURE_NUMBERS = ("image_id", "image", "img_id", "attachment_id", "photo", "images", "gallery_ids", "image_ids")
PICTURE_ADDRESSES = ("image", "src", "image_url", "img", "photo", "image_src")
PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}", "fusion_youtube": "https://www.youtube.com/watch?v={}",
    "su_youtube": "https://www.youtube.com/watch?v={}", "youtube_sc": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}", "fusion_vimeo": "https://vimeo.com/{}", "su_vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}", "tweet": "https://twitter.com/i/status/{}",
    **dict.fromkeys(["twitter", "instagram", "facebook", "tiktok", "soundcloud", "spotify", "googlemaps", "gist",
                     "scribd", "slideshare", "flickr", "iframe", "vc_video", "et_pb_video", "av_video", "mk_video",
                     "su_video", "td_block_video"], "{}"),
}  # fmt: skip


def is_meant(name, attributes):
    """Whether a tag that nothing ends is one of ours, and not words in brackets."""
    text = attributes.strip()
    by_number = name in BY_NUMBER and len(text.split()) == 1
    return name in ALONE or by_number or "//" in text or bool(SAYS_SOMETHING.match(attributes))


def attributes_of(text):
    """What a shortcode says, {name: value}; values without a name are under "0", "1" and so on."""
    found, loose = {}, 0
    for match in ATTRIBUTE.finditer(html.unescape(text).translate(CURLY)):
        groups = match.groups()
        for name in (0, 2, 4):
            if groups[name] is not None:
                found.setdefault(groups[name].lower(), groups[name + 1])
        value = groups[6] if groups[6] is not None else groups[7]
        if value is not None:
            found[str(loose)] = value
            loose += 1
    return found


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
    return f"{_numbered(said.get('ids') or said.get('include') or '', said.get('exclude', ''))}{inner}"


def _numbered(ids, without=""):
    ids, without = (",".join(re.findall(r"\d+", text)) for text in (ids, without))
    return f'\n\n<figure class="wxr-gallery" data-ids="{ids}" data-without="{without}"></figure>\n\n'


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


def _code(said, inner):
    """Lines of code as they stand: where somebody typed tags, readers saw the tags."""
    words = html.escape(html.unescape(inner), quote=False) if "<" in inner else inner
    return f"\n\n<pre>{words}</pre>\n\n"


def _player(pattern):
    def made(said, inner):
        wanted = next((said[name] for name in ("url", "link", "src", "id", "video", "0") if said.get(name)), "")
        wanted = (wanted or inner).strip().lstrip("=")
        address = wanted if "//" in wanted else pattern.format(wanted)
        address = f"https:{address}" if address.startswith("//") else address
        if not wanted or not address.startswith(("http://", "https://")):
            return None
        rest = inner if wanted != inner.strip() else ""
        return f"\n\n{html.escape(address, quote=False)}\n\n{rest}"

    return made


def _button(said, inner):
    """A button's words, with its link."""
    address = next((said[name] for name in ("link", "url", "href", "button_url") if said.get(name)), "")
    if parts := re.match(r"url:([^|]*)", address):  # as a builder writes it
        address = unquote(parts[1])
    words = inner.strip() or next(
        (html.escape(said[name]) for name in ("title", "text", "button_text") if said.get(name)), ""
    )
    return f'\n\n<p><a href="{html.escape(address)}">{words}</a></p>\n\n' if "/" in address else f"\n\n{words}\n\n"


def _quote(said, inner):
    by = said.get("author") or said.get("cite") or ""
    by = f"<p><cite>{html.escape(by)}</cite></p>" if by else ""
    return f"\n\n<blockquote>{inner}{by}</blockquote>\n\n"


def _mark(tag):
    return lambda said, inner: f"<{tag}>{inner}</{tag}>"


def wrapper_words(said):
    """What an element of a builder shows beside what it encloses: its heading, its picture, its lines."""
    out = []
    numbers = next((said[key] for key in PICTURE_NUMBERS if re.fullmatch(r"[\d,\s|]+", said.get(key, ""))), "")
    address = next((said[key] for key in PICTURE_ADDRESSES if "//" in said.get(key, "")), "")
    if len(re.findall(r"\d+", numbers)) > 1:
        out.append(_numbered(numbers))
    elif numbers or address:
        kind = f' class="wp-image-{numbers.strip(", |")}"' if numbers else ""
        alt = html.escape(said.get("alt") or said.get("title_text") or "")
        out.append(f'<img{kind} src="{html.escape(address)}" alt="{alt}">')
    out += [
        f"<h2>{html.escape(said[key], quote=False)}</h2>"
        for key in HEADINGS
        if said.get(key) and not said[key].startswith("#")
    ]
    out += [f"<p>{html.escape(said[key], quote=False)}</p>" for key in LINES if said.get(key)]
    return "".join(f"\n\n{part}\n\n" for part in out)


MAKERS = {
    "caption": _caption, "wp_caption": _caption, "gallery": _gallery, "embed": _embed,
    "audio": _media("audio"), "video": _media("video"), "playlist": _playlist,
    **dict.fromkeys(CODE, _code),
    **dict.fromkeys(QUOTES, _quote),
    **{name: _mark(tag) for name, tag in MARKS.items()},
    **{name: _player(pattern) for name, pattern in PLAYERS.items()},
    **dict.fromkeys("button btn vc_btn vc_button et_pb_button su_button fusion_button av_button".split(), _button),
}  # fmt: skip
# These mean something alone in brackets; all others then are words.
ALONE = frozenset({"gallery", "playlist"})
# These take a number or a name without saying what it is.
BY_NUMBER = frozenset("youtube vimeo dailymotion tweet".split())
