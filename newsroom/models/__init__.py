from ..pictures.models import Logo, StoredPicture
from .publication import PolicyPage, Publication
from .pulse import Instant, Pulse
from .topic import Topic, TopicName
from .user import User

__all__ = ["Instant", "Logo", "PolicyPage", "Publication", "Pulse", "StoredPicture", "Topic", "TopicName", "User"]
