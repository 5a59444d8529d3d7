"""The list of cards with its filters. No number or address can be seen or searched in it."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When

from newsroom import languages, paper
from newsroom.desk.base import number
from newsroom.models import Topic

from .. import serializer
from ..finding.search import Hits, find_cards_by_words
from ..models import Bar, Expert, verification

CARDS_FOUND = 200
TOPICS_LISTED = 400


def find_cards(queryset, words):
    """(the cards of a queryset that words find, the Hits with the best first); without words the Hits are None."""
    words = " ".join(words.replace("\0", " ").split())[:200]
    if not words:
        return queryset, None
    hits = find_cards_by_words(words, limit=CARDS_FOUND)
    return queryset.filter(pk__in=[hit.expert_id for hit in hits]), hits


def in_order_of_ids(queryset, ids):
    """The cards in the order of their ids."""
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ids)]
    return queryset.order_by(Case(*places, default=Value(len(ids)), output_field=IntegerField()), "pk")


class CardList(ChangeList):
    """A page of the list; each row has a `line` from the serializer."""

    def get_queryset(self, request, exclude_parameters=None):
        queryset = super().get_queryset(request, exclude_parameters)
        self.hits = getattr(request, "found_cards", None) or Hits()
        return in_order_of_ids(queryset, [hit.expert_id for hit in self.hits]) if self.hits else queryset

    def get_results(self, request):
        super().get_results(request)
        rows = list(with_last_quoted(self.result_list.with_verification_state()))
        for expert, line in zip(rows, serializer.lines(rows), strict=True):
            expert.line = line
        self.result_list = rows


def with_last_quoted(queryset):
    """Cards annotated with `last_quoted`, the first publication of the newest live story that quotes them."""
    quotes = Expert.quotes.rel.related_model.objects.live().filter(expert=OuterRef("pk"))
    newest = quotes.order_by("-edition__first_published_at").values("edition__first_published_at")
    return queryset.annotate(last_quoted=Subquery(newest[:1]))


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with a few named choices; any other value does not filter."""

    others = ()

    def choices(self, changelist):
        kept = changelist.get_filters_params()
        self.others = [(name, value) for name, values in kept.items() if name != self.parameter_name
                       for value in (values if isinstance(values, list) else [values])]  # fmt: skip
        if changelist.query:
            self.others.append(("q", changelist.query))
        return super().choices(changelist)

    def lookups(self, request, model_admin):
        return self.choices_listed

    def queryset(self, request, queryset):
        value = self.value()
        return self.narrow(queryset, value) if value in dict(self.lookup_choices) else queryset


class CardFilter(ChoiceFilter):
    title, parameter_name = "card", "card"
    choices_listed = [("due", "Review due"), ("public", "Public profile"), ("dnc", "Do not contact"),
                      ("dnq", "Do not quote"), ("untitled", "No role known")]  # fmt: skip

    def narrow(self, queryset, value):
        match value:
            case "due":
                return queryset.filter(review_due__lte=paper.today())
            case "public":
                return queryset.public()
            case "dnc":
                return queryset.barred(Bar.CONTACT, paper.today())
            case "dnq":
                return queryset.barred(Bar.QUOTE, paper.today())
        return queryset.filter(affiliations=None)


class VerificationFilter(ChoiceFilter):
    title, parameter_name = "verification", "verified"
    choices_listed = verification.VERIFICATION_STATES

    def narrow(self, queryset, value):
        return queryset.with_verification_state().filter(verification_state=value)


class LanguageFilter(ChoiceFilter):
    title, parameter_name = "language", "language"
    template = "experts/filter_select.html"
    choices_listed = [(tag, name) for name, tag in languages.OFFERED]

    def narrow(self, queryset, value):
        spoken = Expert.languages.rel.related_model.objects.filter(Q(tag=value) | Q(tag__startswith=f"{value}-"))
        return queryset.filter(pk__in=spoken.values("expert"))


class TopicFilter(ChoiceFilter):
    title, parameter_name = "topic", "topic"
    template = "experts/filter_select.html"

    def lookups(self, request, model_admin):
        return [(str(pk), name) for pk, name in Topic.objects.in_use().values_list("pk", "name")[:TOPICS_LISTED]]

    def queryset(self, request, queryset):
        pk = number(self.value())
        return queryset.filter(topic_items__tag=pk) if pk else queryset


FILTERS = [CardFilter, VerificationFilter, TopicFilter, LanguageFilter]
