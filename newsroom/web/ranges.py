"""A part of a file, as a reader's program may ask for it with Range: RFC 9110, section 14."""

import re

RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The part begins behind the end of the file."""


def part_asked(request, etag, length):
    """(first byte, number of bytes) of the part that is asked for, or None for the whole. Raises Unsatisfiable.

    What is not understood, several parts at once, or a part of another state of the file (If-Range) is the whole.
    """
    wanted = RANGE.fullmatch(request.META.get("HTTP_RANGE", "").replace(" ", ""))
    if request.method != "GET" or not wanted or request.META.get("HTTP_IF_RANGE", etag) != etag:
        return None
    first, last, end = (int(number) if number else None for number in wanted.groups())
    if first is None:
        first, last = max(0, length - end), length - 1
        if not end:
            raise Unsatisfiable
    last = length - 1 if last is None else min(last, length - 1)
    if first >= length:
        raise Unsatisfiable
    return (first, last - first + 1) if first <= last else None
