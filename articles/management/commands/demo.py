import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.demo.build import Builder, tell_of_open_stories
from articles.demo.cast import PASSWORD, STAFF
from newsroom.models import Publication, User

PAPER_NAME = "The Saltmarsh Courier"


class Command(BaseCommand):
    help = "Build the demonstration newspaper in an empty database; safe to run again."

    def add_arguments(self, parser):
        parser.add_argument("--logins", action="store_true", help="Only print the addresses and logins.")

    def handle(self, *, logins, **options):
        if not logins:
            self.build()
        else:
            self.logins()

    def build(self):
        publication = Publication.objects.current()
        if publication and publication.name == PAPER_NAME:
            self.stdout.write("The demonstration is here already.")
            return
        if publication or User.objects.exists():
            raise CommandError("This database is somebody's newspaper; the demonstration wants an empty one.")
        started = time.monotonic()
        with transaction.atomic():
            Builder(say=self.stdout.write).build()
        tell_of_open_stories()
        self.stdout.write(f"Built in {time.monotonic() - started:.0f} s.")

    def logins(self):
        self.stdout.write(f"\n{PAPER_NAME}: {settings.SITE_URL}/   The desk: {settings.SITE_URL}/admin/\n")
        self.stdout.write(f"Password for everyone: {PASSWORD}\n")
        for username, (first, last, role, sections, _) in STAFF.items():
            where = f" ({', '.join(sections)})" if sections else ""
            self.stdout.write(f"  {username:<8}{first} {last}, {role}{where}")
        self.stdout.write("")
