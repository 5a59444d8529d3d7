"""What the checklist answers with."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing that the checklist found. An error that is not `overridable` stops everyone."""

    code: str
    level: str
    message: str
    field: str = ""
    overridable: bool = True


def final_errors(findings):
    """The errors that nobody may publish past."""
    return [finding for finding in findings if finding.level == ERROR and not finding.overridable]


def error(code, message, field="", overridable=True):
    return Finding(code, ERROR, message, field, overridable)


def warning(code, message, field=""):
    return Finding(code, WARNING, message, field)
