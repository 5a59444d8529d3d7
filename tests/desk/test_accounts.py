"""Accounts: no role with power by one person alone, and nobody's password or address changed without their knowing."""

from django.contrib.auth.models import Group
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.models import Contributor
from articles.roles import WITH_POWER, Role
from newsroom import accounts
from newsroom.errors import NotAllowed, WrongState
from newsroom.models import AccountEvent, RoleGrant, User

from ..base import DeskTestCase, person
from .pages import filled

LOG = reverse("admin:newsroom_user_log")


class AccountsTestCase(DeskTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.assemble()
        cls.nia = person("nia")
        cls.otto = person("otto", Role.ADMINISTRATOR)

    def save(self, user, by, roles=(), **changes):
        """Save somebody's account at the desk, with these roles."""
        self.client.force_login(by)
        where = reverse("admin:newsroom_user_change", args=[user.pk])
        groups = [Group.objects.get(name=role).pk for role in roles]
        with self.captureOnCommitCallbacks(execute=True):
            answer = self.client.post(where, filled(self.client.get(where), groups=groups, **changes))
        self.assertEqual(answer.status_code, 302)

    def confirm(self, by, grant=None, **sent):
        self.client.force_login(by)
        grant = grant or RoleGrant.objects.latest("pk")
        return self.client.post(reverse("admin:newsroom_user_confirm", args=[grant.pk]), sent)

    def roles(self, user):
        return sorted(User.objects.get(pk=user.pk).groups.values_list("name", flat=True))

    def log(self):
        return list(AccountEvent.objects.values_list("text", flat=True))

    def mailed(self):
        return sorted(address for sent in mail.outbox for address in sent.to)


class RolesTests(AccountsTestCase):
    def test_a_role_with_power_waits_for_a_second_person(self):
        for role in WITH_POWER:
            with self.subTest(role):
                nia = person(f"new-{role[:3].lower()}")
                self.save(nia, self.ada, [role])
                self.assertEqual(self.roles(nia), [])
                self.confirm(self.max)
                self.assertEqual(self.roles(nia), [role])

    def test_other_roles_take_effect_at_once(self):
        self.save(self.nia, self.ada, [Role.REPORTER, Role.COPY, Role.MODERATOR, Role.PICTURE])
        self.assertEqual(len(self.roles(self.nia)), 4)

    def test_who_gave_a_role_or_is_to_have_it_does_not_confirm_it(self):
        self.save(self.nia, self.ada, [Role.MANAGING])
        grant = RoleGrant.objects.get()
        for user in (self.ada, self.nia):
            with self.assertRaises(NotAllowed):
                accounts.confirm(grant.pk, by=user)
        self.save(self.max, self.ada, [Role.MANAGING, Role.SOURCE])
        self.confirm(self.max)
        self.assertEqual((self.roles(self.nia), self.roles(self.max)), ([], [Role.MANAGING]))

    def test_nobody_without_the_right_confirms(self):
        self.save(self.nia, self.ada, [Role.LEGAL])
        for user in (self.rana, self.edith, self.dana, self.leo, self.sami, self.mona):
            self.assertEqual(self.confirm(user).status_code, 403)
        self.assertEqual(self.roles(self.nia), [])

    def test_a_superuser_is_no_exception(self):
        root = User.objects.create_superuser("root", "root@paper.example", "pass")
        self.save(self.nia, root, [Role.MANAGING])
        self.assertEqual(self.roles(self.nia), [])
        self.confirm(root)
        self.assertEqual(self.roles(self.nia), [])
        self.confirm(self.otto)
        self.assertEqual(self.roles(self.nia), [Role.MANAGING])

    def test_a_second_administrator_who_ticks_it_confirms_it(self):
        self.save(self.nia, self.ada, [Role.EDITOR])
        self.save(self.nia, self.ada, [Role.EDITOR])
        self.assertEqual((self.roles(self.nia), RoleGrant.objects.count()), ([], 1))
        self.save(self.nia, self.otto, [Role.EDITOR])
        self.assertEqual(self.roles(self.nia), [Role.EDITOR])

    def test_a_role_is_confirmed_once_and_may_be_refused(self):
        self.save(self.nia, self.ada, [Role.EDITOR])
        grant = RoleGrant.objects.get()
        self.confirm(self.max, refuse="1")
        self.assertEqual(self.roles(self.nia), [])
        with self.assertRaises(WrongState):
            accounts.confirm(grant.pk, by=self.otto)

    def test_an_account_that_comes_back_into_use_has_its_power_confirmed(self):
        self.save(self.max, self.ada, [Role.MANAGING], is_active="")
        self.assertFalse(User.objects.get(pk=self.max.pk).is_active)
        self.save(self.max, self.ada, [Role.MANAGING], is_active="on")
        self.assertEqual(self.roles(self.max), [])
        self.confirm(self.otto)
        self.assertEqual(self.roles(self.max), [Role.MANAGING])

    def test_nobody_becomes_the_only_one_by_taking_roles_away(self):
        for user in (self.otto, self.max):
            self.save(user, self.ada, [])
        self.save(self.nia, self.ada, [Role.MANAGING])
        self.assertEqual(self.roles(self.nia), [])

    def test_the_first_account_of_an_empty_paper_needs_no_second(self):
        User.objects.filter(pk__in=[self.otto.pk, self.max.pk]).update(is_staff=True)
        for user in (self.otto, self.max):
            user.groups.clear()
        self.assertFalse(accounts.wants_a_second_person(self.ada))
        self.save(self.nia, self.ada, [Role.MANAGING])
        self.assertEqual(self.roles(self.nia), [Role.MANAGING])

    def test_without_four_eyes_a_role_takes_effect_at_once(self):
        self.publication.four_eyes = False
        self.publication.save()
        self.save(self.nia, self.ada, [Role.MANAGING])
        self.assertEqual(self.roles(self.nia), [Role.MANAGING])

    def test_today_and_the_account_say_what_waits(self):
        self.save(self.nia, self.ada, [Role.EDITOR])
        self.assertContains(self.client.get(reverse("admin:newsroom_user_change", args=[self.nia.pk])), "given by Ada")
        self.client.force_login(self.max)
        self.assertContains(self.client.get(reverse("admin:index")), "Nia: Editor")
        self.assertContains(self.client.get(LOG), "Confirm Nia as Editor")


class ToldTests(AccountsTestCase):
    def set_password(self, user, by, **more):
        self.client.force_login(by)
        sent = {"password1": "a-long-and-odd-one", "password2": "a-long-and-odd-one", "usable_password": "true",
                "set-password": "1"} | more  # fmt: skip
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse("admin:auth_user_password_change", args=[user.pk]), sent)

    def test_a_password_set_by_another_is_told_to_its_owner_and_managers(self):
        self.assertEqual(self.set_password(self.edith, self.ada).status_code, 302)
        self.assertEqual(self.mailed(), ["edith@paper.example", "max@paper.example"])
        self.assertEqual(self.log(), ["Ada set the password of Edith."])
        self.assertNotIn("a-long-and-odd-one", str([sent.body for sent in mail.outbox]))

    def test_a_password_that_was_refused_is_told_to_nobody(self):
        self.assertEqual(self.set_password(self.edith, self.ada, password2="another").status_code, 200)
        self.assertEqual((self.mailed(), self.log()), ([], []))

    def test_ones_own_password_is_logged_and_told_to_nobody(self):
        self.set_password(self.ada, self.ada)
        self.assertEqual((self.mailed(), len(self.log())), ([], 1))

    def test_an_address_set_by_another_is_told_at_both_addresses(self):
        self.save(self.edith, self.ada, [Role.EDITOR], email="elsewhere@evil.example")
        self.assertEqual(self.mailed(), ["edith@paper.example", "elsewhere@evil.example", "max@paper.example"])
        self.assertIn("from edith@paper.example to elsewhere@evil.example", self.log()[0])

    def test_a_new_account_is_told_to_its_owner_and_managers(self):
        self.client.force_login(self.ada)
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(
                reverse("admin:newsroom_user_add"),
                {"username": "newcomer", "first_name": "New", "last_name": "Comer", "email": "new@paper.example",
                 "usable_password": "true", "password1": "a-long-and-odd-one", "password2": "a-long-and-odd-one"},
            )  # fmt: skip
        self.assertEqual(self.mailed(), ["max@paper.example", "new@paper.example"])

    def test_the_log_says_which_roles_and_managing_editors_read_it(self):
        self.save(self.edith, self.ada, [Role.REPORTER, Role.LEGAL])
        self.confirm(self.max)
        self.client.force_login(self.max)
        page = self.client.get(LOG)
        for said in ("Ada made Edith Reporter.", "Ada took the role Editor from Edith.",
                     "Ada gave Edith the role Legal: it waits for a second person.",
                     "Max confirmed Edith as Legal, given by Ada."):  # fmt: skip
            self.assertContains(page, said)
        for user, status in ((self.ada, 200), (self.edith, 403), (self.leo, 403)):
            self.client.force_login(user)
            self.assertEqual(self.client.get(LOG).status_code, status)

    def test_the_log_is_paged_and_never_changed(self):
        for number in range(230):
            accounts.note(self.nia, "name", f"Line {number}.", by=self.ada)
        self.client.force_login(self.max)
        with self.assertNumQueries(7):  # session, user, publication, whether they confirm, groups, roles, lines
            page = self.client.get(LOG)
        self.assertContains(page, "Line 229.")
        self.assertNotContains(page, "Line 129.")
        self.assertContains(self.client.get(f"{LOG}?before={page.context['older']}"), "Line 129.")
        for change in (lambda rows: rows.update(text="Nothing."), lambda rows: rows.delete()):
            with self.assertRaises(IntegrityError), transaction.atomic():
                change(AccountEvent.objects.all())


