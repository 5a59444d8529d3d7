"""Who is on duty, and when."""

from django.contrib import admin

from .. import roles
from ..models import DutyTurn
from .base import DeskAdmin, without_related_links


@admin.register(DutyTurn)
class DutyTurnAdmin(DeskAdmin):
    list_display = ["user", "turn_from", "turn_until"]
    list_select_related = ["user"]
    fields = ["user", "turn_from", "turn_until"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(is_active=True, groups__name=roles.Role.DUTY).order_by("username")
            field.help_text = "Only people with the role of a duty editor; it counts for the length of the turn."
            without_related_links(field)
        return field
