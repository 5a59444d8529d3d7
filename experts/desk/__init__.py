"""The pages of the source book on the desk."""

from . import expert

__all__ = ["expert"]
