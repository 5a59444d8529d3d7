"""Cards that may be the same person, with reasons in words: a suggestion, and never more."""

from dataclasses import dataclass

from django.db.models import CharField, F, Q, Value

from ..channels import EMAIL, KINDS, WEB, holds_number, number_kinds
from ..models import Channel, Expert, ExternalId, PrivateChannel
from ..models.channel import digests_of
from .name_matching import Roster

SURE = 100
SHOWN = 12
HINT = 3  # characters at an end of a number or address that the database is asked for


@dataclass(frozen=True)
class Candidate:
    """A card that may be the same person. `exact`: an identifier, number or address says so, and not only a name."""

    expert: Expert
    score: float
    reasons: list
    exact: bool


def candidates(name="", native="", channels=(), ids=(), leaving_out=None, sealed=True):
    """Cards that may be the same person, the surest first, at most a dozen; in three queries.

    `channels` are (kind, normalized), `ids` (scheme, value); `leaving_out` is a card or its id. No reason repeats a
    number or an address, and a restricted one is matched by its keyed hash alone; not at all without `sealed`.
    """
    without = getattr(leaving_out, "pk", leaving_out)
    found = {}
    for pk, reason in _exact(channels, ids, sealed):
        if pk != without and reason not in found.setdefault(pk, (SURE, [], True))[1]:
            found[pk][1].append(reason)
    texts = [text for text in dict.fromkeys((name, native)) if text and text.strip()]
    roster = Roster(leaving_out=without)
    for text in texts:
        for pk, likeness in roster.alike(text).items():
            score, reasons, exact = found.get(pk, (0, [], False))
            if likeness.reason not in reasons:
                reasons = [*reasons, likeness.reason]
            found[pk] = (max(score, likeness.score), reasons, exact)
    best = sorted(found.items(), key=lambda item: (-item[1][2], -item[1][0], item[0]))[:SHOWN]
    experts = Expert.objects.current().in_bulk([pk for pk, _ in best]) if best else {}
    return [
        Candidate(experts[pk], score, reasons, exact) for pk, (score, reasons, exact) in best if pk in experts
    ]  # fmt: skip


def _exact(channels, ids, sealed):
    """(card's id, reason) for each number, address or identifier that a card has; one query.

    What is typed may be restricted, and a database may log what it is asked. So it is asked for what ends (an address:
    and begins) alike, and the rest is compared here.
    """
    queries, typed = [], {normalized for _, normalized in channels}
    for kind, normalized in channels:
        if not normalized:
            continue
        is_number, holds = holds_number(kind, normalized), KINDS[kind].holds
        kinds = number_kinds() if is_number else (kind,)
        what = "number" if is_number else "e-mail address" if holds == EMAIL else "address"
        like = {"endswith": normalized[-HINT:]}
        if not is_number:
            scheme = normalized.find("://") + 3 if holds == WEB else 0  # which all have
            like["startswith"] = normalized[: scheme + HINT]
        open_to_staff = Channel.objects.filter(kind__in=kinds, **{f"normalized__{how}": it for how, it in like.items()})
        queries.append(_told(open_to_staff, f"The same {what}", value=F("normalized")))
        if sealed:
            hidden = PrivateChannel.objects.filter(digest__in=digests_of(kind, normalized))
            queries.append(_told(hidden, f"The same {what}, restricted"))
    wanted = Q()
    for scheme, value in ids:
        if value:
            wanted |= Q(scheme=scheme, value=value)
    if wanted:
        for scheme, says in ExternalId.SCHEMES:
            if any(scheme == asked and value for asked, value in ids):
                queries.append(_told(ExternalId.objects.filter(wanted, scheme=scheme), f"The same {says}"))
    if not queries:
        return []
    first, *others = queries
    rows = first.union(*others, all=True).order_by() if others else first
    return [(pk, reason) for pk, reason, value in rows if not value or value in typed]


def _told(rows, reason, value=None):
    """(card's id, reason, what is to be compared or "") of rows whose card is in use."""
    in_use = rows.filter(expert__merged_into=None, expert__removed_at=None).order_by()
    text = CharField()
    return in_use.annotate(compared=value or Value("", output_field=text)).values_list(
        F("expert_id"), Value(reason, output_field=text), "compared"
    )
