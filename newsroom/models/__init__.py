from ..pictures.models import Logo, StoredPicture
from .account import AccountEvent, RoleGrant
from .publication import PolicyPage, Publication
from .pulse import Instant, Pulse
from .topic import Topic, TopicName
from .user import User

__all__ = [
    "AccountEvent",
    "Instant",
    "Logo",
    "PolicyPage",
    "Publication",
    "Pulse",
    "RoleGrant",
    "StoredPicture",
    "Topic",
    "TopicName",
    "User",
]
