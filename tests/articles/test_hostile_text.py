"""Every reader of free text takes time in proportion to the text, whatever somebody typed or pasted."""

import contextlib
import time

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from articles.body import designations, diff, near_miss, plain, proposals, references, schema
from articles.search import query, words
from experts import channels, names

from ..extent import EVERYTHING

LENGTH = 200_000 if EVERYTHING else 15_000  # characters
# What a reader may take for the longest text that a story may have: many times what it needs, and a hundredth of what
# a reader needs that looks at every pair of places.
MOST_SECONDS = 8 if EVERYTHING else 1.5  # of processor time

REPEATED = (
    "“words” Nystrom said, ", '<q data-expert="1">words</q> Nystrom said, ', "“", "„", '"', "'a ", ".", "... ", "Aa ",
    "Nystrom said ", "said ", "Nystrom, ", "the observer ", "A-", "A'", "<em>a</em>“b c” ", "قال مهند ", "新聞「話」",
    "according to Nystrom ", "a@", "1 ", "+44 ", "<b>", "&lt;", "a", "\n", "<br>", "https://a.b/ ", "[[", "Dr. ",
    "e\u0301", ", ", "a, ", "“a” ", "Nystrom: “", "(", " ",
)  # fmt: skip
PEOPLE = [
    proposals.KnownPerson(number, name, titles=("observer of ports",))
    for number, name in enumerate(["Halvard Nystrom", "Dov Arkin", "مهند العزة"], 1)
]
REGISTER = designations.Register(
    designations.Entry(str(number), "*", "A note.", (designations.Form(name, False),))
    for number, name in enumerate(["Nystrom Front", "Aa Aa", "العزة", "A-A"])
)


def as_body(text):
    return f"<p>{text}</p>"


def channel_values(text):
    for kind in channels.KINDS:
        with contextlib.suppress(ValidationError):
            channels.normalise(kind, text)


READERS = {
    "who said what": lambda text: proposals.read_quotations(as_body(text), PEOPLE),
    "linking": lambda text: proposals.link_quotations(as_body(text), {"no such key": 1}),
    "names": lambda text: proposals.candidate_names(as_body(text)),
    "near names": lambda text: near_miss.near_misses(text, [person.name for person in PEOPLE]),
    "designations": lambda text: REGISTER.notes_for(as_body(text)),
    "comparison": lambda text: diff.changes_html(as_body(text), as_body(text[: LENGTH // 2] + "x" + text[:-9])),
    "paste": lambda text: schema.sanitise(as_body(text)),
    "plain text": lambda text: plain.plain_text_of(as_body(text)),
    "references": lambda text: references.references_of(as_body(text)),
    "a card's name": lambda text: (names.fold(text), names.skeleton(text), names.guess_sort_name(text)),
    "search words": lambda text: list(words.tokens(text)),
    "a search": lambda text: query.excerpt(text, query.parse(text[:200]).tokens()),
    "numbers and addresses": channel_values,
}


class HostileTextTests(SimpleTestCase):
    def check(self, reader, text, called):
        begun = time.process_time()
        READERS[reader](text)
        self.assertLess(time.process_time() - begun, MOST_SECONDS, f"{reader} of {called}")

    def test_no_reader_of_text_hangs_on_a_repeated_pattern(self):
        for reader in READERS:
            for pattern in REPEATED:
                self.check(reader, (pattern * (LENGTH // len(pattern) + 1))[:LENGTH], repr(pattern))

    def test_no_reader_of_text_hangs_on_many_different_words(self):
        letters = "abcdefghijklmnopqrstuvwxyz"
        many = (f"Nystro{a}{b}{c}" for a in letters for b in letters for c in letters)
        text = " ".join(many)[:LENGTH]
        for reader in READERS:
            self.check(reader, text, "many names")

    def test_no_reader_of_text_hangs_on_many_quotations_of_one_sentence(self):
        # Twenty-eight of these once took twenty-four seconds, at every save.
        text = as_body("“words” Nystrom said, " * 28)
        begun = time.process_time()
        reading = proposals.read_quotations(text, PEOPLE)
        self.assertLess(time.process_time() - begun, 0.5)
        self.assertEqual({fragment.expert for fragment in reading.fragments}, {1})
