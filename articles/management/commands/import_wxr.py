import time

from django.core.management.base import BaseCommand, CommandError

from articles.exchange import filing, importing, map_template, shortcode_rules, undo
from articles.exchange.unreadable import Unreadable
from newsroom.errors import Refused


class Command(BaseCommand):
    help = "Imports a WordPress export (WXR). A dry run, taken back whole, unless --commit is given."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="The export, an XML file.")
        parser.add_argument(
            "--map", help="CSV: a category's slug, the section that it becomes, and its slug if wanted."
        )
        parser.add_argument("--map-template", metavar="FILE", help="Write such a map to fill in, and import nothing.")
        parser.add_argument("--media", help="The folder with the old site's uploads, such as wp-content/uploads.")
        parser.add_argument("--section", default="News", help="Where stories without any go; made if missing (News).")
        parser.add_argument("--shortcodes", help="TOML: which shortcodes to drop, unwrap or keep.")
        parser.add_argument(
            "--type", action="append", default=[], dest="types", metavar="TYPE",
            help="A further kind of item that is a story, such as review; may be given again.",
        )  # fmt: skip
        parser.add_argument("--commit", action="store_true", help="Keep what is imported.")
        parser.add_argument(
            "--undo", nargs="?", type=int, const=0, metavar="RUN",
            help="Take back the rows of a run that nobody has changed since; the newest run, unless a number is given.",
        )  # fmt: skip

    def handle(self, *, file, commit, **options):
        if options["undo"] is not None:
            return self._undo(options["undo"], commit)
        if not file:
            raise CommandError("Say which file to import.")
        try:
            if options["map_template"]:
                count = map_template.write_template(file, options["map_template"])
                self.stdout.write(
                    f"{count} categories are in {options['map_template']}. Fill it in, and give it as --map."
                )
                return
            report = self._import(file, commit, options)
        except Unreadable as problem:
            raise CommandError(f"{problem} Nothing was imported.") from problem
        self._write(report.lines())
        self.stdout.write("Imported." if commit else "A dry run: nothing is kept. Give --commit to import.")
        if commit and report.run:
            self.stdout.write(f"This was run {report.run}; --undo {report.run} takes it back.")
        if report.failed:
            raise CommandError(f"{report.failed} items could not be imported; the report says which and why.")

    def _undo(self, number, commit):
        try:
            self._write(undo.undo_run(number, commit=commit))
        except Refused as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("Taken back." if commit else "A dry run: nothing is undone. Give --commit to undo.")

    def _import(self, file, commit, options):
        began = time.monotonic()

        def progress(done, total):
            seconds = time.monotonic() - began
            if options["verbosity"] and seconds > 2:
                self.stderr.write(f"{done:,} of {total:,} items, {seconds:.0f} seconds")

        return importing.import_export(
            file,
            section=options["section"],
            rows=filing.read_map(options["map"]) if options["map"] else None,
            media=options["media"],
            rules=shortcode_rules.read_rules(options["shortcodes"]) if options["shortcodes"] else None,
            types=options["types"],
            commit=commit,
            progress=progress,
        )

    def _write(self, lines):
        for line in lines:
            self.stdout.write(line)
