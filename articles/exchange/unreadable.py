"""What an import says of a file that it cannot use."""


class Unreadable(Exception):
    """A file that is no WordPress export, or a broken one; str() says why, for the person who sent it."""
