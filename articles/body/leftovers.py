"""What other systems leave in a text: instructions between square brackets that were never words."""

import re

# With an equals sign, with a slash in front, or with an underscore in the name. What editors write, such as [sic] or
# [laughs], has none of these.
SHORTCODE = re.compile(
    r"\[(?P<name>/?[^\W_][\w:-]{0,60})(?:\s[^\[\]]{0,200}?=[^\[\]]{0,2000}|\s*/)?\]",
)
MOST_NAMED = 5


def shortcodes_in(text):
    """The different shortcodes of a plain text, as [name] or [/name], at most MOST_NAMED, in order."""
    found = {}
    for m in SHORTCODE.finditer(text):
        name, whole = m.group("name"), m.group()
        if "=" in whole or name.startswith("/") or "_" in name:
            found[f"[{name}]"] = None
    return list(found)[:MOST_NAMED]
