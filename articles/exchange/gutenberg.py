"""WordPress's block comments: takes them out of a text and says which blocks had no words of their own."""

import json
import re

COMMENT = re.compile(
    r"<!--\s*(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s*(?P<attributes>\{.*?\})?\s*(?P<void>/)?-->", re.DOTALL
)
OTHER = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
PAGE_BREAK = re.compile(r"<!--\s*nextpage\s*-->")
# Filled by the server at every request, though words may stand inside them for when there is nothing to show.
FILLED_BY_SERVER = frozenset(
    "query post-template query-pagination comments comment-template comments-pagination navigation post-comments"
    " legacy-widget widget-group calendar archives latest-posts latest-comments".split()
)
HANDLED = frozenset({"footnotes", "block"})
NESTED = 5  # reusable blocks inside reusable blocks


class Blocks:
    """What came out of a text: `html` without comments, the `dynamic` blocks in order, whether there were `any`."""

    def __init__(self, content, reusable=None):
        self.dynamic, self.notes = [], []
        self._reusable = reusable or {}
        self.any = bool(COMMENT.search(content))
        if PAGE_BREAK.search(content):
            self.notes.append("page breaks taken out: the text is one page")
        self.html = OTHER.sub("", self._without(content, 0))

    def _without(self, content, level):
        def replaced(match):
            name = match["name"].removeprefix("core/")
            if match["end"]:
                return ""
            if name == "block":
                return self._shared(match["attributes"], level)
            if (match["void"] and name not in HANDLED) or name in FILLED_BY_SERVER:
                self.dynamic.append(name)
            return ""

        return COMMENT.sub(replaced, content)

    def _shared(self, attributes, level):
        """The text of a reusable block, which another item of the export holds."""
        try:
            ref = str(json.loads(attributes or "{}").get("ref", ""))
        except (ValueError, AttributeError):
            ref = ""
        if ref in self._reusable and level < NESTED:
            return self._without(self._reusable[ref], level + 1)
        self.notes.append(f"reusable block {ref or 'without a number'} is not in the export")
        return ""
