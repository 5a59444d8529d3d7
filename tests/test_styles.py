"""How templates and style sheets are written: short lines, the desk's colours in one place, no quiet `!important`."""

import re
from pathlib import Path

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|oklch|light-dark)\(")
RULE = re.compile(
    r"(?P<before>(?:/\*(?:(?!\*/).)*\*/\s*)+)?(?P<selector>[^{};/*\s][^{};]*)\{(?P<body>[^{}]*)\}", re.DOTALL
)


def colours(css):
    """The colours that a sheet writes out, those in the bodies of its rules."""
    bodies = re.findall(r"\{([^{}]*)\}", COMMENT.sub("", css))
    return [found for body in bodies for found in COLOUR.findall(body + ";")]


def unexplained(css):
    """Selectors of rules with `!important` that no comment explains: before them, or before such rules in a row."""
    explained, found = False, []
    for rule in RULE.finditer(css):
        important = "!important" in rule["body"]
        explained = "gainst" in rule["before"] if rule["before"] else explained and important
        if important and not explained:
            found.append(rule["selector"].strip())
    return found


class DeskTokenTests(SimpleTestCase):
    def sheets(self):
        return [path for path in sorted((STATIC / "desk").rglob("*.css")) if path.name != "tokens.css"]

    def test_colours_are_written_in_the_tokens_alone(self):
        for path in self.sheets():
            self.assertEqual(colours(path.read_text()), [], path.name)

    def test_every_token_has_a_user_and_every_name_a_value(self):
        given = set(re.findall(r"(--[\w-]+):", (STATIC / "desk" / "tokens.css").read_text()))
        used = set(re.findall(r"var\((--[\w-]+)", "".join(path.read_text() for path in self.sheets())))
        paper = set(re.findall(r"(--[\w-]+):", (STATIC / "css" / "tokens.css").read_text()))
        own = set(re.findall(r"(--[\w-]+):", "".join(path.read_text() for path in self.sheets())))
        self.assertEqual(given - used, set())
        self.assertEqual(used - given - paper - own, set())

    def test_every_important_says_whom_it_is_against(self):
        for path in [*self.sheets(), *(STATIC / "css").rglob("*.css")]:
            self.assertEqual(unexplained(path.read_text()), [], path.name)

    def test_what_is_refused_is_found(self):
        self.assertEqual(colours("a { color: #fff; }"), ["#fff"])
        self.assertEqual(colours("#content { color: var(--ink); }"), [])
        self.assertEqual(unexplained("a { b: c !important; }"), ["a"])
        css = "/* Against them. */\na { b: c !important; }\nd { e: f !important; }\ng { h: i; }\nj { k: l !important; }"
        self.assertEqual(unexplained(css), ["j"])


class LineTests(SimpleTestCase):
    def test_no_line_of_a_template_is_longer_than_120(self):
        """Comments too, which djlint passes over."""
        for path in (ROOT / "templates").rglob("*.html"):
            long = [line for line in path.read_text().splitlines() if len(line) > 120]
            self.assertEqual(long, [], path)
