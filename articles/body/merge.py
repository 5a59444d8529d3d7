"""Three versions of a content into one, field by field; nobody's words are chosen over another's in silence."""

_ABSENT = object()


def fields(base, mine, theirs):
    """(merged, conflicts) of two contents that both began from `base`.

    A field that one side changed takes that side's value. One that both changed differently keeps mine in
    `merged` and stands in `conflicts` as {"base", "mine", "theirs"}, for somebody to look at; a side that has
    no such field says None there.
    """
    merged, conflicts = {}, {}
    for name in dict.fromkeys([*base, *mine, *theirs]):
        was, ours, other = (side.get(name, _ABSENT) for side in (base, mine, theirs))
        taken = other if ours == was else ours
        if ours not in (was, other) and other != was:
            conflicts[name] = {
                side: None if value is _ABSENT else value
                for side, value in (("base", was), ("mine", ours), ("theirs", other))
            }
        if taken is not _ABSENT:
            merged[name] = taken
    return merged, conflicts
