"""The paper's own settings and its policy pages, on the desk."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import redirect

from ..models import Logo, PolicyPage, Publication
from ..pictures import uploads
from .base import CleanForm, DeskAdmin
from .refusals import Attempt


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
                  "four_eyes", "identity_checks", "self_descriptions"]  # fmt: skip
        widgets = {"contact_address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.taken = None
        if logo := self.instance.logo:
            self.initial["logo"] = LogoFile(logo)

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
        ("House rules", {"fields": ["digest_at", "four_eyes", "identity_checks", "self_descriptions"]}),
    ]

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
