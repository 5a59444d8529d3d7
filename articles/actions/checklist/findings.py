"""What the checklist answers with."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that the checklist found. An error that is not `overridable` stops everyone.

    `about` says of which person, picture, quotation or rule; "" where there can be one of its code only. A finding is
    shown, waived and recorded by its `key`, so `about` never holds what an edition may not keep for ever.
    A warning that is waived `by_hand` is ticked for nobody, and "all of them" leaves it out.
    """

    code: str
    level: str
    message: str
    field: str = ""
    overridable: bool = True
    about: str = ""
    by_hand: bool = False

    @property
    def key(self):
        """Its name: the code and what it is about."""
        return f"{self.code}:{self.about}" if self.about else self.code


def final_errors(findings):
    """The errors that nobody may publish past."""
    return [finding for finding in findings if finding.level == ERROR and not finding.overridable]


def error(code, message, field="", overridable=True, about=""):
    return Finding(code, ERROR, message, field, overridable, str(about))


def warning(code, message, field="", about="", by_hand=False):
    return Finding(code, WARNING, message, field, about=str(about), by_hand=by_hand)
