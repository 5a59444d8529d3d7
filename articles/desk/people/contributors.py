"""Contributors, whose names stand in bylines, and agencies, whose copy the paper may print."""

from django.contrib import admin

from newsroom import accounts
from newsroom.desk.named import NamedForm

from ... import roles
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

    def get_readonly_fields(self, request, obj=None):
        # Four eyes ask who is behind a byline, so nobody who writes or edits says so themselves.
        return () if roles.may(request.user, "change whose byline it is") else ("user",)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "user" in form.changed_data:
            before = form.fields["user"].queryset.filter(pk=form.initial.get("user")).first() if change else None
            was, now = before or "nobody", obj.user or "nobody"
            text = f"{request.user} changed who is behind the byline {obj}: {was}, now {now}."
            accounts.note(obj.user or before, "byline", text, by=request.user)

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
