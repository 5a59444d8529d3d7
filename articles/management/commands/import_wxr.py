from django.core.management.base import BaseCommand, CommandError

from articles.exchange import filing, importing
from articles.exchange.wxr import Unreadable


class Command(BaseCommand):
    help = "Imports a WordPress export (WXR). A dry run, taken back whole, unless --commit is given."

    def add_arguments(self, parser):
        parser.add_argument("file", help="The export, an XML file.")
        parser.add_argument(
            "--map", help="CSV: a category's slug, the section that it becomes, and its slug if wanted."
        )
        parser.add_argument("--media", help="The folder with the old site's uploads, such as wp-content/uploads.")
        parser.add_argument("--section", default="News", help="Where stories without any go; made if missing (News).")
        parser.add_argument("--commit", action="store_true", help="Keep what is imported.")

    def handle(self, *, file, commit, **options):
        try:
            rows = filing.read_map(options["map"]) if options["map"] else None
            report = importing.import_export(
                file, section=options["section"], rows=rows, media=options["media"], commit=commit
            )
        except Unreadable as problem:
            raise CommandError(f"{problem} Nothing was imported.") from problem
        for line in report.lines():
            self.stdout.write(line)
        self.stdout.write("Imported." if commit else "A dry run: nothing is kept. Give --commit to import.")
        if report.failed:
            raise CommandError(f"{report.failed} items could not be imported; the report says which and why.")
