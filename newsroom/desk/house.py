"""The paper's own settings and its policy pages, on the desk."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import redirect

from .. import ai_use, hooks
from ..models import Logo, PolicyPage, Publication
from ..pictures import uploads
from .base import CleanForm, DeskAdmin, without_controls
from .refusals import Attempt


def policy_boxes(kind):
    """The boxes of a kind of work, a line for each: whether it is printed, and in which words."""
    return f"ai_{kind}", (f"ai_{kind}_words", f"ai_{kind}_unused")


class LogoFile:
    """The logo that the paper has, in the shape that Django's file input shows as the current file."""

    def __init__(self, logo):
        self.logo, self.url = logo, logo.url(logo.widths[0])

    def __str__(self):
        return str(self.logo)


class PublicationForm(CleanForm):
    logo = forms.FileField(required=False, help_text="A picture file, public once it is saved. No page prints it yet.")

    class Meta:
        model = Publication
        fields = ["name", "tagline", "logo", "time_zone", "language", "contact_email", "contact_address", "digest_at",
                  "four_eyes", "identity_checks", "quote_origins", "self_descriptions", "ai_genres"]  # fmt: skip
        widgets = {"contact_address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = None
        self.fields["ai_genres"] = forms.MultipleChoiceField(
            choices=tuple(hooks.genres), required=False, widget=forms.CheckboxSelectMultiple,
            label="Kinds of story that say how AI was used",
            help_text="Their checklist asks for it. A section may ask for it too.",
        )  # fmt: skip
        for kind, row in ai_use.KINDS.items():
            self._add_policy(kind, row)
        without_controls(self)
        if logo := self.instance.logo:
            self.initial["logo"] = LogoFile(logo)

    def _add_policy(self, kind, row):
        """The boxes of what is printed where a tool was used for a kind of work."""
        known = (self.instance.ai_policy or {}).get(kind) or {}
        used, unused = ai_use.WORDS["en"][kind]
        self.fields[f"ai_{kind}"] = forms.ChoiceField(
            choices=ai_use.PRINTED, required=False, label=row.label, initial=ai_use.printed_of({kind: known}, kind)
        )
        self.fields[f"ai_{kind}_words"] = forms.CharField(
            max_length=300, required=False, label="In these words", initial=known.get("words", ""),
            widget=forms.TextInput({"size": 40, "placeholder": used, "aria-label": f"{row.label}: in these words"}),
        )  # fmt: skip
        self.fields[f"ai_{kind}_unused"] = forms.CharField(
            max_length=300, required=False, label="And if it was not", initial=known.get("unused", ""),
            widget=forms.TextInput({"size": 40, "placeholder": unused, "aria-label": f"{row.label}: if it was not"}),
        )  # fmt: skip

    def clean(self):
        data = super().clean()
        policy = {}
        for kind, row in ai_use.KINDS.items():
            chosen = {
                "print": data.get(f"ai_{kind}") or row.printed,
                "words": data.get(f"ai_{kind}_words", ""),
                "unused": data.get(f"ai_{kind}_unused", ""),
            }
            if chosen != {"print": row.printed, "words": "", "unused": ""}:
                policy[kind] = chosen
        self.instance.ai_policy = policy
        return data

    def clean_logo(self):
        """The logo that stays, or None; a file that was sent instead waits in `taken` until the form is saved."""
        sent = self.cleaned_data["logo"]
        if isinstance(sent, UploadedFile):
            try:
                self.taken = uploads.take(sent)
            except uploads.Unfit as error:
                raise forms.ValidationError(str(error)) from error
        return self.instance.logo if sent else None

    def _post_clean(self):
        super()._post_clean()
        if self.taken and not self.errors:
            # Here, where the form can still say that it was not stored.
            with Attempt() as attempt:
                self.instance.logo = uploads.keep(Logo, self.taken)
            attempt.add_to(self, "logo")


@admin.register(Publication)
class PublicationAdmin(DeskAdmin):
    form = PublicationForm
    readers_see = True
    fieldsets = [
        ("The paper", {"fields": ["name", "tagline", "logo", "language", "time_zone"]}),
        ("How readers reach it", {"fields": ["contact_email", "contact_address"]}),
        (
            "House rules",
            {"fields": ["digest_at", "four_eyes", "identity_checks", "quote_origins", "self_descriptions"]},
        ),
        (
            "What readers are told of AI tools",
            {
                "fields": ["ai_genres", *(row for kind in ai_use.KINDS for row in policy_boxes(kind))],
                "description": "Your own words stand in stories of the paper’s language, ours in others. “{tool}” in"
                " them is the tool’s name. Of what nobody has recorded nothing is printed.",
            },
        ),
    ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The boxes of the policy are the form's own.
        kwargs["fields"] = PublicationForm._meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request, obj, form, change):
        before = Logo.objects.public().first()
        super().save_model(request, obj, form, change)
        if before and before != obj.logo:
            uploads.discard(before)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if Publication.objects.current():
            return redirect("admin:newsroom_publication_change", 1)
        return redirect("admin:newsroom_publication_add")

    def has_add_permission(self, request):
        return self.has_change_permission(request) and self.admin_site.publication(request).pk is None

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(PolicyPage)
class PolicyPageAdmin(DeskAdmin):
    readers_see = True
    list_display = ["title", "slug", "public", "order"]
    fields = ["title", "slug", "body", "public", "order"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields
