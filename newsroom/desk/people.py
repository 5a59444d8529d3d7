"""Accounts of the people who work here, on the desk."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from .. import accounts
from ..models import AccountEvent, User
from .base import DeskAdmin, number, without_controls
from .refusals import Attempt

LINES = 100  # of the accounts' log on one page


class StaffFilter(admin.SimpleListFilter):
    title, parameter_name = "who", "who"

    def lookups(self, request, model_admin):
        return [("gone", "No longer here"), *Group.objects.order_by("name").values_list("pk", "name")]

    def queryset(self, request, queryset):
        if self.value() == "gone":
            return queryset.filter(is_active=False)
        return queryset.filter(groups=role) if (role := number(self.value())) else queryset


class PersonForm(UserChangeForm):
    """Somebody's account and roles; on one's own account UserAdmin shows the roles without letting them be changed."""

    groups = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple, label="Roles"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


class NewPersonForm(AdminUserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def save(self, commit=True):
        self.instance.is_staff = True  # an account is for the desk; readers have none
        return super().save(commit)


@admin.register(User)
class UserAdmin(DeskAdmin, DjangoUserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["who", "username", "email", "roles", "is_active", "last_login"]
    list_display_links = ["who"]
    list_filter = [StaffFilter]
    sortable_by = ()
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    filter_horizontal = ()
    autocomplete_fields = ()
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": [("first_name", "last_name"), "email"]}),
        ("What they may do", {"fields": ["is_active", "groups", "waiting"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", ("first_name", "last_name"), "email", "usable_password", "password1", "password2"]},
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def lookup_allowed(self, lookup, value, request=None):
        return DeskAdmin.lookup_allowed(self, lookup, value, request)

    @admin.display(description="name")
    def who(self, user):
        return str(user)

    @admin.display(description="roles")
    def roles(self, user):
        names = ", ".join(sorted(group.name for group in user.groups.all()))
        return f"{names} (superuser)" if user.is_superuser else names or "—"

    def has_change_permission(self, request, obj=None):
        # Whoever can set a superuser's password can sign in as one.
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False  # their name stands under what they did; take “active” away instead

    def get_readonly_fields(self, request, obj=None):
        # Nobody gives themselves a role, or locks themselves out by mistake.
        return ["waiting", *(["is_active", "groups"] if obj is not None and obj.pk == request.user.pk else [])]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        for name in self.get_readonly_fields(request, obj):
            form.base_fields.pop(name, None)
        return form

    @admin.display(description="waits for a second person")
    def waiting(self, user):
        rows = accounts.open_grants().filter(user=user) if user.pk else ()
        said = format_html_join("", "<p>{}, given by {}</p>", [(grant.group, grant.by) for grant in rows])
        return said or "Nothing."

    # --- what is done to an account, and who is told --------------------------------------------

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        by, changed = request.user, form.changed_data
        if not change:
            accounts.tell_of_change(
                obj, "made", f"{by} made an account for {obj}, with the name {obj.username}.", by=by
            )
            return
        if "email" in changed:
            before = form.initial["email"]
            text = f"{by} changed the e-mail address of {obj} from {before or 'none'} to {obj.email or 'none'}."
            accounts.tell_of_change(obj, "email", text, by=by, addresses=[before])
        if "username" in changed:
            text = f"{by} changed the name under which {obj} signs in: {form.initial['username']}, now {obj.username}."
            accounts.note(obj, "name", text, by=by)
        if "is_active" in changed:
            what = "took the account of {} back into use" if obj.is_active else "took the account of {} out of use"
            accounts.note(obj, "active", f"{by} {what.format(obj)}.", by=by)

    def save_related(self, request, form, formsets, change):
        user, before = form.instance, set(form.instance.groups.all())
        if "groups" in form.cleaned_data:
            anew = change and "is_active" in form.changed_data and user.is_active
            wanted = form.cleaned_data["groups"]
            form.cleaned_data["groups"] = accounts.set_roles(user, wanted, by=request.user, anew=anew)
        super().save_related(request, form, formsets, change)
        self._say_what_changed(request, user, before)

    def _say_what_changed(self, request, user, before):
        after = set(user.groups.all())
        given, taken = sorted(map(str, after - before)), sorted(map(str, before - after))
        words = [f"gained {', '.join(given)}" if given else "", f"lost {', '.join(taken)}" if taken else ""]
        if any(words):
            self.message_user(request, f"{user} {' and '.join(filter(None, words))}.", messages.INFO)
        if waiting := [str(grant.group) for grant in accounts.open_grants().filter(user=user)]:
            said = (
                f"{', '.join(waiting)} takes effect when a second person has confirmed it: a managing editor or another"
            )
            self.message_user(request, f"{said} administrator.", messages.WARNING)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        # A redirect to the same address says that the form contradicted itself.
        if request.method == "POST" and response.status_code == 302 and response.url != request.get_full_path():
            user = self.get_object(request, unquote(id))
            accounts.tell_of_change(user, "password", f"{request.user} set the password of {user}.", by=request.user)
        return response

    # --- the accounts' log, and the roles that wait ---------------------------------------------

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("log/", wrap(self.log_view), name="newsroom_user_log"),
            path("roles/<int:pk>/", wrap(require_POST(self.confirm_view)), name="newsroom_user_confirm"),
            *super().get_urls(),
        ]

    def log_view(self, request):
        """What was done to accounts, newest first, and the roles that wait for a second person."""
        if not accounts.may_confirm(request.user):
            raise PermissionDenied
        before = number(request.GET.get("before"))
        rows = AccountEvent.objects.order_by("-pk").filter(**{"pk__lt": before} if before else {})
        rows = list(rows[: LINES + 1])
        waiting = [(grant, accounts.may_confirm_grant(grant, request.user)) for grant in accounts.open_grants()[:LINES]]
        context = self.admin_site.each_context(request) | {
            "title": "Accounts", "opts": self.opts, "waiting": waiting, "rows": rows[:LINES],
            "older": rows[LINES - 1].pk if len(rows) > LINES else None,
        }  # fmt: skip
        return TemplateResponse(request, "admin/newsroom/user/log.html", context)

    def confirm_view(self, request, pk):
        if not accounts.may_confirm(request.user):
            raise PermissionDenied
        with Attempt() as attempt:
            done = accounts.confirm(pk, by=request.user, refuse="refuse" in request.POST)
        attempt.tell(request, done if not attempt.refusal else "")
        return redirect("admin:newsroom_user_log")
