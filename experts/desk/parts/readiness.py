"""The part of formats, places, languages, hours and days off."""

import zoneinfo

from django import forms

from newsroom import countries
from newsroom.desk.base import CleanForm

from ...models import AvailabilityWindow, Expert, LanguageSkill, TimeOff
from ...models.expert import FORMATS
from .base import FieldsPart
from .fields import LANGUAGE_HELP, LanguageField, day_input, rows_of

ZONES = sorted(
    zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix"))
)


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
        names, now = countries.country_names(), self.instance.country
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
        # A row with nothing but the preset weekday is empty.
        return bool(set(self.changed_data) - {"weekday"}) if not self.instance.pk else super().has_changed()


class TimeOffForm(CleanForm):
    class Meta:
        model = TimeOff
        fields = ["first", "last"]
        widgets = {name: day_input() for name in ("first", "last")}


class ReadinessPart(FieldsPart):
    title, form_class, lists = "When and how they speak", ReadinessForm, ("languages", "zones")
    sets = {
        "languages": ("Languages", rows_of(LanguageSkill, LanguageForm)),
        "windows": ("Hours, in their own time", rows_of(AvailabilityWindow, WindowForm)),
        "days-off": ("Time off", rows_of(TimeOff, TimeOffForm)),
    }