class BylineTests(AccountsTestCase):
    def change(self, by, **changes):
        self.client.force_login(by)
        where = reverse("admin:articles_contributor_change", args=[self.rana_by.pk])
        return self.client.post(where, filled(self.client.get(where)) | changes)

    def test_an_editor_does_not_change_who_is_behind_a_byline(self):
        mine = Contributor.objects.create(name="Edith Author", user=self.edith)
        self.client.force_login(self.edith)
        where = reverse("admin:articles_contributor_change", args=[mine.pk])
        self.client.post(where, filled(self.client.get(where)) | {"user": "", "line": "Typed anew"})
        mine.refresh_from_db()
        self.assertEqual((mine.user, mine.line), (self.edith, "Typed anew"))

    def test_an_editor_makes_a_contributor_without_an_account(self):
        self.client.force_login(self.edith)
        self.client.post(reverse("admin:articles_contributor_add"), {"name": "New Name", "user": "max"})
        self.assertIsNone(Contributor.objects.get(name="New Name").user)

    def test_a_managing_editor_changes_it_and_the_log_says_so(self):
        self.change(self.max, user="rob")
        self.rana_by.refresh_from_db()
        self.assertEqual(self.rana_by.user, self.rob)
        self.assertEqual(self.log(), ["Max changed who is behind the byline Rana Aziz: Rana, now Rob."])
        self.change(self.max, user="")
        self.assertIn("Rob, now nobody.", self.log()[0])

    def test_an_administrator_changes_it_and_nothing_else(self):
        self.change(self.ada, user="rob", name="Another Name", line="Typed anew")
        before = (self.rana_by.name, self.rana_by.line)
        self.rana_by.refresh_from_db()
        self.assertEqual(self.rana_by.user, self.rob)
        self.assertEqual((self.rana_by.name, self.rana_by.line), before)
        self.assertEqual(self.log(), ["Ada changed who is behind the byline Rana Aziz: Rana, now Rob."])

    def test_a_byline_of_nobody_on_the_staff_is_refused_with_whom_it_may_mean(self):
        page = self.change(self.max, user="Ro")
        self.assertContains(page, "Nobody on the staff signs in as “Ro”. Do you mean rob (Rob)?", status_code=400)
        self.assertContains(page, 'value="Ro"', status_code=400)
        for odd in ("zzz", "ro\x00b", "x" * 151, str(self.rob.pk)):
            self.assertEqual(self.change(self.max, user=odd).status_code, 400, odd)
        self.rana_by.refresh_from_db()
        self.assertEqual((self.rana_by.user, self.log()), (self.rana, []))

    def test_a_change_of_something_else_leaves_no_line(self):
        self.change(self.max, line="Typed anew")
        self.assertEqual(self.log(), [])
