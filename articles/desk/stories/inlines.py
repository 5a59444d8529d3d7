"""The rows on a story's page: its bylines, the experts in it, and its unnamed sources."""

from functools import partial

from django import forms
from django.contrib import admin
from django.utils.functional import cached_property
from django.utils.html import format_html

from newsroom.desk.base import NamedCells

from ... import roles
from ...actions import writing
from ...models import Appearance, Attribution, Byline
from ..base import DeskInline, without_related_links
from .choices import KnownChoice, choices_of, inner_box, staff, staff_of


class StoryRows(NamedCells):
    """The rows of a story, which ask as many queries for many as for one."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if form.instance.pk:
                field.widget.attrs["aria-label"] = f"{field.widget.attrs['aria-label']}, {form.instance}"
            box = inner_box(field)
            if isinstance(box, KnownChoice):
                box.knows([form.instance._state.fields_cache.get(name)])
            elif name == "known_by":
                field.widget.choices = self.staff_choices

    colleagues = staticmethod(staff)

    @cached_property
    def staff_choices(self):
        """The choices of who may know a source: asked once, however many sources there are."""
        return choices_of(self.colleagues(), empty="—")


class StoryInline:
    """Rows of a story, changed by whoever may change its words, with whom each is about loaded in one go."""

    loads = ()
    formset = StoryRows

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.loads)

    def get_extra(self, request, obj=None, **kwargs):
        return 1  # for a browser without scripts; others copy a row when somebody wants one

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        without_related_links(field)
        return field

    def _may_change_parent(self, request, obj):
        return obj is not None and editing_mode(obj, request.user) == "text"


class BylineInline(StoryInline, DeskInline, admin.TabularInline):
    model = Byline
    loads = ["contributor"]
    autocomplete_fields = ["contributor"]
    fields = ["contributor", "role", "order"]
    verbose_name_plural = "bylines"


class AppearanceInline(StoryInline, DeskInline, admin.TabularInline):
    model = Appearance
    loads = ["expert"]
    autocomplete_fields = ["expert"]
    fields = ["expert", "attribution_as_printed", "order"]
    verbose_name, verbose_name_plural = "expert", "experts in this story, with the title printed today"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "attribution_as_printed":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 1, "data-one-line": "", "class": "as-printed"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class AttributionInline(StoryInline, DeskInline, admin.StackedInline):
    model = Attribution
    loads = ["approved_by", "known_by"]
    fields = ["kind", "description", "outlet", "reason", "known_by", "approved"]
    readonly_fields = ["approved"]
    verbose_name, verbose_name_plural = "source", "unnamed and second-hand sources"

    @admin.display(description="approval")
    def approved(self, row):
        if row.pk is None:
            return "Save first; then an editor approves it."
        if row.approved_by:
            return f"Approved by {row.approved_by}"
        if not self.may_approve:
            return "Not approved yet"
        return format_html(
            '<button type="submit" class="button small" name="_approve_source" value="{}">Approve</button>', row.pk
        )

    def get_formset(self, request, obj=None, **kwargs):
        self.may_approve = obj is not None and roles.may(request.user, "approve an unnamed attribution", obj)
        formset = super().get_formset(request, obj, **kwargs)
        formset.colleagues = staticmethod(partial(staff_of, request))
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "known_by":
            field.queryset = field.queryset.filter(is_active=True, is_staff=True)
        return field


def editing_mode(article, user):
    """What of a story a person may change now: "text", "pictures" or "". Asked once per instance and person."""
    asked = article.__dict__.setdefault("_modes", {})
    if user.pk not in asked:
        asked[user.pk] = writing.may_edit(article, user)
    return asked[user.pk]
