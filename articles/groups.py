"""The newsroom's groups in the database, made and corrected after every migrate as `roles.py` has them."""

from django.apps import apps as registry
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from .roles import MODEL_PERMISSIONS, Role


def after_migrate(using, **kwargs):
    """post_migrate: every role has its group, with the table's permissions and no others."""
    for label in ("newsroom", "experts", "articles"):
        create_permissions(registry.get_app_config(label), verbosity=0, using=using)
    permissions = {
        (p.content_type.app_label, p.codename): p
        for p in Permission.objects.using(using)
        .select_related("content_type")
        .filter(content_type__app_label__in=["newsroom", "experts", "articles"])
    }
    for role in Role:
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        wanted = []
        for label, verbs in MODEL_PERMISSIONS[role].items():
            app, model = label.split(".")
            wanted += [permissions[app, f"{verb}_{model}"] for verb in verbs.split()]
        group.permissions.set(wanted)
