"""The bytes of a vCard file as properties: lines joined, parameters read, nothing decoded yet.

Works on bytes, because one file may hold several charsets. Never raises, whatever the bytes.
"""

import codecs
import re
from dataclasses import dataclass, field

# iPhones have sent lines that end with two carriage returns.
LINE_END = re.compile(rb"\r*\n|\r")
BASE64_LINE = re.compile(rb"^[A-Za-z0-9+/=]+$")
NAME = re.compile(r"^(?:([A-Za-z0-9_-]+)\.)?([A-Za-z][A-Za-z0-9_/+-]*)$")
ENCODINGS = {"quoted-printable": "qp", "q": "qp", "base64": "b64", "b": "b64", "7bit": "", "8bit": ""}
CHARSET_LIKE = re.compile(r"^(utf|iso|windows|cp|us-ascii|ascii|shift|koi8|gb|big5|euc|mac)[\w-]*\d?$", re.IGNORECASE)
BROKEN_AT_WILL = ("NOTE", "LABEL")  # texts of several lines
CARET = {"^n": "\n", "^^": "^", "^'": '"'}


@dataclass
class Property:
    """One property as it stands: `types` in small letters, the value still encoded."""

    line: int
    group: str
    name: str
    raw: bytes  # while it is being read, a bytearray
    types: list = field(default_factory=list)
    encoding: str = ""
    charset: str = ""
    language: str = ""
    altid: str = ""
    value: str = ""
    preference: int | None = None


def in_one_charset(data):
    """The file's bytes with UTF-16 and UTF-32 turned into UTF-8, and without a byte order mark."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if data.startswith(mark):
            return data.decode(name, "replace").encode()
    if data.startswith(codecs.BOM_UTF8):
        return data[3:]
    head = data[:200]
    # Plain letters in UTF-16 have a zero in every second byte, with or without a mark.
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = head[start::2].count(0)
        if len(head) >= 8 and zeros > len(head) // 2 * 0.7:
            return data.decode(name, "replace").encode()
    return data


def numbered_lines(data):
    """(line number, bytes) of each line of the file."""
    return list(enumerate(LINE_END.split(data), start=1))


def _colon(line):
    """Where the value begins: the first colon outside quotation marks, or the first at all."""
    quoted = False
    for place, byte in enumerate(line):
        if byte == 0x22:
            quoted = not quoted
        elif byte == 0x3A and not quoted:
            return place
    return line.find(b":")


def _pieces(text, sign):
    """Split at a sign outside quotation marks."""
    pieces, quoted, current = [], False, []
    for character in text:
        if character == '"':
            quoted = not quoted
        if character == sign and not quoted:
            pieces.append("".join(current))
            current = []
        else:
            current.append(character)
    return [*pieces, "".join(current)]


def property_in(line, number):
    """A line as a Property, or None where it is none."""
    place = _colon(line)
    if place < 1:
        return None
    head, *parameters = _pieces(line[:place].decode("utf-8", "replace"), ";")
    match = NAME.match(head.strip())
    if not match:
        return None
    found = Property(number, (match[1] or "").lower(), match[2].upper(), bytearray(line[place + 1 :]))
    for parameter in parameters:
        key, equals, value = parameter.strip().partition("=")
        _take(found, key.strip().lower() if equals else "", value if equals else key)
    return found


def _take(found, key, value):
    """Note one parameter; those of 2.1 come without a name."""
    value = re.sub(r"\^[n^']", lambda caret: CARET[caret[0]], value.strip().strip('"'))
    low = value.strip().lower()
    if key == "encoding" or (not key and low in ENCODINGS):
        found.encoding = ENCODINGS.get(low, "")
    elif key == "charset" or (not key and CHARSET_LIKE.match(low)):
        found.charset = low
    elif key == "pref":
        found.preference = min(max(int(low), 1), 100) if low.isascii() and low.isdigit() and len(low) < 4 else 1
    elif key in ("language", "altid", "value"):
        setattr(found, key, value.strip())
    elif key in ("type", "service-type", "x-service-type", ""):
        for one in low.replace('"', "").split(","):
            if one.strip() == "pref":
                found.preference = found.preference or 1
            elif one.strip():
                found.types.append(one.strip())


def _whole(item):
    item.raw = bytes(item.raw)
    return item


def _is_base64(item):
    return item.encoding == "b64" or item.raw[:5].lower() == b"data:" and b";base64," in item.raw[:80]


def properties(lines):
    """(Property, None) of each property in (number, bytes) lines, and (None, (number, line)) of each that is none.

    Joins folded lines, the soft breaks of quoted-printable, and base64 in every style that was seen.
    """
    current, old = None, False
    for number, line in lines:
        if current is not None and current.encoding == "qp" and current.raw.endswith(b"="):
            # A card that was cut off must not take the end of the card into its note.
            if not re.match(rb"(?i)\s*(end|begin)\s*:\s*vcard", line):
                current.raw[-1:] = line
                continue
            del current.raw[-1:]
        if line[:1] in (b" ", b"\t") and current is not None and line.strip():
            # In 2.1 a line is broken before a blank that belongs to it; later versions add one.
            current.raw += line if old and current.encoding != "b64" else line[1:]
            continue
        if current is not None and _is_base64(current) and BASE64_LINE.match(line):
            current.raw += line
            continue
        if not line.strip(b" \t\0\x1a"):
            continue
        found = property_in(line.lstrip(b" \t"), number)
        if found is None and current is not None and current.name in BROKEN_AT_WILL:
            # A program that broke a line of the text and forgot the blank that says so.
            current.raw += b"\\n" + line
            continue
        if current is not None:
            yield _whole(current), None
        current = found
        if found is None:
            yield None, (number, line)
        elif found.name == "VERSION":
            old = found.raw.strip() == b"2.1"
        elif found.name in ("BEGIN", "END"):
            yield _whole(found), None
            current = None
            old = old if found.name == "END" else False
    if current is not None:
        yield _whole(current), None
