from ..pictures.models import Logo, StoredPicture
from .account import AccountEvent, RoleGrant
from .addresses import FormerAddress, HasAddress
from .mail import Mail
from .publication import FormerPolicyAddress, PolicyPage, Publication
from .pulse import Instant, Pulse
from .timed import TimedWork
from .topic import FormerTopicAddress, Topic, TopicName
from .user import User

__all__ = [
    "AccountEvent", "FormerAddress", "FormerPolicyAddress", "FormerTopicAddress", "HasAddress", "Instant", "Logo",
    "Mail", "PolicyPage", "Publication", "Pulse", "RoleGrant", "StoredPicture", "TimedWork", "Topic", "TopicName",
    "User",
]  # fmt: skip
