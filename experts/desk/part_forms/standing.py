"""What the card says of somebody, how they stand with the paper, and who checked that they are who they are."""

from django import forms

from newsroom import paper
from newsroom.desk.base import CleanForm

from ...models import Bar, Expert, Verification
from ...models.expert import FORMATS
from .fields import day_input, topics_named


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
        if until and until < paper.today():
            raise forms.ValidationError("That day is over.")
        return until

    def _post_clean(self):
        """The verb writes."""


class VerificationForm(CleanForm):
    evidence_url = forms.URLField(label="Evidence", max_length=300, required=False, assume_scheme="https")
    on = forms.DateField(label="Made on", widget=day_input(), initial=paper.today)
    expires_on = forms.DateField(
        label="Good until", widget=day_input(), required=False, help_text="Empty: a year. E-mail alone proves nobody."
    )

    class Meta:
        model = Verification
        fields = ["method", "outcome", "on", "evidence_url", "expires_on"]
        widgets = {"outcome": forms.RadioSelect}

    def _post_clean(self):
        """The verb writes."""
