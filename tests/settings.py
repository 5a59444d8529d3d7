"""Settings for tests: production's, with a known secret, fast passwords and files in a temporary folder."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "only for tests, which guard nothing")
os.environ.setdefault("DEBUG", "off")

from newsroom.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A task is done where it is asked for; what the worker's table does, tests/newsroom/test_worker.py asks.
TASKS = {"default": {"BACKEND": f"{compat.TASKS}.backends.immediate.ImmediateBackend"}}  # noqa: F405
FILES = tempfile.mkdtemp(prefix="newsroom-tests-")
atexit.register(shutil.rmtree, FILES, ignore_errors=True)
MEDIA_ROOT = os.path.join(FILES, "media")
DRAFT_SECONDS = PRESENCE_SECONDS = 0  # a page sends nothing by itself, unless a test is about that
STATIC_ROOT = os.path.join(FILES, "static")
os.mkdir(STATIC_ROOT)  # WhiteNoise warns where there is none
STORAGES = {  # noqa: F405
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # A test database need not outlive a power cut: no commit waits for the disk.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
else:
    # A file, as in production: each thread has a connection of its own. One connection in memory, which a browser
    # test's server shares with the test itself, does not bear two threads at once; the cache of statements breaks.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(FILES, "test.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"  # noqa: F405
