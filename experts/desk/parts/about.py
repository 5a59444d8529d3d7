"""The part with the biography and the portrait."""

from django import forms

from newsroom.desk.base import CleanForm
from newsroom.errors import Refused, Unavailable
from newsroom.pictures import uploads

from ...actions import portraits
from ...models import Expert
from .base import FieldsPart


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

    def clean(self):
        data = super().clean()
        words = data.get("portrait_alt") or data.get("portrait_credit")
        if words and not self.instance.portrait_id and not self.files.get("portrait_file"):
            self.add_error(
                "portrait_file",
                "There is no portrait that these words could describe: send its file, or leave them out.",
            )
        return data


class AboutPart(FieldsPart):
    title, form_class = "About them", AboutForm

    def write(self, form):
        words = {"alt": form.cleaned_data["portrait_alt"], "credit": form.cleaned_data["portrait_credit"]}
        expert = form.instance
        if file := form.cleaned_data["portrait_file"]:
            try:
                expert.portrait = portraits.add_portrait(file, by=self.by, **words)
            except uploads.Unfit as error:
                raise Refused(str(error), field="portrait_file") from error
            except Unavailable as error:
                raise Unavailable(str(error), field="portrait_file") from error
        elif form.cleaned_data.get("no_portrait"):
            expert.portrait = None
        elif expert.portrait_id:
            type(expert.portrait).objects.filter(pk=expert.portrait_id).update(**words)
        form.save()
