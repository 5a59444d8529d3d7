"""What colleagues are told of: a table. How a line of the bell reads, and what little a mail says of it.

A mail leaves the house, so it names a story by its catchline or number and says no word of it, of a note or of a person
quoted: those stand behind its link.
"""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How somebody wants to be mailed."""

    NOW = "now"
    DIGEST = "digest"
    OFF = "off"


HOW_CHOICES = [(How.NOW.value, "At once"), (How.DIGEST.value, "Once a day"), (How.OFF.value, "Never")]


@dataclass(frozen=True)
class Kind:
    """One row: `label` opens a mail, `did` follows the name of who did it, `plain` is said where nobody did."""

    label: str
    did: str
    plain: str


KINDS = {
    "assignment": Kind(
        "Assigned to you", "assigned it to you", "It is yours to write. Say on your front page whether you take it."
    ),
    "refused": Kind("Refused", "refused it, with a reason", "It was refused, with a reason."),
    "submission": Kind("Submitted", "submitted it", "It waits for an editor."),
    "legal": Kind("Legal wanted", "wants a legal sign-off", "A legal sign-off is wanted."),
    "sent back": Kind("Sent back", "sent it back, with a note", "It was sent back, with a note."),
    "mention": Kind("You are mentioned", "mentioned you in a note", "You are mentioned in a note."),
    "answer": Kind("An answer from outside", "answered", "Whoever you sent a link to has answered."),
    "approval": Kind("Approved", "approved it", "It is approved."),
    "publication": Kind("Published", "published it", "Readers see it."),
    "schedule": Kind("Scheduled", "scheduled it", "It is scheduled."),
    "cancelled": Kind("Schedule cancelled", "cancelled its schedule", "Its schedule was cancelled."),
    "failed check": Kind("A check failed", "did what stops its schedule", "What is scheduled fails a check."),
    "withdrawal": Kind("Withdrawn", "withdrew it", "Readers no longer see it."),
    "declined": Kind("Declined", "declined it, with a note", "It was declined, with a note."),
    "spiked": Kind("Spiked", "spiked it, with a note", "It was spiked, with a note."),
    "corrected": Kind("Corrected", "corrected it for readers", "Readers see it corrected."),
    "clarified": Kind("Clarified", "clarified it for readers", "Readers see it clarified."),
    "editors note": Kind("Editor's note", "put an editor's note over it", "An editor's note stands over it."),
    "correction": Kind("To confirm", "drafted a correction, which waits for you", "A correction waits for you."),
    "correction refused": Kind("Not confirmed", "did not confirm it", "Your correction was not confirmed."),
    "bar": Kind(
        "Not to be quoted or contacted", "set a bar on somebody whom your stories name",
        "Somebody whom your stories name is not to be quoted, or not to be contacted, from now on.",
    ),
    "old title": Kind(
        "An old title", "set you a task about a title that is no longer so", "Stories print a title that is not so."
    ),
    "rights": Kind("Picture rights end", "let rights end", "Rights to pictures in live stories end within a day."),
    "comments": Kind("Comments wait", "left comments", "Readers' comments wait to be read."),
}  # fmt: skip
