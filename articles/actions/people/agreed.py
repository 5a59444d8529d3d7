"""What was agreed with people in the contact log, as far as it holds for a story: what a link to them proposes."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from experts.models import ContactLog

from . import terms

# An entry that names no story says how somebody spoke then, not how they speak for good.
HOLDS = dt.timedelta(days=90)
RULES = dict(ContactLog.RULES)
OPENNESS = (terms.ON_RECORD, "background", "deep_background", "off_record")  # the most open first


@dataclass(frozen=True)
class Agreed:
    """The rule that an entry of the log has, when it was written, and the entry's writer."""

    rule: str
    at: dt.datetime
    by: object = None

    @property
    def says(self):
        """The rule in words, as a sentence about it has them: “off the record”."""
        return RULES[self.rule].lower()

    def is_less_open_than(self, rule):
        """Whether a quotation with this rule tells readers more than was agreed."""
        return rule in OPENNESS and OPENNESS.index(rule) < OPENNESS.index(self.rule)


def agreed_with(people, article, at):
    """{expert id: Agreed} for those of some people with whom a rule was agreed before a moment; one query.

    The newest entry for this story counts; without one, the newest of the last HOLDS that names no story.
    """
    if not people:
        return {}
    for_it = Q(article=article.pk) | Q(article=None, at__gte=at - HOLDS)
    rows = ContactLog.objects.filter(for_it, expert__in=people, at__lte=at).exclude(ground_rule="")
    found = {}
    for entry in rows.select_related("by").order_by("at", "pk"):
        before = found.get(entry.expert_id)
        if before is None or entry.article or not before.article:
            found[entry.expert_id] = entry
    return {pk: Agreed(entry.ground_rule, entry.at, entry.by) for pk, entry in found.items()}
