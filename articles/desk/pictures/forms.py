"""The library's forms: a picture's words and rights, many files at once, another file, the picture desk's word."""

from django import forms
from django.template.loader import render_to_string

from newsroom.desk.base import CleanForm, without_controls
from newsroom.desk.moments import MomentField
from newsroom.pictures.crops import SHAPES

from ... import roles
from ...models import Image, PictureRuling, RunsAs

PRINTED = ("alt", "decorative", "caption", "credit")
WORDS = ("title", *PRINTED, "copyright", "source")
ABOUT = ("keywords", "people", "place", "made_on", "source_type")
RIGHTS = ("usage_terms", "instructions", "rights_until", "restricted")
SHARED = ("credit", "source", "usage_terms", "instructions", "rights_until", "keywords", "people", "place")
TYPES = "image/jpeg,image/png,image/webp,image/gif"
AT_ONCE = 100  # files in one go
# What each shape is for, as the desk reads it beside the crop.
USES = {
    "3x2": "Story and card", "1x1": "Small card", "40x21": "When shared", "16x9": "Search, 16:9", "4x3": "Search, 4:3",
}  # fmt: skip


class FocalWidget(forms.MultiWidget):
    """The focal point as two shares of width and height, set on the picture by pointer or arrow keys."""

    template_name = "admin/articles/image/focal.html"
    is_hidden = False  # two hidden inputs would hide the row

    def __init__(self, attrs=None):
        super().__init__([forms.HiddenInput(), forms.HiddenInput()], attrs)
        self.image = None

    def decompress(self, value):
        return value or [0.5, 0.5]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        return context | {
            "image": self.image,
            "shapes": [(shape, USES[shape]) for shape in sorted(SHAPES, key=list(USES).index)],
        }

    def _render(self, template_name, context, renderer=None):
        # Forms look for widget templates in the apps' folders only; ours is in templates/ with the others.
        return render_to_string(template_name, context)


class FocalField(forms.MultiValueField):
    widget = FocalWidget

    def __init__(self, **kwargs):
        share = {"min_value": 0, "max_value": 1}
        super().__init__(fields=[forms.FloatField(**share), forms.FloatField(**share)], **kwargs)

    def compress(self, data):
        return data or [0.5, 0.5]


class ImageForm(CleanForm):
    focal = FocalField(
        label="Focal point", required=False, help_text="What has to stay in every crop. Click, or use the arrow keys."
    )

    class Meta:
        model = Image
        fields = [*WORDS, *ABOUT, *RIGHTS]
        widgets = {
            "caption": forms.Textarea(attrs={"rows": 3}),
            **dict.fromkeys(("usage_terms", "instructions", "keywords", "people"), forms.Textarea(attrs={"rows": 2})),
            "made_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "focal" in self.fields:
            self.initial["focal"] = [self.instance.focal_x, self.instance.focal_y]
            self.fields["focal"].widget.image = self.instance

    def save(self, commit=True):
        if "focal" in self.cleaned_data:
            self.instance.focal_x, self.instance.focal_y = self.cleaned_data["focal"]
        return super().save(commit)


class SideForm(ImageForm):
    """What is printed of a picture, and its focal point: what the library lets somebody change beside the others."""

    class Meta:
        model = Image
        fields = PRINTED
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in ("alt", "caption")}


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """One file or several, as a list; what is wrong with each is for the action to say."""

    widget = ManyFilesInput(attrs={"accept": TYPES, "multiple": True})

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > AT_ONCE:
            raise forms.ValidationError(f"These are {len(files)} files. Send {AT_ONCE} at a time.")
        # An empty file is refused by its name like any other that is no picture.
        return [file for file in files if file] or [super().clean(None, initial)]


class SharedWordsForm(forms.ModelForm):
    """The words for pictures on their way in, and rights, from those who may change them.

    What is left empty is read from each file itself.
    """

    first_alone = forms.BooleanField(
        label="If one moves, take its first frame alone", required=False,
        help_text="Readers get still pictures. Without this, a picture that moves is refused.",
    )  # fmt: skip

    class Meta:
        model = Image
        fields = ["alt", "caption", *SHARED, "restricted"]
        field_classes = {"rights_until": MomentField}
        widgets = {
            name: forms.Textarea(attrs={"rows": 2})
            for name in ("alt", "caption", "usage_terms", "instructions", "keywords", "people")
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not roles.may(user, "edit picture rights"):
            for name in RIGHTS:
                del self.fields[name]
        without_controls(self)

    def words(self):
        """What `images.take_in` is told for each file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class UploadForm(SharedWordsForm):
    file = ManyFilesField(label="Pictures", help_text="JPEG, PNG, WebP or GIF, up to 40 megabytes each.")
    field_order = ["file"]


class OneFileForm(SharedWordsForm):
    file = forms.FileField(allow_empty_file=True)  # which the action refuses in its own words


class FileForm(forms.Form):
    file = forms.FileField(label="New file", widget=forms.FileInput(attrs={"accept": TYPES}), allow_empty_file=True)
    why = forms.CharField(label="Why", max_length=300, required=False, help_text="A better scan, a retouched print …")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


class WordForm(forms.Form):
    """The picture desk's word on a picture that AI made or altered."""

    runs_as = forms.ChoiceField(label="As what may it run?", choices=RunsAs.choices, widget=forms.RadioSelect)
    why = forms.CharField(
        label="Why", max_length=PictureRuling._meta.get_field("why").max_length, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="It stands in the record with your name, for good.",
    )  # fmt: skip
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)
