"""Contributors, whose names stand in bylines, and agencies, whose copy the paper may print."""

from django.contrib import admin

from newsroom.desk.named import NamedForm

from ...models import Agency, Contributor
from ..base import DeskAdmin, without_related_links


class ContributorForm(NamedForm):
    class Meta:
        model = Contributor
        fields = ["name", "slug", "line", "bio", "email", "user", "portrait"]


@admin.register(Contributor)
class ContributorAdmin(DeskAdmin):
    finds_by_name = True
    form = ContributorForm
    readers_see = True
    list_display = ["name", "slug", "line", "user"]
    list_select_related = ["user"]
    search_fields = ["name"]
    autocomplete_fields = ["portrait"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "user":
            field.queryset = field.queryset.filter(is_staff=True).order_by("first_name", "last_name", "username")
            without_related_links(field)
        return field

    def has_delete_permission(self, request, obj=None):
        return False  # stories keep the bylines they were published with


@admin.register(Agency)
class AgencyAdmin(DeskAdmin):
    form = NamedForm
    finds_by_name = True
    readers_see = True
    list_display = ["name", "terms_from", "terms_until"]
    search_fields = ["name"]

    def has_delete_permission(self, request, obj=None):
        return False  # end its terms instead
