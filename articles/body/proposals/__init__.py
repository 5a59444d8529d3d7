"""Who said what: finds quotations of a text that are not linked to a card, and proposes who said them.

It only proposes; a person decides. A quotation is given to the person who stands beside a verb of saying, to the
last speaker when a pronoun follows in the same or the next paragraph, or to the last speaker when it goes on
directly. Another speaker in between ends that, whether there is a card for them or not.
"""

from .linking import link_quotations, unlink_quotation
from .people import KnownPerson, candidate_names
from .reading import Fragment, Reading, read_quotations
from .text import may_quote, quotations_in

__all__ = [
    "Fragment",
    "KnownPerson",
    "Reading",
    "link_quotations",
    "candidate_names",
    "may_quote",
    "quotations_in",
    "read_quotations",
    "unlink_quotation",
]
