"""The page “People in this story”: who said what, on what terms, under which title, and who else could speak."""

import datetime as dt
from dataclasses import dataclass, field

from django import forms
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
from experts.actions import removal
from experts.channels import normalise
from experts.desk import making
from experts.desk.parts.offers import offered
from experts.finding import finder
from experts.models import Bar, Expert
from experts.models.verification import verification_state
from newsroom import clock, paper
from newsroom.desk.base import number, plain_text, without_controls
from newsroom.errors import NotAllowed, Refused, Stale
from newsroom.models import User

from ... import roles
from ...actions import writing
from ...actions.people import linking, terms, titles
from ...body.near_miss import near_misses
from ...models import Appearance, Article, Edition, EditionExpert, QuoteRecord

OFTEN = 3  # live stories in NINETY days that make a voice an over-used one
NINETY = dt.timedelta(days=90)
SUGGESTED = 8
LONGEST_BODY = 2_000_000
BECAUSE = 5
WHEN = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


# --- forms -----------------------------------------------------------------------------------


class TermsForm(forms.ModelForm):
    """What was agreed with a speaker about one quotation."""

    interviewer = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label="Who asked")

    class Meta:
        model = QuoteRecord
        fields = ["ground_rule", "descriptor", "embargo_until", "kind", "terms", "obtained", "said_on", "interviewer",
                  "words_as_spoken", "spoken_language", "translator", "recording_ref", "approval"]  # fmt: skip
        widgets = {
            "embargo_until": WHEN,
            "said_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "words_as_spoken": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        }
        help_texts = {
            "words_as_spoken": "If they differ from the printed ones. What was said off the record is not kept.",
            "spoken_language": "ar, uk, fr.",
        }

    def __init__(self, *args, staff=(), **kwargs):
        super().__init__(*args, **kwargs)
        asked = self.instance.interviewer_id
        gone = [(asked, "Somebody who has left")] if asked and asked not in dict(staff) else []
        self.fields["interviewer"].choices = [("", "—"), *staff, *gone]
        self.initial["interviewer"] = self.instance.interviewer_id
        without_controls(self)

    def clean(self):
        data = super().clean()
        rule = data.get("ground_rule")
        if rule in terms.UNNAMED and not (data.get("descriptor") or "").strip():
            self.add_error("descriptor", "On background: write what the story calls the person instead of the name.")
        if data.get("embargo_until") and rule != "embargoed":
            self.add_error("embargo_until", "A moment is for words under embargo: choose that rule, or empty this.")
        if rule == "off_record" and data.get("words_as_spoken"):
            self.add_error("words_as_spoken", "What was said off the record is not kept here. Empty this.")
        return data

    def _post_clean(self):
        return None  # the action writes the columns, after it has looked at the version

    def columns(self):
        """What the action writes."""
        data = dict(self.cleaned_data)
        return data | {"interviewer_id": data.pop("interviewer")}


class PersonForm(forms.ModelForm):
    """As what somebody speaks in this story, and what is printed of them."""

    class Meta:
        model = Appearance
        fields = ["attribution_as_printed", "role", "disclosure_printed"]
        widgets = {"disclosure_printed": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def _post_clean(self):
        return None


# --- the page --------------------------------------------------------------------------------


@dataclass
class Row:
    """Somebody in the story: their appearance with its form, and their quotations with theirs."""

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


def page(stories, request, pk):
    """Everything about the people of a story; by POST, one change of it."""
    article = stories.get_object(request, str(pk))
    if not stories.has_view_permission(request, article):
        raise PermissionDenied
    view = _Page(stories, request, article)
    if request.method == "POST":
        if not view.may:
            raise PermissionDenied
        if done := view.post():
            messages.success(request, done)
            return redirect("admin:articles_article_people", article.pk)
    return view.shown()


class _Page:
    def __init__(self, stories, request, article):
        self.stories, self.request, self.article = stories, request, article
        self.may = writing.may_edit(article, request.user) == "text"
        self.posted = request.POST if request.method == "POST" else None
        self.act = (self.posted or {}).get("_act", "")
        self.status, self.refusal = 200, None
        self.new = making.NewCardForm(self.posted if self.act == "card" else None, prefix="card")
        self.lookalikes = []
        self.rows = self._rows()

    # --- loading ---

    def _rows(self):
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
            row = Row(appearance, PersonForm(bound, instance=appearance, prefix=f"p{card.pk}"), card=card)
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

    def post(self):
        """What was done, in a sentence; "" where it was refused and the page is to be shown again."""
        acts = {"terms": self._save_terms, "link": self._link, "card": self._card}
        act = acts.get(self.act)
        if act is None:
            self.status, self.refusal = 400, "The page sent nothing that it can do."
            return ""
        try:
            return act()
        except Refused as error:
            self.refusal = str(error)
            self.status = status_of(error)
            if isinstance(error, Stale):
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
        if unlink:
            return "Unlinked. The words are still in the story."
        if agree:
            return "Noted: these words are right."
        return "The interest is printed with the story." if show else "Saved."

    def _link(self):
        choices = {}
        for key in self.posted.getlist("quote"):
            choices[key[:16]] = number(self.posted.get(f"who-{key}")) or 0
        for name, value in self.posted.items():
            if name.startswith("other-") and number(value):
                choices[name.removeprefix("other-")[:16]] = number(value)
        choices = {key: pk for key, pk in choices.items() if pk}
        if not choices:
            raise Refused("Choose at least one quotation.")
        printed = {}
        for name, value in self.posted.items():
            if name.startswith("title-") and (pk := number(name.removeprefix("title-"))):
                try:
                    plain_text(value)
                except ValidationError as error:
                    raise Refused(error.messages[0]) from error
                printed[pk] = value
        done = linking.link(self.article, choices, printed, by=self.request.user, seen_version=self.seen)
        return f"{done} quotation{'s' if done > 1 else ''} linked."

    def _card(self):
        """Make the card, or use one that it looks like: one form, so that a refusal of either keeps what was typed."""
        if "_use" not in self.posted:
            return self._make_card()
        try:
            return self._use()
        except Refused:
            self.lookalikes = making.lookalike_rows(self._doubles()) if self.new.is_valid() else []
            raise

    def _use(self):
        """Bring a card that the new one looked like into the story, whatever the text calls the person."""
        title = ", ".join(filter(None, (self.new[name].value() for name in ("title", "organisation"))))
        try:
            plain_text(title)
        except ValidationError as error:
            raise Refused(error.messages[0]) from error
        title = " ".join(title.split())[: linking.AS_PRINTED]
        card = linking.bring(
            self.article, number(self.posted["_use"]) or 0, title, by=self.request.user, seen_version=self.seen
        )
        return f"{card} is in the story. Words that nobody has yet can be theirs."

    def _channels(self):
        """The number that was typed, by kind, for who is told whether the book has it."""
        data = self.new.cleaned_data
        if not data["channel"] or access.tier(self.request.user) < access.Tier.STAFF:
            return ()
        normalized, _ = normalise(data["channel_kind"], data["channel"])
        return [(data["channel_kind"], normalized)] if normalized else ()

    def _doubles(self):
        name = self.new.cleaned_data["display_name"]
        return making.lookalikes_for(access.tier(self.request.user), name=name, channels=self._channels())

    def _make_card(self):
        form, user = self.new, self.request.user
        if not access.may_make(user):
            raise NotAllowed("Your role does not make expert cards.")
        self.status = 400
        if not form.is_valid():
            return ""
        data, doubles = form.cleaned_data, self._doubles()
        gone = removal.suppressed(names=[data["display_name"]], channels=self._channels())
        if (doubles or gone) and len(data["because"].strip()) < BECAUSE:
            self.lookalikes, self.status = making.lookalike_rows(doubles), 409
            if gone:
                form.add_error("because", f"{removal.BACK} Say why a card is made all the same.")
            return ""
        try:
            card = linking.new_card(
                by=user, name=data["display_name"], title=data["title"], organisation=data["organisation"],
                kind=data["channel_kind"], raw=data["channel"], private=data["private"], because=data["because"],
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refused as error:
            form.add_error("channel", str(error))
            return ""
        return f"{card} has a card. Their words in the text are proposed below, if it names them."

    # --- showing it ---

    def shown(self):
        article, request = self.article, self.request
        content = writing.content_of(article)
        missing = linking.interests_missing(article, content)
        found = linking.proposed(article) if self.may else linking.Proposed(linking.proposals.Reading(), {})
        beside = beside_story(article, set(self.rows), access.tier(request.user))
        often = used_often({*self.rows, *(card.pk for card in beside), *found.cards})
        for pk, row in self.rows.items():
            row.often, row.interests = often.get(pk, 0), missing.get(pk, [])
        for card in beside:
            card.often = often.get(card.pk, 0)
        names = [row.card.display_name for row in self.rows.values()]
        misprints = dict.fromkeys([*found.reading.misprints, *near_misses(linking.plain.text(article.body), names)])
        may_make = self.may and access.may_make(request.user)
        context = shared(request) | {
            "title": "People in this story",
            "opts": self.stories.opts,
            "original": article,
            "may": self.may,
            "may_make": may_make,
            "lists": offered(("organisations",)) if may_make else {},
            "version": article.version,
            "refusal": self.refusal,
            "rows": list(self.rows.values()),
            "proposed": self._proposed(found),
            "others": [f for f in found.reading.fragments if not f.expert],
            "choosable": self._choosable(found),
            "misprints": list(misprints),
            "new": self.new,
            "lookalikes": self.lookalikes,
            "beside": beside,
            "tasks": list(article.notes.filter(resolved_at=None, is_task=True).select_related("by")),
            "often": OFTEN,
        }
        return TemplateResponse(request, "admin/articles/voices.html", context, status=self.status)

    def _proposed(self, found):
        """[(card, title to print, its fragments, whether it is new in the story)] in the order of the text."""
        groups, topics = {}, [topic.pk for topic in self.article.topics.all()]
        for fragment in found.reading.proposed:
            groups.setdefault(fragment.expert, []).append(fragment)
        rows = []
        for pk, fragments in groups.items():
            card = found.cards[pk]
            typed = (self.posted or {}).get(f"title-{pk}")
            title = linking.title_for(card, found.reading.titles.get(pk, "")) if typed is None else typed
            bar = card.quote_bar(paper.today(), topics)
            rows.append({"card": card, "title": title, "fragments": fragments, "new": pk not in self.rows, "bar": bar})
        return rows

    def _choosable(self, found):
        cards = {pk: row.card for pk, row in self.rows.items()}
        cards |= {pk: found.cards[pk] for pk in found.reading.mentioned}
        return sorted(cards.values(), key=lambda card: card.sort_name)


def status_of(error):
    """The HTTP status of a refusal."""
    if isinstance(error, Stale):
        return 409
    return 403 if isinstance(error, NotAllowed) else 400


# --- beside a story --------------------------------------------------------------------------


def beside_story(article, there, tier):
    """Cards that could speak on a story's topics and are not in it, the best first, with why as far as a tier goes."""
    topics = tuple(topic.pk for topic in article.topics.all())
    if not topics:
        return []
    found = [one for one in finder.find(finder.Wanted(topics=topics)) if one.expert.pk not in there][: SUGGESTED * 2]
    cards = Expert.objects.prefetch_related("affiliations", "bars").in_bulk([one.expert.pk for one in found])
    day, free = paper.today(), []
    for one in found:
        card = cards[one.expert.pk]
        if not card.quote_bar(day, topics):
            card.title_now, card.reasons = card.title_on(day), one.reasons_for(tier)
            free.append(card)
    return free[:SUGGESTED]


def used_often(ids):
    """{card: in how many live stories of the last ninety days it is named}; one query."""
    since = clock.process_time() - NINETY
    live = Edition.objects.live().filter(pk=OuterRef("edition"))
    rows = EditionExpert.objects.filter(Exists(live), expert__in=ids, listed=True, first_published_at__gte=since)
    return dict(rows.values_list("expert").annotate(Count("article_id", distinct=True)).order_by())


def shared(request):
    """What every page of the desk's frame wants."""
    return admin.site.each_context(request)


# --- while it is written ---------------------------------------------------------------------


@require_POST
def count(request, pk):
    """How many quotations of a text, as it stands in the editor, may belong to people in the source book."""
    article = get_object_or_404(Article.objects.readable_by(request.user), pk=pk)
    if not roles.may(request.user, "see experts") or writing.may_edit(article, request.user) != "text":
        return JsonResponse({"error": "You may not change the people of this story."}, status=403)
    body = request.POST.get("body", "")
    if len(body) > LONGEST_BODY:
        return JsonResponse({"error": "This text is too long to be read here."}, status=400)
    found = linking.proposed(article, body.replace("\0", "")).reading.proposed
    return JsonResponse({
        "count": len(found), "people": len({fragment.expert for fragment in found}),
        "url": reverse("admin:articles_article_people", args=[article.pk]),
    })  # fmt: skip
