"""The picture library: looking through it, bringing pictures in, one picture's words, rights and focal point."""

from . import library

__all__ = ["library"]
