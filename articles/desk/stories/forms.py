"""The story's form: its words, the facts of its genre, the terms of its quotes, and the check for stale copies."""

import copy
import datetime

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.templatetags.static import static
from django.utils.html import format_html
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from newsroom.desk.base import CleanForm, refuse_controls, without_controls
from newsroom.models import Topic

from ... import genres
from ...actions import addresses, assignments, take
from ...body import language, references, schema
from ...models import Agency, Article, ArticleTopic, Section
from ...models.people import GROUND_RULES
from ...rendering import text_direction
from . import ai, origins
from .choices import QuickSelect, TopicsWidget, choices_of, inner_box, staff

PRINTED = ("label", "headline", "standfirst", "body", "short_headline", "seo_title", "social_title", "dateline",
           "lead_caption", "live_text")  # fmt: skip
FACT, RULE = "fact_", "rule_"
# How many characters of a line fit where it is shown: two lines of a headline, a result of a search, a card.
IDEAL_LENGTHS = {"headline": 70, "standfirst": 160, "short_headline": 60, "seo_title": 60, "social_title": 70}
BODY_LIMIT = 2_000_000  # characters; no browser edits a longer text


class BodyWidget(AdminProseEditorWidget):
    """The body editor with the newsroom's own nodes and marks, and the desk's style sheet behind the editor's."""

    def get_config(self):
        # The library has a setting for this, but settings would have to know the vocabulary of a story's text.
        return super().get_config() | {"js_modules": [static("desk/newsroom.js")]}

    @property
    def media(self):
        return super().media + forms.Media(css={"all": ["desk/editor.css"]})


class BodyField(ProseEditorFormField):
    """A story's text in the body editor: sanitised, and every expert, story and picture it refers to has to exist."""

    is_markup = True  # see newsroom.desk.base.without_controls

    def __init__(self, **kwargs):
        super().__init__(
            **{"required": False, "widget": BodyWidget, "preset": "configurable"} | kwargs,
            config={"extensions": schema.EDITOR_EXTENSIONS | {"Typography": {"marks": language.MARKS}}},
            sanitize=schema.sanitise,
        )

    def clean(self, value):
        if len(value or "") > BODY_LIMIT:
            raise ValidationError("This text is too long to be kept as one story. Split it.")
        html = super().clean(value)
        references.validate_references(html)
        return html


def topics_field(**kwargs):
    """Topics by autocomplete, retired ones left out."""
    return forms.ModelMultipleChoiceField(
        Topic.objects.in_use(),
        required=False,
        widget=TopicsWidget(ArticleTopic._meta.get_field("tag"), admin.site),
        **kwargs,
    )


def with_new_topic(field, site):
    """A field of topics with a link beside it to make a new one; for whoever may."""
    field = copy.deepcopy(field)
    relation = ArticleTopic._meta.get_field("tag").remote_field
    field.widget = RelatedFieldWidgetWrapper(field.widget, relation, site, can_add_related=True)
    return field


class SectionsField(forms.ModelMultipleChoiceField):
    """Sections as boxes to tick, each name in its own direction."""

    def label_from_instance(self, section):
        return format_html("<bdi>{}</bdi>", section)


