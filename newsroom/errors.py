"""Why an action was refused, in words for the person who asked."""


class Refused(Exception):
    """An action that changed nothing; str() says why, `field` names the form field at fault, if one is."""

    def __init__(self, message, *, field=""):
        super().__init__(message)
        self.field = field


class NotAllowed(Refused):
    """This person may not do it."""


class WrongState(Refused):
    """The story does not stand so that it could be done."""


class Stale(Refused):
    """The story has moved on since the person looked."""

    def __init__(
        self, message="Somebody was quicker: the story has changed since you opened it. Look again, and decide."
    ):
        super().__init__(message)


class Unavailable(Refused):
    """A service that it needs does not answer; later it can be done."""


class NoRoom(Refused):
    """There is no room left to keep it in."""


class NoteNeeded(Refused):
    """The move wants words that were not given."""

    def __init__(self, message="Say why: this move needs a note.", *, field="note"):
        super().__init__(message, field=field)


class Blocked(Refused):
    """The checklist stops it; `findings` are the ones in the way."""

    def __init__(self, findings, message=""):
        self.findings = findings
        super().__init__(message or " ".join(finding.message for finding in findings))


def short_enough(text, length, field):
    """The text, trimmed at its ends; Refused beside the field if it has more than `length` characters."""
    text = (text or "").strip()
    if len(text) > length:
        raise Refused(f"That is {len(text):,} characters; there is room for {length:,}.", field=field)
    return text
