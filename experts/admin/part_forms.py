"""The fields of each part of a card: what people type, checked beside the field."""

import zoneinfo

from django import forms
from django.forms.models import BaseInlineFormSet, inlineformset_factory

from newsroom import countries, languages
from newsroom.desk import CleanForm, number, without_controls
from newsroom.models import Topic

from .. import contacts, names
from ..models import (
    Affiliation,
    AvailabilityWindow,
    Bar,
    ContactLog,
    Disclosure,
    Expert,
    ExpertTopic,
    ExternalId,
    LanguageSkill,
    NameVariant,
    TimeOff,
    Verification,
)
from ..models.affiliation import PARTIAL_DATE
from ..models.channel import KINDS, LABELS, RESULTS
from ..models.expert import FORMATS

AT_RISK = "Would naming this person put them at risk? Stop: confidential sources do not belong in any database."
LANGUAGE_HELP = "A name or a code: Arabic, ar-JO."
ROWS = 40


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LanguageField(forms.CharField):
    """A language by name or code, with names offered while somebody types; shows names, gives the code."""

    def __init__(self, **kwargs):
        # A model's field brings the length of a code along.
        super().__init__(**kwargs | {"max_length": 60})
        self.widget.attrs |= {"list": "languages", "autocomplete": "off"}

    def prepare_value(self, value):
        return languages.shown(value) if isinstance(value, str) and value else value

    def clean(self, value):
        try:
            return languages.tag_of(super().clean(value))
        except languages.NoLanguage as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial, data):
        try:
            return languages.tag_of(data or "") != (initial or "")
        except languages.NoLanguage:
            return True


def topics_named(text):
    """The topics that somebody wrote, with commas between. ValidationError names those that are none."""
    wanted = [name.strip() for name in text.split(",") if name.strip()]
    found, unknown = [], []
    for name in wanted[:30]:
        topic = Topic.objects.in_use().filter(name__iexact=name).first()
        found.append(topic) if topic else unknown.append(name)
    if unknown:
        raise forms.ValidationError(f"No such topic: {', '.join(unknown)}. Make it under Topics, or pick another.")
    return list(dict.fromkeys(found))


