"""The page “People in this story”: who said what, on what terms, under which title, and who else could speak."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from experts import access
from experts.actions import new_cards, removal
from experts.channels import normalise
from experts.desk import making
from experts.desk.parts.offers import input_offers
from experts.finding import finder
from experts.models import Bar, Expert
from experts.models.verification import verification_state
from newsroom import clock, paper
from newsroom.desk.base import number, refuse_controls
from newsroom.desk.refusals import Attempt, refused_as_json
from newsroom.errors import NotAllowed, Refused, Stale
from newsroom.models import User

from ... import roles
from ...actions import waiting, writing
from ...actions.people import agreed, linking, terms, titles
from ...body import marks, schema
from ...body.near_miss import near_misses
from ...models import Appearance, Article, Edition, EditionExpert
from ...models.people import GROUND_RULES
from ..editor import lookup
from .forms import PersonForm, TermsForm

OFTEN = 3  # so many live stories within ninety days make a voice an over-used one
OFTEN_WITHIN = dt.timedelta(days=90)
SUGGESTED = 8
LONGEST_BODY = 2_000_000
BECAUSE = 5
LISTED = 200  # quotations of one text that the editor is told of


# --- the page --------------------------------------------------------------------------------


@dataclass
class PersonInStory:
    """Somebody in the story: their appearance and quotations, each with its form, and what their card says."""

    appearance: Appearance
    form: PersonForm
    quotes: list = field(default_factory=list)
    card: Expert = None
    state: str = ""
    bar: Bar = None
    often: int = 0
    interests: list = field(default_factory=list)
    titles: list = field(default_factory=list)
    old_title: str = ""
    agreed: object = None


def people_page(stories, request, pk):
    """The page “People in this story” of an article; by POST, one change to them. `stories` is the article's admin."""
    article = stories.get_object(request, str(pk))
    if not stories.has_view_permission(request, article):
        raise PermissionDenied
    view = PeoplePage(stories, request, article)
    if request.method == "POST":
        if not view.may:
            raise PermissionDenied
        if done := view.act_on_post():
            messages.success(request, done)
            page = reverse("admin:articles_article_people", args=[article.pk])
            return redirect(page + (f"#person-{view.at}" if view.at else ""))
    return view.response()


