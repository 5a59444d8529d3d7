"""Cards that may be the same person, with the reasons in words. People decide; nothing is merged from here."""

from dataclasses import dataclass

from django.db.models import CharField, F, Q, Value

from ..channels import EMAIL, KINDS, WEB, holds_number, number_kinds
from ..models import Channel, Expert, ExternalId, PrivateChannel
from ..models.channel import channel_digests
from .name_matching import Roster

SURE_SCORE = 100
MOST_SHOWN = 12
HINT_LENGTH = 3  # characters at each end of a number or address that a query names


@dataclass(frozen=True)
class Lookalike:
    """A card that may be the same person. `exact` is True where an identifier, number or address is the same."""

    expert: Expert
    score: float
    reasons: list
    exact: bool


def find_lookalikes(name="", native="", channels=(), ids=(), leaving_out=None, sealed=True):
    """Up to MOST_SHOWN cards that may be the same person, the surest first. Three queries.

    `channels` are (kind, normalized), `ids` (scheme, value); `leaving_out` is a card or its id. No reason contains a
    number or an address. Restricted channels are compared by their keyed hashes, and only with `sealed`.
    """
    without = getattr(leaving_out, "pk", leaving_out)
    found = {}
    for pk, reason in _cards_with_same_channel_or_id(channels, ids, sealed):
        if pk != without and reason not in found.setdefault(pk, (SURE_SCORE, [], True))[1]:
            found[pk][1].append(reason)
    texts = [text for text in dict.fromkeys((name, native)) if text and text.strip()]
    roster = Roster(leaving_out=without)
    for text in texts:
        for pk, likeness in roster.find_alike(text).items():
            score, reasons, exact = found.get(pk, (0, [], False))
            if likeness.reason not in reasons:
                reasons = [*reasons, likeness.reason]
            found[pk] = (max(score, likeness.score), reasons, exact)
    best = sorted(found.items(), key=lambda item: (-item[1][2], -item[1][0], item[0]))[:MOST_SHOWN]
    experts = Expert.objects.current().in_bulk([pk for pk, _ in best]) if best else {}
    return [
        Lookalike(experts[pk], score, reasons, exact) for pk, (score, reasons, exact) in best if pk in experts
    ]  # fmt: skip


def _cards_with_same_channel_or_id(channels, ids, sealed):
    """[(card's id, reason)] for each of these numbers, addresses and identifiers that a card has. One query.

    A typed number may be restricted, and a database may log queries. So the query names only the last characters (of an
    address also the first), and the whole is compared here.
    """
    queries, typed = [], {normalized for _, normalized in channels}
    for kind, normalized in channels:
        if not normalized:
            continue
        is_number, holds = holds_number(kind, normalized), KINDS[kind].holds
        kinds = number_kinds() if is_number else (kind,)
        what = "number" if is_number else "e-mail address" if holds == EMAIL else "address"
        like = {"endswith": normalized[-HINT_LENGTH:]}
        if not is_number:
            scheme = normalized.find("://") + 3 if holds == WEB else 0  # which all have
            like["startswith"] = normalized[: scheme + HINT_LENGTH]
        open_to_staff = Channel.objects.filter(kind__in=kinds, **{f"normalized__{how}": it for how, it in like.items()})
        queries.append(_with_reason(open_to_staff, f"The same {what}", value=F("normalized")))
        if sealed:
            hidden = PrivateChannel.objects.filter(digest__in=channel_digests(kind, normalized))
            queries.append(_with_reason(hidden, f"The same {what}, restricted"))
    wanted = Q()
    for scheme, value in ids:
        if value:
            wanted |= Q(scheme=scheme, value=value)
    if wanted:
        for scheme, says in ExternalId.SCHEMES:
            if any(scheme == asked and value for asked, value in ids):
                queries.append(_with_reason(ExternalId.objects.filter(wanted, scheme=scheme), f"The same {says}"))
    if not queries:
        return []
    first, *others = queries
    rows = first.union(*others, all=True).order_by() if others else first
    return [(pk, reason) for pk, reason, value in rows if not value or value in typed]


def _with_reason(rows, reason, value=None):
    """(card's id, reason, text still to be compared or "") of those rows whose card is in use."""
    in_use = rows.filter(expert__merged_into=None, expert__removed_at=None).order_by()
    text = CharField()
    return in_use.annotate(compared=value or Value("", output_field=text)).values_list(
        F("expert_id"), Value(reason, output_field=text), "compared"
    )