class PlainForm(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


def organisation_input():
    return forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"})


class RowSet(BaseInlineFormSet):
    """Rows of a part: one more than there are, a limited number, and no key that is none."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        without_controls(form)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ").capitalize()))
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Remove"


def rows_of(model, form, extra=1, formset=RowSet):
    return inlineformset_factory(
        Expert, model, form=form, formset=formset, extra=extra, max_num=ROWS, absolute_max=ROWS + 10,
        validate_max=True, can_delete_extra=False,
    )  # fmt: skip


# --- names ---------------------------------------------------------------------------------------


class NamesForm(CleanForm):
    class Meta:
        model = Expert
        fields = ["display_name", "sort_name", "native_name", "native_language", "pronunciation", "pronouns",
                  "honorific_prefix", "given", "additional", "family", "second_family", "generation",
                  "honorific_suffix", "kind"]  # fmt: skip
        widgets = {"native_name": forms.TextInput(attrs={"dir": "auto"})}
        field_classes = {"native_language": LanguageField}
        help_texts = {"native_language": LANGUAGE_HELP}


class VariantForm(CleanForm):
    class Meta:
        model = NameVariant
        fields = ["text", "kind", "language"]
        widgets = {"text": forms.TextInput(attrs={"dir": "auto"})}
        field_classes = {"language": LanguageField}
        help_texts = {"language": LANGUAGE_HELP}


class Variants(RowSet):
    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            text = getattr(form, "cleaned_data", {}).get("text")
            if not text or form.cleaned_data.get("DELETE"):
                continue
            folded = names.fold(text)[:200]
            if folded in seen:
                form.add_error("text", "Another variant above is spelled the same, but for signs and capitals.")
            seen.add(folded)


# --- roles ---------------------------------------------------------------------------------------


class RoleForm(CleanForm):
    organisation = forms.CharField(
        max_length=160, required=False, widget=organisation_input(),
        help_text="One that we have, or a new one. Empty for an independent analyst.",
    )  # fmt: skip
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Affiliation
        fields = ["title", "organisation", "preferred_print_form", "kind", "start", "end", "is_former", "is_primary",
                  "source_url"]  # fmt: skip
        widgets = {name: forms.TextInput(attrs={"placeholder": "2021-03"}) for name in ("start", "end")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.organisation_id:
            self.initial["organisation"] = self.instance.organisation.name

    def _post_clean(self):
        """The verb writes: nothing is put on the row here, which the verb compares with what it was."""

    def values(self):
        return self.cleaned_data


class ChangedRoleForm(PlainForm):
    ended = forms.CharField(label="The old role ended", max_length=10, validators=[PARTIAL_DATE],
                            help_text="A year, 2021-03 or 2021-03-15: as far as you know.")  # fmt: skip
    title = forms.CharField(max_length=160, required=False, help_text="Empty if they left and that is all we know.")
    organisation = forms.CharField(max_length=160, required=False, widget=organisation_input())
    preferred_print_form = forms.CharField(
        label="Printed as", max_length=300, required=False, help_text="If not “title, organisation”."
    )
    start = forms.CharField(
        label="From",
        max_length=10,
        required=False,
        validators=[PARTIAL_DATE],
        help_text="Empty: when the old one ended.",
    )
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    def clean(self):
        data = super().clean()
        if not data.get("title") and (data.get("organisation") or data.get("preferred_print_form")):
            self.add_error("title", "The new role needs its title.")
        return data


# --- channels and notes --------------------------------------------------------------------------


class ChannelForm(PlainForm):
    kind = forms.ChoiceField(choices=KINDS)
    raw = forms.CharField(label="Number or address", max_length=300, widget=forms.TextInput(attrs={"dir": "ltr"}))
    label = forms.ChoiceField(choices=LABELS, required=False)
    tier = forms.ChoiceField(
        label="Who sees it", required=False,
        choices=[("", "Staff; restricted if “home”"), *contacts.TIERS],
        help_text="A private mobile or a home address is restricted: sealed, and opened one at a time, on record.",
    )  # fmt: skip
    preference = forms.IntegerField(min_value=1, max_value=100, initial=50, help_text="1 is tried first, 100 last.")
    hours_note = forms.CharField(
        label="Hours", max_length=120, required=False, help_text="“After 16:00, not on Fridays”."
    )
    source = forms.CharField(label="Where we have it from", max_length=160, required=False)
    do_not_use = forms.BooleanField(required=False)
    no_risk = forms.BooleanField(
        required=False, label="Naming this person puts nobody at risk", help_text="Needed for what is restricted."
    )

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        if row is not None:
            del self.fields["kind"]
            self.fields["tier"].choices = contacts.TIERS
            if contacts.tier_of(row) == contacts.RESTRICTED:
                self.fields["raw"].required = False
                self.fields["raw"].help_text = "Sealed. Type it anew to change it; leave it empty to keep it."
        else:
            del self.fields["do_not_use"]

    def clean(self):
        data = super().clean()
        data["tier"] = data.get("tier") or (
            contacts.tier_of(self.row) if self.row else contacts.default_tier(data.get("label", ""))
        )
        sealed_anew = data["tier"] == contacts.RESTRICTED and data.get("raw")
        if sealed_anew and not data.get("no_risk") and "raw" not in self.errors:
            self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data


class NoteForm(PlainForm):
    text = forms.CharField(label="Restricted note", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    no_risk = forms.BooleanField(
        label="Naming this person puts nobody at risk",
        error_messages={"required": AT_RISK + " Tick this if it does not."},
    )


class UnsealForm(PlainForm):
    why = forms.CharField(
        label="Why do you open it?", min_length=contacts.SAID_WHY, max_length=300,
        help_text="Goes on record with your name.",
        error_messages={"required": "Say why you open it: it goes on record."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class ResultForm(PlainForm):
    result = forms.ChoiceField(choices=[choice for choice in RESULTS if choice[0]])


# --- readiness -----------------------------------------------------------------------------------


def format_boxes():
    return forms.MultipleChoiceField(choices=FORMATS, required=False, widget=forms.CheckboxSelectMultiple)


class ReadinessForm(CleanForm):
    formats = format_boxes()
    sample_clip_url = forms.URLField(label="A clip of them", max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Expert
        fields = ["formats", "time_zone", "country", "city", "lead_time", "media_trained", "tv_note",
                  "sample_clip_url", "paid_to_appear"]  # fmt: skip
        widgets = {"time_zone": forms.TextInput(attrs={"list": "zones", "autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Two letters typed of a name would be another country's: Ge, for Germany, is Georgia.
        names, now = countries.names(), self.instance.country
        known = sorted((names if now in names or not now else names | {now: now}).items(), key=lambda row: row[1])
        self.fields["country"].widget, self.fields["country"].help_text = forms.Select(choices=[("", "—"), *known]), ""
        self.fields["lead_time"].max_value = 100_000
        self.fields["lead_time"].widget.attrs["max"] = 100_000

    def clean_formats(self):
        return [name for name, _ in FORMATS if name in self.cleaned_data["formats"]]

    def clean_country(self):
        return self.cleaned_data["country"].upper()

    def clean_lead_time(self):
        minutes = self.cleaned_data["lead_time"]
        if minutes is not None and minutes > 100_000:
            raise forms.ValidationError("In minutes: a day has 1440.")
        return minutes


class LanguageForm(CleanForm):
    class Meta:
        model = LanguageSkill
        fields = ["tag", "level", "on_air"]
        field_classes = {"tag": LanguageField}
        help_texts = {"tag": LANGUAGE_HELP}


class WindowForm(CleanForm):
    formats = format_boxes()

    class Meta:
        model = AvailabilityWindow
        fields = ["weekday", "start", "end", "formats", "note"]
        widgets = {name: forms.TimeInput(attrs={"type": "time"}, format="%H:%M") for name in ("start", "end")}

    def has_changed(self):
        # A weekday that the browser had chosen is no row.
        return bool(set(self.changed_data) - {"weekday"}) if not self.instance.pk else super().has_changed()


class TimeOffForm(CleanForm):
    class Meta:
        model = TimeOff
        fields = ["first", "last"]
        widgets = {name: day_input() for name in ("first", "last")}


ZONES = sorted(
    zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))
)


# --- topics, disclosures, identifiers ------------------------------------------------------------


class TopicForm(CleanForm):
    name = forms.CharField(label="Topic", max_length=100, widget=forms.TextInput(attrs={"list": "topics"}))

    class Meta:
        model = ExpertTopic
        fields = ["name", "level", "evidence"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name"] = self.instance.tag.name

    def clean_name(self):
        found = topics_named(self.cleaned_data["name"].replace(",", " "))
        if not found:
            raise forms.ValidationError("Write the topic's name.")
        self.instance.tag = found[0]
        return self.cleaned_data["name"]

    def has_changed(self):
        return bool(self.data.get(self.add_prefix("name"))) if not self.instance.pk else super().has_changed()


class Topics(RowSet):
    def get_queryset(self):
        if not hasattr(self, "_loaded"):
            self._loaded = self.queryset.select_related("tag").order_by("-level", "tag__name")
            self._queryset = self._loaded
        return self._loaded

    def clean(self):
        super().clean()
        seen = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("name") or data.get("DELETE"):
                continue
            if form.instance.tag_id in seen:
                form.add_error("name", "This topic stands above already.")
            seen.add(form.instance.tag_id)


class DisclosureForm(CleanForm):
    on_topics = forms.CharField(
        label="When the story is about", max_length=600, required=False,
        widget=forms.TextInput(attrs={"list": "topics"}),
        help_text="Topics, with commas between. Empty: whatever they speak on.",
    )  # fmt: skip
    source_url = forms.URLField(label="Where this is said", max_length=300, required=False, assume_scheme="https")

    class Meta:
        model = Disclosure
        fields = ["kind", "counterpart", "print_text", "must_print", "on_topics", "start", "end", "source_url",
                  "reviewed_on"]  # fmt: skip
        widgets = {name: day_input() for name in ("start", "end", "reviewed_on")} | {
            "counterpart": organisation_input()
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["on_topics"] = ", ".join(topic.name for topic in self.instance.topics.all())

    def clean_on_topics(self):
        self.chosen = topics_named(self.cleaned_data["on_topics"])
        return self.cleaned_data["on_topics"]

    def clean(self):
        data = super().clean()
        if data.get("start") and data.get("end") and data["end"] < data["start"]:
            self.add_error("end", "It ends before it begins.")
        return data

    def has_changed(self):
        # A kind that the browser had chosen is no row.
        return bool(set(self.changed_data) - {"kind"}) if not self.instance.pk else super().has_changed()

    def save(self, commit=True):
        row = super().save(commit)
        row.topics.set(self.chosen)
        return row


class IdentifierForm(CleanForm):
    class Meta:
        model = ExternalId
        fields = ["scheme", "value"]

    def has_changed(self):
        return bool(set(self.changed_data) - {"scheme"}) if not self.instance.pk else super().has_changed()


# --- the rest ------------------------------------------------------------------------------------


class AboutForm(CleanForm):
    portrait_file = forms.FileField(
        required=False, label="New portrait",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="Readers see it only if the person agreed to that.",
    )  # fmt: skip
    portrait_alt = forms.CharField(required=False, max_length=200, label="What the portrait shows")
    portrait_credit = forms.CharField(required=False, max_length=160, label="Credit")
    no_portrait = forms.BooleanField(required=False, label="Take the portrait off the card")

    class Meta:
        model = Expert
        fields = ["short_bio", "bio", "slug"]
        widgets = {"bio": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"slug": "The address of their page for readers, if they agree to one."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if portrait := self.instance.portrait:
            self.initial |= {"portrait_alt": portrait.alt, "portrait_credit": portrait.credit}
        else:
            del self.fields["no_portrait"]


class StandingForm(CleanForm):
    contact_name = forms.CharField(
        label="Reached through",
        max_length=160,
        required=False,
        help_text="The name of another card: an assistant, an agency.",
    )

    class Meta:
        model = Expert
        fields = ["status", "deceased_on", "review_due", "contact_name", "is_official", "legal_basis",
                  "source_of_data"]  # fmt: skip
        widgets = {name: day_input() for name in ("deceased_on", "review_due")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if via := self.instance.contact_via:
            self.initial["contact_name"] = via.display_name

    def clean_contact_name(self):
        name = self.cleaned_data["contact_name"]
        self.via = None
        if not name:
            return name
        now = self.instance.contact_via
        if now is not None and now.display_name == name:
            self.via = now
            return name
        found = list(Expert.objects.current().filter(display_name__iexact=name).exclude(pk=self.instance.pk)[:2])
        if len(found) != 1:
            raise forms.ValidationError(
                "No card has that name." if not found else "More than one card has that name."
            )  # fmt: skip
        self.via = found[0]
        return name


class BarForm(CleanForm):
    on_topic = forms.CharField(
        label="Only on the topic", max_length=100, required=False, help_text="Empty: on every topic.",
        widget=forms.TextInput(attrs={"list": "topics"}),
    )  # fmt: skip
    medium = forms.ChoiceField(label="Only in", choices=[("", "Every format"), *FORMATS], required=False)

    class Meta:
        model = Bar
        fields = ["kind", "reason", "until", "on_topic", "medium"]
        widgets = {"until": day_input(), "kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Bar.KINDS  # no radio for nothing

    def clean_on_topic(self):
        found = topics_named(self.cleaned_data["on_topic"].replace(",", " "))
        return found[0] if found else None

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until and until < contacts.today():
            raise forms.ValidationError("That day is over.")
        return until

    def _post_clean(self):
        """The verb writes."""


class VerificationForm(CleanForm):
    evidence_url = forms.URLField(label="Evidence", max_length=300, required=False, assume_scheme="https")
    on = forms.DateField(label="Made on", widget=day_input(), initial=contacts.today)
    expires_on = forms.DateField(
        label="Good until", widget=day_input(), required=False, help_text="Empty: a year. E-mail alone proves nobody."
    )

    class Meta:
        model = Verification
        fields = ["method", "outcome", "on", "evidence_url", "expires_on"]
        widgets = {"outcome": forms.RadioSelect}

    def _post_clean(self):
        """The verb writes."""


class LogForm(CleanForm):
    article = forms.CharField(
        label="For the story no.", required=False, max_length=18, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    private_note = forms.CharField(
        label="Restricted note", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sealed; opened on record.",
    )  # fmt: skip
    no_risk = forms.BooleanField(required=False, label="Naming this person puts nobody at risk")

    class Meta:
        model = ContactLog
        fields = ["outcome", "channel", "incoming", "purpose", "article", "ground_rule", "note", "override",
                  "follow_up_on", "private_note", "no_risk"]  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "follow_up_on": day_input()}

    def __init__(self, *args, barred=False, seals=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not barred:
            del self.fields["override"]
        if not seals:
            del self.fields["private_note"], self.fields["no_risk"]

    def clean_article(self):
        text = self.cleaned_data["article"]
        if text and not number(text):
            raise forms.ValidationError("The story's number, as its address has it.")
        return number(text)

    def clean(self):
        data = super().clean()
        if data.get("private_note") and not data.get("no_risk"):
            self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data

    def _post_clean(self):
        """The verb writes."""


class NewCardForm(PlainForm):
    """What makes a card in five seconds: a name; a title, where from and one number if they are at hand."""

    display_name = forms.CharField(
        label="Name", max_length=160, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text="As the paper prints it. A name is enough.",
    )  # fmt: skip
    title = forms.CharField(max_length=160, required=False, help_text="As the paper prints it: “political analyst”.")
    organisation = forms.CharField(max_length=160, required=False, widget=organisation_input())
    channel = forms.CharField(
        label="Number or address", max_length=300, required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text="A number with + and its country’s code.",
    )  # fmt: skip
    channel_kind = forms.ChoiceField(label="Which is", choices=[("", "As it looks"), *KINDS], required=False)
    private = forms.BooleanField(
        required=False, label="It is private: a personal number, or where they live",
        help_text="Then it is sealed, and even you cannot read it here again.",
    )  # fmt: skip
    no_risk = forms.BooleanField(
        required=False, label="Naming this person puts nobody at risk", help_text="Needed for what is private."
    )
    because = forms.CharField(
        label="Why make another card?", max_length=300, required=False, widget=forms.TextInput(),
        help_text="“Another person of the same name: this one is the poet.”",
    )  # fmt: skip

    def clean_display_name(self):
        name = " ".join(self.cleaned_data["display_name"].split())
        if not names.fold(name):
            raise forms.ValidationError("A name has letters.")
        return name

    def clean(self):
        data = super().clean()
        if data.get("organisation") and not data.get("title"):
            self.add_error("title", "What are they there? The role needs a title.")
        if raw := data.get("channel"):
            data["channel_kind"] = data.get("channel_kind") or contacts.guess_kind(raw)
            _, error = contacts.normalise(data["channel_kind"], raw)
            if error:
                self.add_error("channel", error)
            elif data.get("private") and not data.get("no_risk"):
                self.add_error("no_risk", AT_RISK + " Tick this if it does not.")
        return data


VARIANTS = rows_of(NameVariant, VariantForm, formset=Variants)
LANGUAGE_ROWS = rows_of(LanguageSkill, LanguageForm)
WINDOWS = rows_of(AvailabilityWindow, WindowForm)
DAYS_OFF = rows_of(TimeOff, TimeOffForm)
TOPICS = rows_of(ExpertTopic, TopicForm, extra=2, formset=Topics)
DISCLOSURES = rows_of(Disclosure, DisclosureForm)
IDENTIFIERS = rows_of(ExternalId, IdentifierForm)
