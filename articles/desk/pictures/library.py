"""The library's pages: the pictures side by side with one open beside them, bringing some in, one picture whole."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from newsroom.desk.base import number
from newsroom.desk.display import thumbnail, time_in_words
from newsroom.desk.refusals import Attempt

from ...actions import images
from ...body import provenance
from ...models import Contributor, Image, PictureRuling
from ..base import DeskAdmin
from . import facts
from .facts import SEEN, desk_address_of, live_stories
from .filters import MadeFilter, RightsFilter, ShapeFilter, UseFilter
from .forms import ABOUT, RIGHTS, WORDS, FileForm, ImageForm, SideForm, UploadForm, WordForm

ENDS_USE = {"rights_until", "restricted"}
OPEN = "open"  # which picture of the list stands open beside it
SIDE = "admin/articles/image/side.html"


@admin.register(Image)
class ImageAdmin(DeskAdmin):
    form = ImageForm
    list_display = ["named", "credit"]
    list_filter = [RightsFilter, ShapeFilter, UseFilter, MadeFilter]
    list_per_page = 60
    sortable_by = ()
    search_fields = ["title"]  # what is searched, ImageQuerySet.found_by says
    search_help_text = "Caption, credit, keyword or person"
    ordering = ["-uploaded_at"]
    change_form_template = "admin/articles/image/change_form.html"
    change_list_template = "admin/articles/image/change_list.html"
    readonly_fields = ["picture", "seen", "used", "alike", "read", "sealed", "said", "files"]
    fieldsets = [
        (None, {"fields": ["focal"]}),
        ("Words", {"fields": list(WORDS)}),
        ("Rights", {"fields": ["seen", *RIGHTS]}),
        ("About it", {"fields": list(ABOUT)}),
        ("Where it comes from", {"fields": ["sealed", "said"]}),
        ("Where it is used", {"fields": ["used", "alike", "files"]}),
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

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/side/", view(self.side_view), name="articles_image_side"),
            path("<int:pk>/file/", view(self.file_view), name="articles_image_file"),
            path("<int:pk>/word/", view(self.word_view), name="articles_image_word"),
            *super().get_urls(),
        ]

    # --- the library ----------------------------------------------------------------------------

    @admin.display(description="title")
    def named(self, image):
        return str(image)

    def get_search_results(self, request, queryset, search_term):
        return queryset.found_by(search_term), False

    def changelist_view(self, request, extra_context=None):
        """The list, and beside it the picture that ?open= names."""
        request.GET = request.GET.copy()
        chosen = number((request.GET.pop(OPEN, None) or [""])[-1])
        opened = chosen and Image.objects.filter(pk=chosen).first()
        response = super().changelist_view(request, {"opened": opened or None} | (extra_context or {}))
        if (cl := getattr(response, "context_data", {}).get("cl")) is not None:
            kept = request.GET.urlencode()
            shots = facts.with_tags(cl.result_list)
            for image in shots:
                image.side_url = f"{reverse('admin:articles_image_side', args=[image.pk])}?{urlencode({'list': kept})}"
            response.context_data |= {
                "shots": shots,
                "kept": kept,
                "to_open": _with(request.GET, OPEN),
                **(self._side_context(request, opened) if opened else {}),
            }
        return response

    def _side_context(self, request, image, form=None):
        """What side.html shows of a picture."""
        ruling = PictureRuling.objects.in_force([image]).get(image.pk) if image.ai else None
        return {
            "image": image,
            "tags": facts.tags_of(image, ruling),
            "ruling": ruling,
            "facts": facts.facts_of(image),
            "seal": facts.seal_of(image),
            "uses": facts.uses_of(image),
            "side_form": (form or SideForm(instance=image)) if self.has_change_permission(request, image) else None,
            "may_rule": bool(image.ai) and images.keeps_pictures(request.user),
        }

    def _picture(self, request, pk):
        """A picture that somebody may look at."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = Image.objects.filter(pk=pk).first()
        if image is None:
            raise Http404("No such picture.")
        return image

    def _page(self, request, template, context, status=200):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, template, context, status=status)

    def side_view(self, request, pk):
        """One picture beside the list, as a part of its page; by POST, its printed words and focal point changed."""
        image = self._picture(request, pk)
        kept = QueryDict(request.GET.get("list", "")[:2000]).copy()
        kept[OPEN] = str(pk)
        if request.method != "POST":
            context = self._side_context(request, image) | {"kept": request.GET.get("list", "")[:2000]}
            return TemplateResponse(request, SIDE, context)
        if not self.has_change_permission(request, image):
            raise PermissionDenied
        form = SideForm(request.POST, instance=image)
        if form.is_valid():
            with transaction.atomic():
                self.save_model(request, form.save(commit=False), form, change=True)
            self.message_user(request, f"“{image}” is saved.", messages.SUCCESS)
            return redirect(f"{reverse('admin:articles_image_changelist')}?{kept.urlencode()}")
        context = self._side_context(request, Image.objects.get(pk=pk), form)
        context |= {"title": str(context["image"]), "kept": request.GET.get("list", "")[:2000]}
        return self._page(request, "admin/articles/image/side_page.html", context, status=400)

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
        rows = [(use["url"], use["name"], use["how"]) for use in facts.uses_of(image)]
        return format_html_join("", '<p><a href="{}">{}</a> <small>{}</small></p>', rows) or "Nowhere yet."

    @admin.display(description="looks the same")
    def alike(self, image):
        rows = [(reverse("admin:articles_image_change", args=[i.pk]), str(i)) for i in images.duplicates(image)[:20]]
        return format_html_join("", '<p><a href="{}">{}</a></p>', rows) or "No other picture looks like it."

    @admin.display(description="content credentials")
    def sealed(self, image):
        seal = facts.seal_of(image)
        if seal is None:
            return "None in the file."
        return format_html(
            "<p>{}</p>{}", seal["told"], format_html_join("", "<p>{}</p>", [(s,) for s in seal["steps"]])
        )

    @admin.display(description="the picture desk's word")
    def said(self, image):
        if not image.ai:
            return "It needs none."
        rows = [(r, r.by, time_in_words(r.at), r.why) for r in image.rulings.select_related("by")[:SEEN]]
        words = provenance.ai_label(image.ai)
        told = format_html_join("", "<p>{}. {}, {}: {}</p>", rows)
        return format_html("<p>{}.</p>{}", words, told or "Nobody has said yet as what it may run.")

    @admin.display(description="files before this one")
    def files(self, image):
        rows = [(f.number, f.width, f.height, f.replaced_by or "the machine", time_in_words(f.replaced_at), f.why)
                for f in image.former_files.select_related("replaced_by")[:SEEN]]  # fmt: skip
        return format_html_join("", "<p>No. {}, {} × {}, replaced by {}, {}. {}</p>", rows) or "None."

    @admin.display(description="file")
    def read(self, image):
        rows = [(key.replace("_", " ").capitalize(), value) for key, value in (image.metadata or {}).items()]
        return format_html_join("", "<p><b>{}</b> {}</p>", rows) or "The file said nothing about itself."

    def change_view(self, request, object_id, form_url="", extra_context=None):
        image = Image.objects.filter(pk=number(object_id)).first()
        may = image is not None and self.has_change_permission(request, image)
        more = {
            "may_replace": may and bool(image.original),
            "may_rule": may and bool(image.ai) and images.keeps_pictures(request.user),
        }
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        was_by_ai = Image.objects.get(pk=obj.pk).ai if change else ""
        super().save_model(request, obj, form, change)
        if "focal" in form.changed_data:
            images.focal_point_moved(obj)
        if form.has_changed():
            images.rights_changed(obj)
            self._name_stories_to_approve(request, images.words_changed(obj, by=request.user))
        if ENDS_USE & set(form.changed_data) and not Image.objects.within_rights().filter(pk=obj.pk).exists():
            self._name_live_stories(request, obj, "Readers no longer see it in {}.")
        if obj.ai and not was_by_ai:
            self._name_live_stories(request, obj, "Readers see it without its label in {}: give them a new edition.")

    def _name_stories_to_approve(self, request, stories):
        for article in stories:
            self.message_user(request, f"“{article}” waits for approval again: its picture has changed.",
                              messages.WARNING)  # fmt: skip

    def _name_live_stories(self, request, image, words):
        """Say something about the live stories that show a picture, if there are any."""
        if shown := live_stories(image):
            named = ", ".join(f"“{edition.article}”" for edition in shown[:3])
            more = f" and {len(shown) - 3} more" if len(shown) > 3 else ""
            self.message_user(request, words.format(named + more), messages.WARNING)

    def delete_model(self, request, obj):
        images.delete_unused(obj, by=request.user)

    # --- files ----------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        """Bring pictures in: each file by itself, so that one that is refused keeps no other out."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
        popup, taken, refused = IS_POPUP_VAR in {**request.GET.dict(), **request.POST.dict()}, [], []
        if request.method == "POST" and form.is_valid():
            for file in form.cleaned_data["file"]:
                with Attempt() as attempt:
                    taken.append(images.take_in(file, by=request.user, **form.words()))
                if attempt.refusal:
                    refused.append((file.name, attempt.words))
                    form.add_error("file", f"{file.name}: {attempt.words}")
            if popup and taken and not refused:
                return self.response_add(request, taken[0])  # hands it to the field that asked for it
            if len(taken) == 1 and not refused:
                self._tell_of(request, taken[0])
                return redirect("admin:articles_image_change", taken[0].pk)
        context = {"title": "Add pictures", "form": form, "taken": taken, "refused": refused, "is_popup": popup}
        status = 400 if form.errors else 200
        return self._page(request, "admin/articles/image/upload.html", context, status)

    def _tell_of(self, request, image):
        """What somebody should know of the one picture that they brought."""
        self.message_user(request, "The picture is in the library.", messages.SUCCESS)
        if image.duplicates:
            alike = ", ".join(f"“{other}”" for other in image.duplicates[:3])
            self.message_user(request, f"It looks like {alike}: is it the same?", messages.WARNING)
        missing = [word for word, there in (("alternative text", image.alt), ("credit", image.credit)) if not there]
        if missing:
            self.message_user(request, f"It still needs {' and '.join(missing)} before it may run.", messages.WARNING)

    def file_view(self, request, pk):
        """Give a picture another file."""
        image = self._picture(request, pk)
        if not self.has_change_permission(request, image):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        stories, status = [], 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                with Attempt(form) as attempt:
                    file, why = form.cleaned_data["file"], form.cleaned_data["why"]
                    stories = images.replace_file(image, file, by=request.user, why=why)
                status = attempt.status
                if not attempt.refusal:
                    self.message_user(request, "The picture has its new file.", messages.SUCCESS)
                    words = "Readers keep the file before it in {}, until those stories have a new edition."
                    self._name_live_stories(request, image, words)
                    self._name_stories_to_approve(request, stories)
                    return redirect("admin:articles_image_change", pk)
        effects = [
            "Its words, rights and focal point stay.",
            "Editions that are out keep the file that readers saw; the next edition of a story has the new one.",
            "Approved stories that show it wait for approval again.",
        ]
        context = {"title": f"Another file for “{image}”", "image": image, "form": form, "effects": effects,
                   "submit": "Replace the file", "has_file": True}  # fmt: skip
        return self._page(request, "admin/articles/image/act.html", context, status)

    def word_view(self, request, pk):
        """Say as what a picture that AI made or altered may run."""
        image = self._picture(request, pk)
        if not (images.keeps_pictures(request.user) and self.has_change_permission(request, image)):
            raise PermissionDenied
        form = WordForm(request.POST or None, initial={"sha256": image.sha256})
        status = 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                with Attempt(form) as attempt:
                    data = form.cleaned_data
                    images.rule(image, data["runs_as"], by=request.user, why=data["why"], sha256=data["sha256"])
                status = attempt.status
                if not attempt.refusal:
                    self.message_user(request, "Your word is recorded.", messages.SUCCESS)
                    return redirect("admin:articles_image_change", pk)
        effects = [
            f"The file says of itself, or the desk has said: “{provenance.ai_label(image.ai)}”." if image.ai else "",
            "Readers see that label beside it whatever you say.",
            "Without a word it does not run: nobody can publish past it.",
        ]
        context = {"title": f"As what may “{image}” run?", "image": image, "form": form,
                   "effects": list(filter(None, effects)), "submit": "Record my word"}  # fmt: skip
        return self._page(request, "admin/articles/image/act.html", context, status)


def _with(get, name):
    """A query string to which the value of one more parameter is added at its end."""
    others = get.copy()
    others.pop(name, None)
    return f"?{others.urlencode()}{'&' if others else ''}{name}="
