"""Several processes at once: one of them wins, the rest are told, and nobody meets a locked database."""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import SimpleTestCase

from ..engines import only_on
from ..extent import EVERYTHING

# In a parallel run one worker takes them one after another: each of them wants every core.
pytestmark = [pytest.mark.slow, pytest.mark.engines, pytest.mark.xdist_group("races")]


@contextmanager
def database():
    """The address of an empty database on the engine that this run is about, gone afterwards."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/paper.sqlite3"
        return
    server = connection.settings_dict
    account = {"user": server["USER"], "password": server["PASSWORD"] or None}
    where = {"host": server["HOST"], "port": server["PORT"] or None}
    name = f"test_races_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(**account, **where, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            password = f":{account['password']}" if account["password"] else ""
            yield f"postgres://{account['user']}{password}@{where['host']}:{where['port'] or 5432}/{name}"
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def race(*arguments):
    """What `tests/races.py` found, in a database of its own."""
    with database() as url:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.races", *map(str, arguments)],
            env=os.environ | {"DATABASE_URL": url}, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=600,
            check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


class PublishingRaceTests(SimpleTestCase):
    databases = ["default"]  # one of the same engine, through processes of its own

    def test_four_who_publish_at_once_make_exactly_one_edition(self):
        rounds = 50 if EVERYTHING else 10
        found = race("publish", "--processes", 4, "--rounds", rounds)
        self.assertEqual(found["told"], [{"published": 1, "Stale": 3}] * rounds)
        self.assertEqual(found["editions"], list(range(1, rounds + 1)))
        self.assertEqual((found["open"], found["seamless"], found["transitions"]), (1, True, rounds))


class BarringRaceTests(SimpleTestCase):
    databases = ["default"]

    def test_nobody_is_scheduled_past_a_bar_that_is_set_meanwhile(self):
        rounds = 40 if EVERYTHING else 12
        found = race("bar", "--rounds", rounds)
        ends = [["_scheduler: Blocked", "barred", "written"], ["barred", "scheduled", "written"]]
        self.assertEqual([told for told in found["told"] if told not in ends], [])
        self.assertEqual(found["slipped"], 0, "words of somebody barred wait for their hour")


class PostRaceTests(SimpleTestCase):
    databases = ["default"]

    def test_a_worker_killed_while_it_sends_loses_no_mail_and_doubles_one_at_most(self):
        rounds = 40 if EVERYTHING else 20
        found = race("post", "--processes", 3, "--rounds", rounds)
        self.assertEqual((found["sent"], found["left"]), (rounds, 0))
        self.assertLessEqual(found["most"], 2)
        self.assertLessEqual(found["twice"], 1, "the one that was on its way when the worker died")
        self.assertEqual(found["exits"], [-9, 0, 0])
        self.assertEqual(set(found["tasks"]), {"SUCCESSFUL"})


@only_on("sqlite")
class WritingRaceTests(SimpleTestCase):
    def test_eight_writers_never_meet_a_locked_database(self):
        found = race("write", "--processes", 8, "--seconds", 30 if EVERYTHING else 5)
        self.assertEqual(found["errors"], [])
        self.assertGreater(min(found["saved"]), 0, "somebody never got their turn")
        self.assertEqual(found["revisions"], sum(found["saved"]))  # what was said to be saved is there
