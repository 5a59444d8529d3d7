"""The legal register: a save here redraws the notes of every story that names the organisation."""

import datetime

from django.contrib import admin, messages

from newsroom import clock, paper
from newsroom.desk.base import DeskStack, DeskTable

from ..actions import legal_register
from ..models import Designation, DesignationAlias, DesignationNote
from .base import DeskAdmin


class AliasInline(DeskTable, admin.TabularInline):
    model = DesignationAlias
    verbose_name_plural = "other names"


class NoteInline(DeskStack, admin.StackedInline):
    model = DesignationNote
    verbose_name_plural = "what readers are told, by language"

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 1


@admin.register(Designation)
class DesignationAdmin(DeskAdmin):
    list_display = ["name", "mark", "jurisdiction", "listing", "valid_from", "valid_until"]
    search_fields = ["name"]
    finds_by_name = True
    inlines = [AliasInline, NoteInline]
    fieldsets = [
        (None, {"fields": ["name", "case_sensitive", "mark"]}),
        ("The listing", {"fields": ["jurisdiction", "listing", "valid_from", "valid_until"]}),
    ]

    def save_related(self, request, form, formsets, change):
        old = [form.initial.get("name") or ""]
        old += [f.initial["name"] for f in formsets[0].initial_forms if f.initial.get("name")]
        super().save_related(request, form, formsets, change)
        self._redraw_notes(request, form.instance, old)

    def delete_model(self, request, obj):
        # First end its validity, so that the redrawn stories no longer print its notes; they go by this clock.
        obj.valid_until = paper.day_of(clock.instant()) - datetime.timedelta(days=1)
        obj.save(update_fields=["valid_until"])
        self._redraw_notes(request, obj, [])
        super().delete_model(request, obj)

    def _redraw_notes(self, request, designation, old_names):
        count = legal_register.redraw_legal_notes(designation, by=request.user, old_names=old_names)
        if count:
            self.message_user(
                request, f"Legal notes redrawn in {count} published or scheduled stories.", messages.SUCCESS
            )
