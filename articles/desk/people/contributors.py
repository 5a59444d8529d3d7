"""Contributors, whose names stand in bylines, and agencies, whose copy the paper may print."""

from django import forms
from django.contrib import admin
from django.db.models import Q

from newsroom import accounts
from newsroom.desk.named import NamedForm
from newsroom.models import User

from ... import roles
from ...models import Agency, Contributor
from ..base import DeskAdmin


class StaffField(forms.CharField):
    """Somebody on the staff by the name under which they sign in, or None; typed, since a paper may have thousands.

    Where nobody has that name it says whom the words may mean.
    """

    def clean(self, value):
        typed = super().clean(value)
        staff = User.objects.filter(is_staff=True)
        if not typed or (found := staff.filter(username=typed).first()):
            return found if typed else None
        parts = (Q(**{f"{name}__icontains": typed}) for name in ("username", "first_name", "last_name"))
        near = [f"{one.username} ({one})" for one in staff.filter(next(parts) | next(parts) | next(parts))[:5]]
        meant = f" Do you mean {', '.join(near)}?" if near else ""
        raise forms.ValidationError(f"Nobody on the staff signs in as “{typed}”.{meant}")


class ContributorForm(NamedForm):
    user = StaffField(
        required=False, max_length=150, help_text="The name under which they sign in; empty for a guest's byline."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["user"] = self.instance.user.username if self.instance.user else ""

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

    def get_readonly_fields(self, request, obj=None):
        # Four eyes ask who is behind a byline, so nobody who writes or edits says so themselves.
        names = [] if roles.may(request.user, "change whose byline it is") else ["user"]
        if not roles.may(request.user, "contributors"):
            names += [name for name in ContributorForm.Meta.fields if name != "user"]
        return names

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if "user" in form.changed_data:
            before = User.objects.filter(username=form.initial["user"]).first() if change else None
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
