"""Static files as production serves them: modules that import each other find each other under hashed names."""

import re
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from newsroom.web.staticfiles import StaticStorage

IMPORT = re.compile(r'from "(\./[^"]+)"')


class ModuleTests(SimpleTestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="newsroom-static-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(settings.BASE_DIR / "static" / "desk", self.root / "desk")
        self.storage = StaticStorage(location=str(self.root), base_url="/static/")
        paths = {str(p.relative_to(self.root)): (self.storage, str(p.relative_to(self.root))) for p in self._files()}
        for name, _, processed in self.storage.post_process(paths):
            self.assertNotIsInstance(processed, Exception, name)

    def _files(self):
        return [path for path in self.root.rglob("*") if path.is_file()]

    def test_every_import_of_the_editor_names_a_hashed_file_that_is_there(self):
        entries = ("desk/newsroom.js", "desk/editor/voices.js")  # what pages load; the rest is imported
        seen, ahead = set(), [self.root / self.storage.stored_name(name) for name in entries]
        while ahead:
            module = ahead.pop()
            seen.add(module)
            for name in IMPORT.findall(module.read_text()):
                target = (module.parent / name).resolve()
                self.assertRegex(target.name, r"^\w+\.[0-9a-f]{12}\.js$")
                self.assertTrue(target.exists(), target.name)
                if target not in seen:
                    ahead.append(target)
        ours = {path.name for path in (settings.BASE_DIR / "static" / "desk" / "editor").rglob("*.js")}
        self.assertEqual({module.name.split(".")[0] + ".js" for module in seen} - {"newsroom.js"}, ours)


class DialogTests(SimpleTestCase):
    def test_the_desk_never_asks_by_the_browsers_own_boxes(self):
        for path in (settings.BASE_DIR / "static").rglob("*.js"):
            with self.subTest(path=path.name):
                self.assertNotRegex(path.read_text(), r"(?<![\w.])(?:window\.)?(?:prompt|confirm|alert)\(")


class DjangoTests(SimpleTestCase):
    def test_django_still_has_the_private_names_that_the_storage_uses(self):
        for name in ("_js_module_import_aggregation_patterns", "_save", "post_process", "patterns"):
            self.assertTrue(hasattr(StaticStorage, name), f"Django moved {name}: see newsroom/web/staticfiles.py")
