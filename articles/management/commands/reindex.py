from django.core.management.base import BaseCommand

from articles import search


class Command(BaseCommand):
    help = "Builds the search index anew, for readers and for the desk. Readers find nothing new meanwhile."

    def handle(self, *args, **options):
        done = search.rebuild_index(report=lambda n: self.stdout.write(f"{n:,} …"))
        self.stdout.write(f"Indexed {done:,} editions and stories.")
