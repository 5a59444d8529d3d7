"""Accounts of the people who work here, on the desk."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from ..models import User
from .base import DeskAdmin, number, without_controls


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
        ("What they may do", {"fields": ["is_active", "groups"]}),
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
        return ["is_active", "groups"] if obj is not None and obj.pk == request.user.pk else []

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        for name in self.get_readonly_fields(request, obj):
            form.base_fields.pop(name, None)
        return form

    def save_related(self, request, form, formsets, change):
        before = set(form.instance.groups.values_list("name", flat=True)) if change else set()
        super().save_related(request, form, formsets, change)
        after = set(form.instance.groups.values_list("name", flat=True))
        if before != after:
            given, taken = sorted(after - before), sorted(before - after)
            words = [f"gained {', '.join(given)}" if given else "", f"lost {', '.join(taken)}" if taken else ""]
            self.message_user(request, f"{form.instance} {' and '.join(filter(None, words))}.", messages.INFO)
