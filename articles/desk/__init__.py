"""The desk: Django's admin in the newsroom's hands, by subject; the parts named here hold its admin classes."""

from . import comments, duty, fronts, pictures, register, taxonomy
from .people import contributors
from .stories import article

__all__ = ["article", "comments", "contributors", "duty", "fronts", "pictures", "register", "taxonomy"]
