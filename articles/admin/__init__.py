"""The desk: Django's admin in the newsroom's hands, one module per family."""

from . import article, comments, designations, duty, fronts, images, people, taxonomy

__all__ = ["article", "comments", "designations", "duty", "fronts", "images", "people", "taxonomy"]