class PeoplePage:
    """One request for the page: what it loads, the change it makes, and the answer."""

    def __init__(self, stories, request, article):
        self.stories, self.request, self.article = stories, request, article
        self.may = writing.may_edit(article, request.user) == "text"
        self.posted = request.POST if request.method == "POST" else None
        self.act = (self.posted or {}).get("_act", "")
        self.status, self.refusal, self.at = 200, None, 0
        self.new = making.NewCardForm(self.posted if self.act == "card" else None, prefix="card")
        self.lookalikes = []
        self.rows = self._load_people()

    # --- loading ---

    def _load_people(self):
        article = self.article
        loads = [f"expert__{name}" for name in ("affiliations", "bars", "verifications")]
        appearances = list(article.appearances.select_related("expert").prefetch_related(*loads))
        quotes = list(article.quote_records.select_related("checked_by", "expert").order_by("pk"))
        staff = []
        if quotes and self.may:
            users = User.objects.filter(is_active=True, is_staff=True).order_by("first_name", "last_name", "username")
            staff = [(user.pk, str(user)) for user in users]
        bound = self.posted if self.act == "terms" else None
        day, topics = paper.today(), [topic.pk for topic in article.topics.all()]
        rows = {}
        for appearance in appearances:
            card = appearance.expert
            row = PersonInStory(appearance, PersonForm(bound, instance=appearance, prefix=f"p{card.pk}"), card=card)
            row.state = verification_state(card, day)
            row.bar = card.quote_bar(day, topics)
            row.titles = card.titles_on(day)
            if over := titles.out_of_date(appearance.attribution_as_printed, card.affiliations.all(), day):
                row.old_title = over.as_printed
            rows[card.pk] = row
        for record in quotes:
            record.form = TermsForm(bound, instance=record, prefix=f"q{record.uid}", staff=staff)
            record.drifted = terms.drifted(record)
            record.asks = [f for f in record.form if f.name in ("ground_rule", "descriptor", "embargo_until")]
            record.more = [f for f in record.form if f not in record.asks]
            if record.expert_id in rows:
                rows[record.expert_id].quotes.append(record)
        return rows

    # --- one change ---

    def act_on_post(self):
        """Make the change asked for, and return what was done in a sentence; "" where the page is to be shown again."""
        acts = {"terms": self._save_terms, "link": self._link_quotations, "card": self._add_card}
        act = acts.get(self.act)
        if act is None:
            self.status, self.refusal = 400, "The page sent nothing that it can do."
            return ""
        with Attempt() as attempt:
            return act()
        self.refusal, self.status = attempt.words, attempt.status
        if isinstance(attempt.refusal, Stale):
            self.article.refresh_from_db()
            self.refusal += " What you typed is still here: compare, then save again."
        return ""

    @property
    def seen(self):
        return number(self.posted.get("version")) or 0

    def _save_terms(self):
        records = [record for row in self.rows.values() for record in row.quotes]
        named = [form for form in [record.form for record in records] if f"{form.prefix}-ground_rule" in self.posted]
        persons = [row.form for row in self.rows.values() if f"{row.form.prefix}-role" in self.posted]
        if [form for form in [*named, *persons] if not form.is_valid()]:
            self.status, self.refusal = 400, "Some of it cannot be saved as it is: see below."
            return ""
        unlink, agree = self.posted.get("_unlink", ""), self.posted.get("_agree", "")
        show = self.posted.get("_print", "").split("-")
        show = tuple(number(part) or 0 for part in show) if len(show) == 2 else None
        with transaction.atomic():
            revision = linking.set_terms(
                self.article,
                {form.instance.uid: form.columns() for form in named},
                {form.instance.expert_id: dict(form.cleaned_data) for form in persons},
                by=self.request.user, seen_version=self.seen, agree=agree, show=show,
            )  # fmt: skip
            if unlink:
                linking.unlink(self.article, unlink, by=self.request.user, seen_version=revision.number)
        if revision.stopped:
            messages.warning(self.request, waiting.said_of_stopped(revision.stopped))
        pressed = next((r.expert_id for r in records if r.uid in (unlink, agree)), show[0] if show else 0)
        self.at = pressed if pressed in self.rows else 0
        if unlink:
            return "Unlinked. The words are still in the story."
        if agree:
            return "Noted: these words are right."
        return "The interest is printed with the story." if show else "Saved."

    def _link_quotations(self):
        choices = {}
        for key in self.posted.getlist("quote"):
            choices[key[:16]] = number(self.posted.get(f"who-{key}")) or 0
        for name, value in self.posted.items():
            if name.startswith("other-") and number(value):
                choices[name.removeprefix("other-")[:16]] = number(value)
        choices = {key: pk for key, pk in choices.items() if pk}
        if not choices:
            raise Refused("Choose at least one quotation.")
        rules = {}
        for name, value in self.posted.items():
            if name.startswith("rule-") and (pk := number(name.removeprefix("rule-"))):
                rules[pk] = value
        printed = {}
        for name, value in self.posted.items():
            if name.startswith("title-") and (pk := number(name.removeprefix("title-"))):
                try:
                    refuse_controls(value)
                except ValidationError as error:
                    raise Refused(error.messages[0]) from error
                printed[pk] = value
        done = linking.link(self.article, choices, printed, by=self.request.user, seen_version=self.seen, rules=rules)
        return f"{done} quotation{'s' if done > 1 else ''} linked."

    def _add_card(self):
        """Make a card, or use one that it looks like. One form for both, so that a refusal keeps what was typed."""
        if "_use" not in self.posted:
            return self._make_card()
        with Attempt() as attempt:
            return self._bring_known_card()
        self.lookalikes = making.lookalike_rows(self._similar_cards()) if self.new.is_valid() else []
        raise attempt.refusal

    def _bring_known_card(self):
        """Bring a card that the new one looked like into the story, whatever name the text uses."""
        title = ", ".join(filter(None, (self.new[name].value() for name in ("title", "organisation"))))
        try:
            refuse_controls(title)
        except ValidationError as error:
            raise Refused(error.messages[0]) from error
        title = " ".join(title.split())[: linking.AS_PRINTED]
        card = linking.bring(
            self.article, number(self.posted["_use"]) or 0, title, by=self.request.user, seen_version=self.seen
        )
        return f"{card} is in the story. Words that nobody has yet can be theirs."

    def _typed_channel(self):
        """[(kind, normalised)] of the channel that was typed; () for who may not learn whether the book has it."""
        data = self.new.cleaned_data
        if not data["channel"] or access.tier(self.request.user) < access.Tier.STAFF:
            return ()
        normalized, _ = normalise(data["channel_kind"], data["channel"])
        return [(data["channel_kind"], normalized)] if normalized else ()

    def _similar_cards(self):
        name = self.new.cleaned_data["display_name"]
        return making.lookalikes_for(access.tier(self.request.user), name=name, channels=self._typed_channel())

    def _make_card(self):
        form, user = self.new, self.request.user
        if not access.may_make(user):
            raise NotAllowed("Your role does not make expert cards.")
        self.status = 400
        if not form.is_valid():
            return ""
        data, doubles = form.cleaned_data, self._similar_cards()
        gone = removal.is_suppressed(names=[data["display_name"]], channels=self._typed_channel())
        if (doubles or gone) and len(data["because"].strip()) < BECAUSE:
            self.lookalikes, self.status = making.lookalike_rows(doubles), 409
            if gone:
                form.add_error("because", f"{removal.SUPPRESSED_MESSAGE} Say why a card is made all the same.")
            return ""
        with Attempt(raise_not_allowed=True) as attempt:
            card = new_cards.make_card_with_channel(
                data["display_name"], by=user, title=data["title"], organisation=data["organisation"],
                raw=data["channel"], kind=data["channel_kind"], private=data["private"],
                note=f"Made beside another: {data['because']}" if data["because"] else "",
            )  # fmt: skip
        if attempt.refusal:
            form.add_error("channel", attempt.words)
            return ""
        return f"{card} has a card. Their words in the text are proposed below, if it names them."

    # --- the answer ---

    def response(self):
        article, request = self.article, self.request
        content = writing.content_of(article)
        missing = linking.interests_missing(article, content)
        nobody = linking.ProposedSpeakers(linking.proposals.Reading(), {})
        found = linking.propose_speakers(article) if self.may else nobody
        beside = experts_to_suggest(article, set(self.rows), access.tier(request.user))
        often = live_story_counts({*self.rows, *(card.pk for card in beside), *found.cards})
        agreed_with = self._agreed_with({*self.rows, *(fragment.expert for fragment in found.reading.proposed)})
        for pk, row in self.rows.items():
            row.agreed = agreed_with.get(pk)
            for record in row.quotes:
                record.is_more_open = bool(row.agreed and row.agreed.is_less_open_than(record.ground_rule))
            row.often, row.interests = often.get(pk, 0), missing.get(pk, [])
        for card in beside:
            card.often = often.get(card.pk, 0)
        names = [row.card.display_name for row in self.rows.values()]
        text = linking.plain.plain_text_of(article.body)
        misprints = dict.fromkeys([*found.reading.misprints, *near_misses(text, names)])
        may_make = self.may and access.may_make(request.user)
        context = admin.site.each_context(request) | {
            "title": "People in this story",
            "opts": self.stories.opts,
            "original": article,
            "may": self.may,
            "may_make": may_make,
            "lists": input_offers(("organisations",)) if may_make else {},
            "version": article.version,
            "story_waiting": waiting.edition_a_save_may_cancel(article),
            "refusal": self.refusal,
            "rows": list(self.rows.values()),
            "proposed": self._proposed(found, agreed_with),
            "ground_rules": GROUND_RULES,
            "others": [f for f in found.reading.fragments if not f.expert],
            "choosable": self._cards_to_choose_from(found),
            "misprints": list(misprints),
            "new": self.new,
            "lookalikes": self.lookalikes,
            "beside": beside,
            "tasks": list(article.notes.filter(resolved_at=None, is_task=True).select_related("by")),
            "often": OFTEN,
        }
        return TemplateResponse(request, "admin/articles/voices.html", context, status=self.status)

    def _agreed_with(self, people):
        """What the contact log has of terms with people, for those who may see it; {} for others."""
        if access.tier(self.request.user) < access.Tier.STAFF:
            return {}
        return agreed.agreed_with(people, self.article, clock.process_time())

    def _proposed(self, found, agreed_with):
        """[card, title to print, its fragments, the rule agreed, whether it is new …] in the order of the text."""
        groups, topics = {}, [topic.pk for topic in self.article.topics.all()]
        for fragment in found.reading.proposed:
            groups.setdefault(fragment.expert, []).append(fragment)
        rows = []
        for pk, fragments in groups.items():
            card = found.cards[pk]
            typed = (self.posted or {}).get(f"title-{pk}")
            title = linking.title_for(card, found.reading.titles.get(pk, "")) if typed is None else typed
            bar = card.quote_bar(paper.today(), topics)
            rows.append({"card": card, "title": title, "fragments": fragments, "new": pk not in self.rows, "bar": bar,
                         "agreed": agreed_with.get(pk), "rule": self._rule_to_propose(pk, agreed_with)})  # fmt: skip
        return rows

    def _rule_to_propose(self, pk, agreed_with):
        """The rule that the form has for a person's words: as typed, as agreed, or on the record."""
        typed = (self.posted or {}).get(f"rule-{pk}")
        return typed or (agreed_with[pk].rule if pk in agreed_with else terms.ON_RECORD)

    def _cards_to_choose_from(self, found):
        cards = {pk: row.card for pk, row in self.rows.items()}
        cards |= {pk: found.cards[pk] for pk in found.reading.mentioned}
        return sorted(cards.values(), key=lambda card: card.sort_name)


