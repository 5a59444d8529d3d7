"""Merges two people's changes to a story, field by field; changes that conflict are reported."""

_ABSENT = object()


def merged_fields(base, mine, theirs):
    """(merged, conflicts) of two dicts of fields that were both changed from `base`.

    A field that one side changed has that side's value. One that both changed differently has mine in `merged`,
    and `conflicts` has {field: {"base", "mine", "theirs"}} for it, with None for a side without the field.
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
