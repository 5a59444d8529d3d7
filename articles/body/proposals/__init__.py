"""Who said what: quotations of a text that nobody has linked, with the person who seems to have said them.

Reads and proposes; a person decides. Only words between curly marks or guillemets are looked at: straight marks are
what agencies send, and stay as they are. Words are given to somebody when a verb of saying has that person beside
it, when a pronoun follows in the same paragraph or the next one, or when they go on where the person was speaking.
Anybody else who speaks meanwhile ends that, whether we know them or not.
"""

from .linking import link, unlink
from .people import Known, names_in
from .reading import Fragment, Reading, read
from .text import quoted_spans

__all__ = ["Fragment", "Known", "Reading", "link", "names_in", "quoted_spans", "read", "unlink"]
