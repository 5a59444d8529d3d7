"""Sections and topics: where a story runs, and what it is about."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from newsroom.desk.base import DeskTable
from newsroom.desk.named import NamedForm
from newsroom.desk.refusals import Attempt
from newsroom.models import Topic, TopicName, User

from .. import roles
from ..actions import topics
from ..models import Article, Edition, Front, Path, Section
from ..models.section import validate_section_slug
from ..workflow import SIGNOFF_CHOICES
from .base import DeskAdmin


class SectionForm(NamedForm):
    required_signoffs = forms.MultipleChoiceField(
        choices=SIGNOFF_CHOICES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="What every story here needs before it may run.",
    )  # fmt: skip
    editors = forms.ModelMultipleChoiceField(
        User.objects.filter(is_active=True, groups__name=roles.Role.EDITOR).order_by("username"),
        required=False, widget=forms.CheckboxSelectMultiple,
        help_text="They approve and publish here. Whoever has the role of an editor can be chosen.",
    )  # fmt: skip

    class Meta:
        model = Section
        fields = ["name", "slug", "remit", "parent", "order", "visible", "editors", "required_signoffs", "ai_asked"]

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        validate_section_slug(slug)
        if Path.objects.filter(path=f"/{slug}/").exists():
            raise forms.ValidationError(f"/{slug}/ is the address of an imported story. Choose another slug.")
        return slug


@admin.register(Section)
class SectionAdmin(DeskAdmin):
    finds_by_name = True
    form = SectionForm
    readers_see = True
    list_display = ["name", "slug", "parent", "order", "visible", "edited_by"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("editors")

    @admin.display(description="editors")
    def edited_by(self, section):
        return ", ".join(map(str, section.editors.all())) or "—"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = Section.objects.top()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """Only a section that never held a story can be deleted; any other is made invisible."""
        if not super().has_delete_permission(request, obj) or obj is None:
            return False
        return not (
            Edition.objects.filter(section=obj).exists()
            or Article.objects.filter(Q(section=obj) | Q(sections=obj)).exists()
            or obj.children.exists()
        )

    def get_deleted_objects(self, objs, request):
        # Its front is deleted with it; nobody may delete a front by itself.
        shown, count, forbidden, protected = super().get_deleted_objects(objs, request)
        return shown, count, forbidden - {Front._meta.verbose_name}, protected


@admin.action(description="Merge into one…")
def merge_topics(model_admin, request, queryset):
    """Merge the chosen topics into one of them; a page of its own asks which."""
    if not roles.may(request.user, "merge topics"):
        raise PermissionDenied
    chosen = list(queryset.filter(merged_into=None).order_by("name")[:50])
    keep = next((topic for topic in chosen if str(topic.pk) == request.POST.get("keep")), None)
    if keep is None or len(chosen) < 2:
        if len(chosen) < 2:
            model_admin.message_user(
                request, "Choose at least two topics that are not merged already.", messages.WARNING
            )
            return redirect(request.get_full_path())
        context = model_admin.admin_site.each_context(request) | {
            "title": "Merge topics",
            "opts": model_admin.opts,
            "topics": chosen,
        }
        return TemplateResponse(request, "admin/newsroom/topic/merge.html", context)
    with Attempt() as attempt:
        topics.merge_topics([topic for topic in chosen if topic != keep], into=keep, by=request.user)
    attempt.tell(request, f"Merged into “{keep}”; old addresses lead there.")
    return redirect(request.get_full_path())


class TopicNameInline(DeskTable, admin.TabularInline):
    model = TopicName
    fields = ["text"]
    verbose_name_plural = "other names, in any language: what it is found by and readers never see"


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    form = NamedForm
    finds_by_name = True
    readers_see = True
    inlines = [TopicNameInline]
    fields = ["name", "slug", "description", "wikidata", "iptc"]
    list_display = ["name", "slug", "described", "merged_into"]
    list_select_related = ["merged_into"]
    search_fields = ["name", "names__text"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    actions = [merge_topics]

    def get_search_results(self, request, queryset, search_term):
        found, many = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.in_use()
        return found, many

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not roles.may(request.user, "merge topics"):
            actions.pop("merge_topics", None)
        return actions

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.display(description="what this is", boolean=True)
    def described(self, topic):
        return bool(topic.description)

    def has_delete_permission(self, request, obj=None):
        """Only a topic that nothing uses can be deleted; any other is merged into another."""
        if not super().has_delete_permission(request, obj) or obj is None:
            return False
        return not (obj.article_items.exists() or obj.expert_items.exists() or obj.edition_links.exists())
