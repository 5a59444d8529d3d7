"""Fronts: what editors pin to the top of home and of each section, drafted here and launched by a button."""

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.html import format_html

from newsroom import paper
from newsroom.desk.base import DeskTable
from newsroom.desk.refusals import Attempt

from .. import roles
from ..actions import fronts
from ..models import Front, FrontSlot, Section
from .base import DeskAdmin


class SlotInline(DeskTable, admin.TabularInline):
    model = FrontSlot
    autocomplete_fields = ["article"]
    fields = ["position", "article", "headline", "until"]
    verbose_name, verbose_name_plural = "pinned story", "pinned stories, in order"


@admin.register(Front)
class FrontAdmin(DeskAdmin):
    list_display = ["front", "launched_at", "pinned"]
    list_select_related = ["section"]
    inlines = [SlotInline]
    fields = ["shown"]
    readonly_fields = ["shown"]
    ordering = ["section__order"]
    change_form_template = "admin/articles/front/change_form.html"

    def changelist_view(self, request, extra_context=None):
        self._make_missing_fronts()
        return super().changelist_view(request, (extra_context or {}) | {"title": "Fronts"})

    def _make_missing_fronts(self):
        """Make the fronts that are missing: one for home and one for each section."""
        have = set(Front.objects.values_list("section", flat=True))
        wanted = {None, *Section.objects.values_list("pk", flat=True)} - have
        if wanted:
            Front.objects.bulk_create([Front(section_id=pk) for pk in wanted], ignore_conflicts=True)

    @admin.display(description="front")
    def front(self, front):
        return format_html("<bdi>{}</bdi>", front)

    @admin.display(description="pinned now")
    def pinned(self, front):
        return len(front.launched)

    @admin.display(description="Before readers")
    def shown(self, front):
        if not front.launched_at:
            return "Never launched: the front fills itself with the newest stories."
        return format_html(
            "Launched {} with {} pinned.", f"{paper.local(front.launched_at):%d %b %H:%M}", len(front.launched)
        )

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request, obj)
        return super().has_change_permission(request, obj) and fronts.may_arrange(obj, request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("section")

    def response_change(self, request, obj):
        if "_launch" not in request.POST:
            self.message_user(request, "Kept as a draft; readers see it when you launch.", messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        with Attempt() as attempt, transaction.atomic():
            fronts.launch(obj, by=request.user)
        attempt.tell(request, f"{obj} is launched.")
        return HttpResponseRedirect(request.path)

    def has_module_permission(self, request):
        return roles.may(request.user, "section front")
