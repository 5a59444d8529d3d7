"""Which columns of a file say what others hold, and what a cell says of itself: “home: +44 …”.

A label stands before its value or behind it, has its number (“Phone 1 - Label”), its kind (“Address Type”) or only its
place beside it (“Type”). Where that leaves two columns open, it holds for both: the more careful of the two.
"""

import re

from ...channels import EMAIL, KINDS, LONGEST, NUMBER, POSTAL
from .. import places
from . import columns

NUMBERED = re.compile(r"^(.*?\d+)\b")  # “Phone 1 - Label” and “Phone 1 - Value” are about one thing
OF_A_LABEL = re.compile(r"\b(?:type|typ|label|service|value|formatted|number)\b")
GROUPS = (  # the first that a label's header fits
    ("email", re.compile(r"mail")),
    ("postal", re.compile(r"addr|adres|anschrift")),
    ("phone", re.compile(r"phone|tel|mobile|number")),
    ("chat", re.compile(r"\bim\b")),
    ("web", re.compile(r"web")),
)
IN_A_CELL = (
    re.compile(r"(?P<said>[^\W\d_][^\d:：@]{0,29}\d?)\s*[:：]\s*(?P<rest>\S.*)", re.DOTALL),
    re.compile(r"[(\[](?P<said>[^()\[\]\d]{1,30}\d?)[)\]]\s*(?P<rest>\S.*)", re.DOTALL),
    # One word alone: “Broadcasting House, 1 Quay Street” is nobody's home.
    re.compile(
        r"(?P<said>[^\W\d_]{1,30}\d?(?: add?res\w*)?)(?:\s*\n|\s*,|\s+[-–—])\s*(?P<rest>\S.*)", re.DOTALL | re.I
    ),
    re.compile(r"(?P<rest>.*\S)\s*[(\[](?P<said>[^()\[\]]{1,30})[)\]]", re.DOTALL),
)
AT_A_NUMBER = (
    re.compile(r"(?P<said>[^\W\d_][^\d+(]{0,29}?)[\s.\-]*(?P<rest>[+(\d].*)", re.DOTALL),
    re.compile(r"(?P<rest>[+(\d][\d\s().\-/]*[\d)])\s*(?P<said>[^\W\d_]\D{0,29})", re.DOTALL),
)


def labels_of(header, targets):
    """{number of a column that reaches somebody: numbers of the columns that say where}."""
    names = [columns.folded_header(name) for name in header]
    groups = {n: group for n, target in enumerate(targets) if (group := _group(target.partition("/")[0]))}
    keys = {n: _key(names[n]) for n in groups}
    found, loose = {n: [] for n in groups}, {}
    for label in (n for n, target in enumerate(targets) if target == columns.LABEL):
        key = _key(names[label])
        same = [n for n in groups if key and keys[n] == key]
        for n in same:
            found[n].append(label)
        if not same:
            group = next((group for group, pattern in GROUPS if pattern.search(names[label])), "")
            loose.setdefault(group, []).append(label)
    unnamed = {n: group for n, group in groups.items() if not found[n]}
    for group, labels in loose.items():
        fits = {n: one for n, one in unnamed.items() if group in ("", one)}
        for label, beside in zip(labels, _beside(labels, fits, bool(group)), strict=True):
            for n in beside:
                found[n].append(label)
    return found


def _group(kind):
    if kind == columns.PART:
        return "postal"
    if kind not in KINDS:
        return ""
    return {NUMBER: "phone", EMAIL: "email", POSTAL: "postal"}.get(KINDS[kind].holds, kind)


def _key(name):
    match = NUMBERED.match(" ".join(OF_A_LABEL.sub(" ", name).split()))
    return match and match[1]


def _beside(labels, fits, has_kind):
    """For each label the columns that it holds for."""
    before, after = [_run(fits, n, -1) for n in labels], [_run(fits, n, 1) for n in labels]
    behind = any(one and not other for one, other in zip(before, after, strict=True))
    ahead = any(other and not one for one, other in zip(before, after, strict=True))
    for label, one, other in zip(labels, before, after, strict=True):
        if not one and not other:
            next_ones = sorted(fits, key=lambda n: (n < label, abs(n - label)))
            yield next_ones if has_kind else next_ones[:1]
        elif behind == ahead:
            yield [*one, *other]
        else:
            yield (one or other) if behind else (other or one)


def _run(fits, label, step):
    """The column next to a label; of an address all its parts in a row."""
    run, n = [], label + step
    while n in fits and (not run or fits[n] == "postal" == fits[run[0]]):
        run.append(n)
        n += step
    return run


def place_in_cell(kind, raw):
    """(where it is, the rest) of a value that says so itself; ("", raw) of every other, and of one that is too long."""
    holds = KINDS[kind].holds
    if holds not in (EMAIL, NUMBER, POSTAL) or len(raw) > LONGEST:
        return "", raw
    for pattern in (*IN_A_CELL, *(AT_A_NUMBER if holds == NUMBER else ())):
        match = pattern.fullmatch(raw.strip())
        if match and (place := places.place_of_label(match["said"])):
            # A firm's own name may read like a label: of an address at work every word stays.
            return place, raw if holds == POSTAL and place != "home" else match["rest"]
    return "", raw