# --- beside a story --------------------------------------------------------------------------


def experts_to_suggest(article, in_story, tier):
    """Cards that could speak on a story's topics and are not in it, best first, with the reasons a tier may read."""
    topics = tuple(topic.pk for topic in article.topics.all())
    if not topics:
        return []
    found = [one for one in finder.find_experts(finder.Wanted(topics=topics)) if one.expert.pk not in in_story][
        : SUGGESTED * 2
    ]
    cards = Expert.objects.prefetch_related("affiliations", "bars").in_bulk([one.expert.pk for one in found])
    day, free = paper.today(), []
    for one in found:
        card = cards[one.expert.pk]
        if not card.quote_bar(day, topics):
            card.title_now, card.reasons = card.title_on(day), one.reasons_for(tier)
            free.append(card)
    return free[:SUGGESTED]


def live_story_counts(ids):
    """{card: in how many live stories of the last ninety days it is named}; one query."""
    since = clock.process_time() - OFTEN_WITHIN
    live = Edition.objects.live().filter(pk=OuterRef("edition"))
    rows = EditionExpert.objects.filter(Exists(live), expert__in=ids, listed=True, first_published_at__gte=since)
    return dict(rows.values_list("expert").annotate(Count("article_id", distinct=True)).order_by())


# --- for the editor ---------------------------------------------------------------------


