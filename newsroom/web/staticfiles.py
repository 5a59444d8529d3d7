"""How static files are kept in production: under names made from their contents, compressed.

Two names here are private to Django: `_js_module_import_aggregation_patterns` and `Storage._save`.
tests/newsroom/test_staticfiles.py fails, naming them, on a Django that moved them.
"""

import re

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
# Our own modules, whose relative imports must name the hashed files. Not those of libraries: Django's patterns would
# run over half a megabyte of minified code.
MODULES = ("desk/*.js", "js/*.js")


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the style sheet of the readers' pages joined into one file.

    Components are written one a file, which `site.css` imports; a reader's browser should
    ask once, not once a component.
    """

    patterns = CompressedManifestStaticFilesStorage.patterns + tuple(
        (files, CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]) for files in MODULES
    )

    def post_process(self, paths, dry_run=False, **options):
        if SHEET in paths and not dry_run:
            source, name = paths[SHEET]
            joined = join_imports(lambda part: source.open(part).read().decode(), name)
            self.delete(SHEET)
            self._save(SHEET, ContentFile(joined.encode()))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def join_imports(read, name):
    """The text of a style sheet with what it imports in place of each import, without comments and needless space.

    Meant for our own sheets: addresses in the parts are relative to the whole, and no string holds a brace,
    semicolon or comma.
    """
    folder = name.rpartition("/")[0]
    text = re.sub(r'@import "(.+?)";', lambda match: read(f"{folder}/{match[1]}"), read(name))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", text).replace(": ", ":").strip()