class StartForm(CleanForm):
    """What a story needs to begin: a headline or a name for the desk, and where it is headed. The rest can wait."""

    class Meta:
        model = Article
        fields = ["catchline", "headline", "section", "genre", "origin", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
        for name in ("headline", "catchline"):  # the page shows one of them
            self.fields[name].widget.attrs["autofocus"] = True

    def clean(self):
        data = super().clean()
        if not data.get("catchline") and not data.get("headline"):
            raise ValidationError("Give it a catchline or a headline, so that the desk can talk about it.")
        return data

    def given(self):
        """What somebody said; what they left open, the story's own defaults say."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


def in_language(form, language):
    """Give the boxes of a story's words its language and direction, for the spelling checker and the caret."""
    for name in PRINTED:
        if name in form.fields:
            form.fields[name].widget.attrs |= {"lang": language, "dir": text_direction(language)}


class StoryForm(CleanForm):
    """The whole of a story. `base_version` is the version the person began from; another one by now is a conflict."""

    base_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    body = BodyField()
    sections = SectionsField(
        Section.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Also filed under"
    )
    topics = topics_field()
    why_lifted = forms.CharField(
        max_length=300, required=False, label="Why it is lifted",
        help_text="If you lift the embargo, or a legal sign-off is no longer wanted: who agreed to it.",
    )  # fmt: skip

    class Meta:
        model = Article
        fields = "__all__"
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 1, "data-one-line": "", "placeholder": "Headline"}),
            "standfirst": forms.Textarea(attrs={"rows": 1, "placeholder": "What is new, and why it matters"}),
            "lead_caption": forms.Textarea(attrs={"rows": 1, "placeholder": "Caption in this story"}),
            "budget_line": forms.TextInput,
        }

    whole = True  # False: the picture desk's part alone
    refusal = None  # why an action refused what this form asked for
    only_looked_at = False  # nothing of it is saved, so nothing is locked and no version compared
    conflict = None
    facts = rules = ()

    @staticmethod
    def colleagues():
        """Whoever may be given the story."""
        return staff()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        article = self.instance
        if article.pk:
            self.initial["base_version"] = article.version
            self.initial["seen"] = "" if self.is_bound else take.seen_token(article)
        if self.whole and article.pk:
            self._add_facts(article)
            self._add_rules(article)
            ai.add_boxes(self, article)
        elif not self.whole:
            for name in ("body", "sections", "topics"):
                self.fields.pop(name, None)
        if article.pk:
            self._offer_what_is_known(article)
        if "credit" in self.fields:
            self.fields["credit"].queryset = Agency.objects.all()
        without_controls(self)
        for name, length in IDEAL_LENGTHS.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-ideal-length"] = length
        if article.pk:
            in_language(self, article.language)

    def _offer_what_is_known(self, article):
        """Fill boxes from what the page has loaded: each list once, however many boxes show it."""
        if (field := self.fields.get("assignee")) is not None:
            field.queryset = staff(but=article.assignee_id).filter(Q(may_write=True) | Q(pk=article.assignee_id))
            field.error_messages["invalid_choice"] = assignments.WRITES_NOTHING
            named = {user.pk: user for user in self.colleagues() if user.may_write}
            if article.assignee_id and article.assignee_id not in named:
                named[article.assignee_id] = article.assignee
            field.choices = choices_of(named.values(), empty="—")
        sections = [name for name in ("section", "sections") if name in self.fields]
        rows = list(Section.objects.select_related("parent")) if sections else []
        for name in sections:
            field = self.fields[name]
            several = isinstance(field, SectionsField)
            label = field.label_from_instance if several else str
            field.choices = choices_of(rows, label, empty=None if several else "—")
        if "topics" in self.fields:
            inner_box(self.fields["topics"]).knows(self.initial.get("topics") or ())
        for name in ("lead_image", "credit"):
            if name in self.fields:
                inner_box(self.fields[name]).knows([getattr(article, name)])

    # --- the facts a genre asks for ---------------------------------------------------------

    def _add_facts(self, article):
        self.facts = genres.GENRES[article.genre].facts
        for fact in self.facts:
            field = fact_field(fact)
            field.initial = fact_value(fact, article.genre_facts.get(fact.name))
            self.fields[FACT + fact.name] = field

    def _add_rules(self, article):
        self.rules = list(article.quote_records.select_related("expert").order_by("pk"))
        for record in self.rules:
            named = {"aria-label": f"Terms, {record.expert}: {record.words[:60]}", "class": "pick"}
            self.fields[RULE + record.uid] = forms.ChoiceField(
                choices=GROUND_RULES, initial=record.ground_rule, required=False, widget=QuickSelect(attrs=named)
            )
            origins.add_boxes(self, record)

    def has_changed(self):
        """Whether something of the story was typed anew; what the page began from is no part of it."""
        return bool(set(self.changed_data) - {"base_version", "seen"})

    # --- cleaning ---------------------------------------------------------------------------

    def clean_headline(self):
        return " ".join((self.cleaned_data.get("headline") or "").split())

    def clean(self):
        if self.only_looked_at:
            if self.whole:
                self._gather_facts(self.cleaned_data)
                self.instance.ai_use = ai.gather(self, self.cleaned_data)
            return self.cleaned_data
        data = super().clean()
        if self.refusal is not None:
            self.add_error(self.refusal.field if self.refusal.field in self.fields else None, str(self.refusal))
        if self.instance.pk:
            self._check_version()
        if self.instance.pk and self.whole:
            self._gather_facts(data)
            ai.check(self, data)
            self.instance.ai_use = ai.gather(self, data)
            self._check_slug(data)
        return data

    def _check_version(self):
        """Lock the row and refuse a stale copy, unless the person chose to write over the version they were shown."""
        current = Article.objects.select_for_update(of=("self",)).select_related("updated_by").get(pk=self.instance.pk)
        self.seen_version = self.cleaned_data.get("base_version")
        if self.seen_version != current.version and self.data.get("overwrite") == str(current.version):
            self.seen_version = current.version
        if self.seen_version != current.version:
            self.conflict = current
            who = current.updated_by or "Somebody"
            raise ValidationError(
                f"{who} saved version {current.version} while you were writing. Nothing of yours is lost: "
                "compare below, then decide.",
                code="stale",
            )

    def _gather_facts(self, data):
        facts = dict(self.instance.genre_facts)
        for fact in self.facts:
            value = data.get(FACT + fact.name)
            facts[fact.name] = value.isoformat() if hasattr(value, "isoformat") else value
        self.instance.genre_facts = {name: value for name, value in facts.items() if value not in (None, "", [])}

    def _check_slug(self, data):
        if "slug" not in self.fields or "slug" in self.errors:
            return
        slug, section = data.get("slug"), data.get("section")
        if not slug and data.get("headline"):
            slug = data["slug"] = addresses.slug_from_headline(data["headline"], section, self.instance)
        if slug and section and (other := addresses.story_with_slug(slug, section, self.instance)):
            self.add_error("slug", f"“{slug}” is taken in {section} by “{other}”. Choose another.")

    def save_rules(self):
        """Write the ground rules and origins chosen for the quotes that are still in the text."""
        for record in self.rules:
            changed = origins.put(record, self.cleaned_data)
            chosen = self.cleaned_data.get(RULE + record.uid)
            if chosen and chosen != record.ground_rule:
                record.ground_rule = chosen
                changed.append("ground_rule")
            if changed:
                record.save(update_fields=changed)


def fact_field(fact):
    """A form field for something that a genre wants to know."""
    common = {"label": fact.label, "required": False, "help_text": fact.help}
    if fact.kind == "date":
        return forms.DateField(**common, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    if fact.kind == "choice":
        return forms.ChoiceField(**common, choices=[("", "—"), *fact.choices])
    if fact.kind == "rating":
        return forms.TypedChoiceField(
            **common, coerce=int, empty_value=None, choices=[("", "—")] + [(n, "★" * n) for n in range(1, 6)]
        )
    if fact.kind == "lines":
        return LinesField(**common, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    if fact.kind == "longtext":
        return forms.CharField(**common, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    return forms.CharField(**common, max_length=300)


def fact_value(fact, value):
    """A stored fact as its form field takes it; None for a date that cannot be read."""
    if fact.kind == "date" and value:
        try:
            return datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            return None
    return str(value) if fact.kind == "rating" and value else value


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    default_validators = [refuse_controls]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)
