"""The server as the docs start it: how many connections it holds, and what it does when a worker dies."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import SimpleTestCase, TestCase

from ..engines import empty_database
from ..extent import EVERYTHING

pytestmark = pytest.mark.engines

ROOT = Path(settings.BASE_DIR)
# Every file that starts the server, and how it is written there.
COMMAND = re.compile(r"granian(?:\", \"| )--interface.*newsroom\.wsgi:application")
PLACES = ("Makefile", "Dockerfile", "docs/deploy.md")
READERS, WORKERS = 30, 2
BURSTS = 4 if EVERYTHING else 2


def command_in(place):
    """The words of the server's command in a file, without the program, the address and the application."""
    text = re.sub(r"\\\n\s*", "", (ROOT / place).read_text())  # a long line is one
    [found] = COMMAND.findall(text)
    text = " ".join(found.replace('", "', " ").replace('"', "").split()[1:-1])
    return re.sub(r"--(host|port) \S+ ?", "", text).split()


def command_of_docs():
    """The command as docs/deploy.md has it, with this run's programs."""
    [line] = re.findall(r"^\.venv/bin/granian .*$", (ROOT / "docs/deploy.md").read_text(), re.MULTILINE)
    return [str(Path(sys.prefix, "bin", "granian")), *shlex.split(line)[1:]]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The documented server on a port of its own, with a database of its own."""

    def __init__(self, url):
        self.port = free_port()
        command = command_of_docs()
        command[command.index("--port") + 1] = str(self.port)
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            # The shortest that granian allows, so that threads come and go while a test looks on.
            "GRANIAN_BLOCKING_THREADS_IDLE_TIMEOUT": "5",
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True
        )
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, path, timeout=20):
        """The status of a page; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait(self, seconds=60):
        until = time.monotonic() + seconds
        while self.ask("/healthz") != 200:
            assert time.monotonic() < until and self.process.poll() is None, "the server does not start"
            time.sleep(0.2)

    def burst(self, path):
        """The statuses of as many readers at once."""
        with ThreadPoolExecutor(READERS) as crowd:
            return set(crowd.map(self.ask, [path] * READERS))

    def workers(self):
        """The processes that answer: the children of the one that was started."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [pid for pid in map(int, text.split()) if b"resource_tracker" not in _command_line(pid)]

    def stop(self):
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


def _command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _handles_on(path, pid):
    held = 0
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held += os.readlink(handle) == path
    return held


@contextmanager
def running():
    with empty_database() as url:
        server = Server(url)
        try:
            server.wait()
            yield server, url
        finally:
            server.stop()


class CommandTests(SimpleTestCase):
    def test_every_place_starts_the_server_alike(self):
        commands = {place: command_in(place) for place in PLACES}
        self.assertEqual(len({tuple(words) for words in commands.values()}), 1, commands)

    def test_the_server_has_few_threads_and_brings_dead_workers_back(self):
        words = command_in("docs/deploy.md")
        self.assertIn("--respawn-failed-workers", words)
        self.assertIn("--blocking-threads", words)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Only Linux says which processes and files there are.")
class ServerTests(TestCase):
    def threads(self):
        line = command_of_docs()
        return int(line[line.index("--blocking-threads") + 1])

    def test_bursts_of_readers_leave_no_connections_behind(self):
        with running() as (server, url):
            workers, held = server.workers(), []
            for _ in range(BURSTS):
                self.assertEqual(server.burst("/nowhere/"), {404})  # asks the database, and needs no rows
                held.append(self.connections(server, url))
                time.sleep(8)  # past the threads' idle time
            self.assertEqual(server.workers(), workers, "a worker died and was replaced")
        # SQLite keeps the handle of a closed connection for the next one, so there it may hold each twice.
        most = WORKERS * self.threads() * (1 if connection.vendor == "postgresql" else 2)
        self.assertLessEqual(max(held), most, held)

    def connections(self, server, url):
        """Connections to PostgreSQL, or handles on SQLite's own file, that the server holds."""
        if connection.vendor == "sqlite":
            return sum(_handles_on(url.removeprefix("sqlite:///"), pid) for pid in server.workers())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees one moment for ever
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [url.rpartition("/")[2]])
            return cursor.fetchone()[0]

    def test_a_killed_worker_is_replaced(self):
        with running() as (server, _):
            before = server.workers()
            self.assertEqual(len(before), WORKERS)
            os.kill(before[0], signal.SIGKILL)
            time.sleep(1)
            until = time.monotonic() + 30
            while set(server.workers()) == set(before) or len(server.workers()) < WORKERS:
                self.assertLess(time.monotonic(), until, "no worker came back")
                self.assertIsNone(server.process.poll(), "the whole server ended")
                time.sleep(0.2)
            self.assertEqual(server.burst("/readyz"), {200})
