from .affiliation import Affiliation
from .channel import AccessLog, Channel, PrivateChannel, PrivateNote
from .expert import Expert, ExpertTopic, ExternalId, FormerExpertAddress, NameVariant, Portrait
from .ledger import CardChange, ContactLog
from .organisation import Organisation, OrganisationName
from .privacy import DataRequest, PublicProfile, SelfDescription, Suppression
from .readiness import AvailabilityWindow, Bar, Disclosure, LanguageSkill, TimeOff
from .transfer import ImportBatch, ImportRow, MergeRecord
from .verification import Verification

__all__ = [
    "AccessLog",
    "Affiliation",
    "AvailabilityWindow",
    "Bar",
    "CardChange",
    "Channel",
    "ContactLog",
    "DataRequest",
    "Disclosure",
    "Expert",
    "ExpertTopic",
    "ExternalId",
    "FormerExpertAddress",
    "ImportBatch",
    "ImportRow",
    "LanguageSkill",
    "MergeRecord",
    "NameVariant",
    "Organisation",
    "OrganisationName",
    "Portrait",
    "PrivateChannel",
    "PrivateNote",
    "PublicProfile",
    "SelfDescription",
    "Suppression",
    "TimeOff",
    "Verification",
]
