"""The picture library: upload, words and rights, the focal point, and where each picture is used."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from newsroom import clock
from newsroom.desk.base import CleanForm, without_controls
from newsroom.desk.display import thumbnail
from newsroom.desk.refusals import Attempt

from ..actions import images
from ..models import Contributor, Edition, Image
from .base import DeskAdmin

WORDS = ("title", "alt", "decorative", "caption", "credit", "copyright", "source", "usage_terms")
RIGHTS = ("rights_until", "restricted")
SEEN, COUNTED = 20, 1000  # live stories that the form names, and counts


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
        context["image"] = self.image
        return context

    def _render(self, template_name, context, renderer=None):
        # Forms look for widget templates in the apps' folders only; ours is in templates/ with the others.
        return mark_safe(render_to_string(template_name, context))


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
        fields = [*WORDS, *RIGHTS]
        widgets = {"caption": forms.Textarea(attrs={"rows": 3}), "usage_terms": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "focal" in self.fields:
            self.initial["focal"] = [self.instance.focal_x, self.instance.focal_y]
            self.fields["focal"].widget.image = self.instance

    def save(self, commit=True):
        if "focal" in self.cleaned_data:
            self.instance.focal_x, self.instance.focal_y = self.cleaned_data["focal"]
        return super().save(commit)


class UploadForm(forms.Form):
    """A file, and the words for it; what is left empty is read from the file itself."""

    file = forms.FileField(
        label="Picture", widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        help_text="JPEG, PNG, WebP or GIF. What is left empty below is taken from the file's own description.",
    )  # fmt: skip
    first_alone = forms.BooleanField(
        label="If it moves, take its first frame alone", required=False,
        help_text="Readers get still pictures. Without this, a picture that moves is refused.",
    )  # fmt: skip
    alt = forms.CharField(
        label="Alternative text", max_length=300, required=False, help_text="What a blind reader should know."
    )
    caption = forms.CharField(max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    credit = forms.CharField(max_length=160, required=False)
    source = forms.CharField(max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


class RightsFilter(admin.SimpleListFilter):
    title, parameter_name = "words and rights", "rights"

    def lookups(self, request, model_admin):
        return [("ok", "May be published"), ("ended", "Restricted or ended"), ("ending", "End this week"),
                ("alt", "No alternative text"), ("credit", "No credit")]  # fmt: skip

    def queryset(self, request, queryset):
        match self.value():
            case "ok":
                return queryset.within_rights()
            case "ended":
                return queryset.exclude(pk__in=queryset.within_rights().values("pk"))
            case "ending":
                return queryset.within_rights().filter(rights_until__lte=clock.process_time() + timedelta(days=7))
            case "alt":
                return queryset.filter(alt="", decorative=False)
            case "credit":
                return queryset.filter(credit="")
        return queryset


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    form = ImageForm
    list_display = ["shown", "named", "credit", "rights", "uploaded_at"]
    list_display_links = ["shown", "named"]
    list_filter = [RightsFilter]
    list_per_page = 30
    sortable_by = ()
    search_fields = ["title", "alt", "caption", "credit"]
    ordering = ["-uploaded_at"]
    change_form_template = "admin/articles/image/change_form.html"
    readonly_fields = ["picture", "seen", "used", "alike", "read"]
    fieldsets = [
        (None, {"fields": ["focal"]}),
        ("Words", {"fields": list(WORDS)}),
        ("Rights", {"fields": ["seen", *RIGHTS]}),
        ("Where it is used", {"fields": ["used", "alike"]}),
        ("As read from the file", {"fields": ["read"], "classes": ["collapse"]}),
    ]

    # --- who ------------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return super().has_change_permission(request, obj) and images.may_edit(obj, request.user)

    def has_delete_permission(self, request, obj=None):
        """Only a picture that was never used can be deleted."""
        if not super().has_delete_permission(request, obj) or obj is None:
            return False
        return images.may_edit(obj, request.user) and not images.where_used(obj, 1)

    def get_fieldsets(self, request, obj=None):
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["picture"]}), *self.fieldsets[1:]]
        return self.fieldsets

    # --- the list -------------------------------------------------------------------------------

    @admin.display(description="look")
    def shown(self, image):
        return thumbnail(image)

    @admin.display(description="title")
    def named(self, image):
        missing = (
            format_html(' <span class="flag">{}</span>', "No alt text") if not (image.alt or image.decorative) else ""
        )
        return format_html("{}{}<span class=quiet>{} × {}</span>", str(image), missing, image.width, image.height)

    @admin.display(description="rights")
    def rights(self, image):
        if image.restricted:
            return format_html('<span class="flag flag-hold">{}</span>', "Restricted")
        return image.rights_until or "—"

    # --- one picture ----------------------------------------------------------------------------

    @admin.display(description="picture")
    def picture(self, image):
        return thumbnail(image, 640)

    @admin.display(description="on live pages")
    def seen(self, image):
        """Where readers lose it as soon as its rights end or it is restricted: in live stories, and as a face."""
        faces = Contributor.objects.filter(portrait=image).values_list("name", flat=True)[:SEEN]
        face = format_html("<p>It is the portrait of {}.</p>", ", ".join(faces)) if faces else ""
        if not (shown := live_stories(image)):
            return format_html("<p>No live story shows it.</p>{}", face)
        links = format_html_join(
            ", ", '<a href="{}">{}</a>', [(desk_address_of(edition), edition.article) for edition in shown[:SEEN]]
        )
        more = f" and {count} more" if (count := len(shown) - SEEN) > 0 else ""
        return format_html(
            "<p>Readers see it in {}{}. They lose it there at once if you restrict it or when its rights end; the "
            "stories then stand on Today.</p>{}", links, more, face,
        )  # fmt: skip

    @admin.display(description="where used")
    def used(self, image):
        rows = [(how.capitalize(), desk_address_of(what), str(what)) for how, what in images.where_used(image)]
        return format_html_join("", '<p>{}: <a href="{}">{}</a></p>', rows) or "Nowhere yet."

    @admin.display(description="looks the same")
    def alike(self, image):
        rows = [(reverse("admin:articles_image_change", args=[i.pk]), str(i)) for i in images.duplicates(image)[:20]]
        return format_html_join("", '<p><a href="{}">{}</a></p>', rows) or "No other picture looks like it."

    @admin.display(description="file")
    def read(self, image):
        rows = [(key.replace("_", " ").capitalize(), value) for key, value in (image.metadata or {}).items()]
        return format_html_join("", "<p><b>{}</b> {}</p>", rows) or "The file said nothing about itself."

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            words = form.cleaned_data | {}
            file = words.pop("file")
            with Attempt() as attempt:
                image = images.take_in(file, by=request.user, **{k: v for k, v in words.items() if v})
            attempt.add_to(form, "file")
            if not attempt.refusal:
                missing = [
                    word for word, there in (("alternative text", image.alt), ("credit", image.credit)) if not there
                ]
                if IS_POPUP_VAR in request.POST:
                    return self.response_add(request, image)  # hands it to the field that asked for it
                self.message_user(request, "The picture is in the library.", messages.SUCCESS)
                if image.duplicates:
                    alike = ", ".join(f"“{other}”" for other in image.duplicates[:3])
                    self.message_user(request, f"It looks like {alike}: is it the same?", messages.WARNING)
                if missing:
                    self.message_user(
                        request, f"It still needs {' and '.join(missing)} before it may run.", messages.WARNING
                    )
                return redirect("admin:articles_image_change", image.pk)
        context = self.admin_site.each_context(request) | {
            "title": "Upload a picture",
            "opts": self.opts,
            "form": form,
            "is_popup": IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST,
        }
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/articles/image/upload.html", context, status=status)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "focal" in form.changed_data:
            images.focal_point_moved(obj)
        if form.has_changed():
            images.rights_changed(obj)
            for article in images.words_changed(obj, by=request.user):
                self.message_user(request, f"“{article}” waits for approval again: its picture's words have changed.",
                                  messages.WARNING)  # fmt: skip
        if set(RIGHTS) & set(form.changed_data):
            self.name_stories_that_lost(request, obj)

    def name_stories_that_lost(self, request, image):
        """Say which live stories have just lost a picture, if any."""
        shown = live_stories(image)
        if shown and not Image.objects.within_rights().filter(pk=image.pk).exists():
            named = ", ".join(f"“{edition.article}”" for edition in shown[:3])
            more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
            self.message_user(request, f"Readers no longer see it in {named}{more}.", messages.WARNING)

    def delete_model(self, request, obj):
        images.delete_unused(obj, by=request.user)


def live_stories(image):
    """The live editions that show a picture, newest first; COUNTED of them at the most."""
    uses = image.uses.live().select_related("edition__article").only("edition__number", "edition__article__headline",
                                                                    "edition__article__catchline")  # fmt: skip
    return [use.edition for use in uses.order_by("-edition__first_published_at", "-pk")[:COUNTED]]


def desk_address_of(what):
    """The desk's page for something that shows a picture."""
    if isinstance(what, Edition):
        return reverse("admin:articles_article_edition", args=[what.article_id, what.number])
    return reverse(f"admin:{what._meta.app_label}_{what._meta.model_name}_change", args=[what.pk])
