"""Groups in the database are the roles of the table, whatever somebody did to them by hand."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import TestCase

from articles import groups
from articles.roles import MODEL_PERMISSIONS, Role
from newsroom.models import User

from ..base import person

pytestmark = pytest.mark.engines


def permissions_of(role):
    pairs = Group.objects.get(name=role.value).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in pairs}


def expected_of(role):
    return {
        f"{label.split('.')[0]}.{verb}_{label.split('.')[1]}"
        for label, verbs in MODEL_PERMISSIONS[role].items()
        for verb in verbs.split()
    }


class GroupTests(TestCase):
    def test_every_role_is_a_group_with_the_permissions_of_the_table(self):
        for role in Role:
            with self.subTest(role):
                self.assertEqual(permissions_of(role), expected_of(role))

    def test_a_migrate_mends_what_somebody_changed(self):
        reporters = Group.objects.get(name=Role.REPORTER.value)
        reporters.permissions.set(Permission.objects.filter(codename="delete_user"))
        Group.objects.filter(name=Role.LEGAL.value).delete()
        groups.after_migrate(using="default")
        self.assertEqual(permissions_of(Role.REPORTER), expected_of(Role.REPORTER))
        self.assertEqual(permissions_of(Role.LEGAL), expected_of(Role.LEGAL))

    def test_nobody_but_the_administrator_touches_accounts(self):
        with_users = {role for role in Role if any(".change_user" in name for name in expected_of(role))}
        self.assertEqual(with_users, {Role.ADMINISTRATOR})

    def test_permissions_follow_the_table_and_not_the_rows(self):
        rana = person("rana", Role.REPORTER)
        Group.objects.get(name=Role.REPORTER.value).permissions.set(Permission.objects.filter(codename="delete_user"))
        rana = User.objects.get(pk=rana.pk)
        self.assertTrue(rana.has_perm("articles.add_article"))
        self.assertFalse(rana.has_perm("newsroom.delete_user"))

    def test_no_model_lacks_its_migration(self):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
