"""A file's bytes as clean text, piece by piece: any encoding, no control characters, line numbers kept."""

import codecs
import re

from .unreadable import Unreadable

CHUNK_BYTES = 1 << 16
# What XML calls no character, but for the line end that Windows writes.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")


class CleanText:
    """The text of a binary file. `more()` returns the next piece, or "" at the end and only there."""

    def __init__(self, file):
        head = file.read(512)
        file.seek(0)
        declared = DECLARED_ENCODING.search(head)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        elif head.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        try:
            self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
            self._decoder.decode(b"")
        except (LookupError, AttributeError, TypeError) as problem:
            raise Unreadable(f"The file says that its encoding is “{encoding}”, which nobody knows.") from problem
        self._file = file

    def more(self):
        """The next piece; empty at the end and only there."""
        while True:
            data = self._file.read(CHUNK_BYTES)
            text = CONTROLS.sub("", self._decoder.decode(data, final=not data))
            if text or not data:
                return text