def _listed(speakers, user):
    """Quotations that can be linked, for the editor: their words and sentence, and a row or a name to propose."""
    fragments = [fragment for fragment in speakers.reading.fragments if fragment.can_link][:LISTED]
    why = access.tier(user) >= access.Tier.STAFF
    cards = lookup.rows_by_ids("expert", {fragment.expert for fragment in fragments if fragment.expert}, why=why)
    rows = {row["id"]: row for row in cards}
    return [
        {name: getattr(one, name) for name in ("words", "before", "after", "why", "doubt", "name", "title", "sure")}
        | {"person": rows.get(one.expert)}
        for one in fragments
    ]


@require_POST
@refused_as_json
def count_proposed(request, pk):
    """How many quotations of a text in the editor may be of people in the book, and how many marks it brings.

    With `list`, `quotations` are those that are nobody's yet, in order, each with whom it may be of.
    """
    article = get_object_or_404(Article.objects.readable_by(request.user), pk=pk)
    if not roles.may(request.user, "see experts") or writing.may_edit(article, request.user) != "text":
        raise NotAllowed("You may not change the people of this story.")
    body = request.POST.get("body", "")
    if len(body) > LONGEST_BODY:
        raise Refused("This text is too long to be read here.")
    body = body.replace("\0", "")
    speakers = linking.propose_speakers(article, body)
    found = speakers.reading.proposed
    marked = marks.marks_in(schema.sanitise(body), article.language, paper.today())
    listed = {}
    if request.POST.get("list"):
        listed = {"quotations": _listed(speakers, request.user), "may_add": lookup.may_add(request.user, "expert")}
    return JsonResponse(listed | {
        "count": len(found), "people": len({fragment.expert for fragment in found}),
        "url": reverse("admin:articles_article_people", args=[article.pk]),
        "marks": len([mark for mark in marked if not mark.is_note]), "notes": len([m for m in marked if m.is_note]),
    })  # fmt: skip
