"""The fields of each part of a card: what people type, checked beside the field."""

from .channels import ChannelForm, LogForm, NoteForm, ResultForm, UnsealForm
from .fields import AT_RISK, PlainForm
from .names import VARIANTS, NamesForm
from .new import NewCardForm
from .readiness import DAYS_OFF, LANGUAGE_ROWS, WINDOWS, ZONES, ReadinessForm
from .roles import ChangedRoleForm, RoleForm
from .standing import AboutForm, BarForm, StandingForm, VerificationForm
from .topics import DISCLOSURES, IDENTIFIERS, TOPICS

__all__ = [
    "AT_RISK",
    "AboutForm",
    "BarForm",
    "ChangedRoleForm",
    "ChannelForm",
    "DAYS_OFF",
    "DISCLOSURES",
    "IDENTIFIERS",
    "LANGUAGE_ROWS",
    "LogForm",
    "NamesForm",
    "NewCardForm",
    "NoteForm",
    "PlainForm",
    "ReadinessForm",
    "ResultForm",
    "RoleForm",
    "StandingForm",
    "TOPICS",
    "UnsealForm",
    "VARIANTS",
    "VerificationForm",
    "WINDOWS",
    "ZONES",
]
