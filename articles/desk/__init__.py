"""The desk, by subject: admin classes, forms and views. Importing the modules named here registers their classes."""

from . import comments, duty, embeds, fronts, legal_register, pictures, style, taxonomy
from .people import contributors
from .stories import article

__all__ = ["article", "comments", "contributors", "duty", "embeds", "fronts", "pictures", "legal_register", "style",
           "taxonomy"]  # fmt: skip
