"""Every command that README and the docs show runs, or is checked as far as a test can.

They run in a copy of the repository with an SQLite database of its own, under this run's virtual environment. Those of
more than ten seconds are marked `nightly` and run where EVERYTHING is set.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from .articles import wxr
from .test_docs import DOCS, ROOT

pytestmark = [pytest.mark.xdist_group("commands of the docs")]

MANAGE = ".venv/bin/python manage.py"
BEGINS = re.compile(
    r"(make|bash|install|pip|curl|docker|gunicorn|sqlite3|pg_dump|apt|python3?|manage\.py|\.venv/bin/\w+|\.ci/\w+)(?= )"
    r"|make$"
)
BARE = {"createsuperuser", "runserver"}  # the README names them without what goes before
LEFT_OUT = (".git", ".venv*", ".env", "media", "staticfiles", "*.sqlite3*", "__pycache__", ".hypothesis")


@dataclass
class Run:
    """How a command is run: what is added to it, and the address that is asked where it starts a server."""

    added: str = ""
    asks: str = ""
    first: str = ""  # what House.prepare does before
    then: tuple = ()  # what is added when it is run again
    variables: dict = field(default_factory=dict)
    nightly: bool = False


def nightly(added="", **more):
    """A command of more than ten seconds, or one that needs what such a command made."""
    return Run(added, nightly=True, **more)


PAPER = {"Host": "paper.example", "X-Forwarded-Proto": "https"}
# In this order, in one copy: README's own newspaper, the server of docs/deploy.md, the demonstration.
RUN = {
    "make": Run(),
    "install -m 600 .env.example .env": Run(),
    ".venv/bin/python tests/test_rooms.py": Run(),
    ".venv/bin/python tests/test_rooms.py --files": Run(),
    ".venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))'": Run(),
    f"{MANAGE} makemigrations": Run(first="README's .env"),
    f"{MANAGE} runserver": Run("--noreload 127.0.0.1:PORT", asks="/healthz", first="README's .env"),
    f"{MANAGE} migrate": nightly(),
    f"{MANAGE} createsuperuser": nightly(
        "--noinput --username dana --email dana@paper.example",
        variables={"DJANGO_SUPERUSER_PASSWORD": "only for this test"},
    ),
    "make run": nightly("PORT=PORT", asks="/admin/login/"),
    f"{MANAGE} import_wxr export.xml": nightly(first="an export", then=("--commit",)),
    f"{MANAGE} check": Run(first="the settings of docs/deploy.md"),
    f"{MANAGE} check --deploy": Run(),
    f"{MANAGE} check --deploy --database default": nightly(),
    f"{MANAGE} collectstatic --noinput": nightly(),
    f"{MANAGE} reseal": nightly(),
    f"{MANAGE} worker --once": nightly(),
    ".venv/bin/granian --interface wsgi --host 127.0.0.1 --port 8000 --workers 2 --blocking-threads 8"
    " --respawn-failed-workers newsroom.wsgi:application": nightly(asks="/readyz"),
    f"{MANAGE} bench": nightly("--rounds 1 --requests 2"),
    "make demo": nightly("PORT=PORT", asks="/", first="no .env"),
    "make bench": nightly("BENCH='--rounds 1 --requests 2'", first="README's .env"),
    "make check": nightly(),
    "make clean": nightly(),
}
# Pattern of a command: why no test runs it.
NOT_RUN = {
    r"apt install .*": "needs root",
    r"(\.venv/bin/)?pip install -r \S+": "would change the environment that the tests run in",
    r"python3 -m venv .venv": "the same",
    r"make test(-\w+)?": "would run this test within itself",
    r"bash \.ci/run( .*)?|\.ci/run .*": "the same",
    r"gunicorn newsroom\.wsgi": "is named as another server; it is no dependency",
    r"\.venv/bin/python manage\.py worker": "runs until it is told to end; tests/newsroom/test_worker.py starts it",
    r"\.venv/bin/python tests/browser/effort\.py .*": "walks through a demonstration that somebody has started",
    r"sqlite3 db\.sqlite3 .*": "the program is not installed everywhere",
    r"pg_dump .*": "the same, and needs PostgreSQL",
    r"\.venv/bin/python manage\.py import_(wxr|experts)( (FILE|--undo) .*)?": "a synopsis; other tests run it",
}


def shown():
    """Every command that README and the docs show, once, as somebody in the repository's folder would type it."""
    found = {}
    for page in DOCS:
        fence = False
        for line in page.read_text().splitlines():
            if line.startswith("```"):
                fence = not fence
            elif fence:
                found[_typed(re.sub(r"\s+#.*", "", line.strip()))] = page.name
            else:
                for quoted in re.findall(r"`([^`]+)`", line):
                    found[_typed(quoted)] = page.name
    return {command: page for command, page in found.items() if command}


def _typed(text):
    """A command in its one spelling, or "" for anything else."""
    if text in BARE:
        return f"{MANAGE} {text}"
    if not BEGINS.match(text):
        return ""
    text = re.sub(r"^(?:\.venv/bin/|\b)python manage\.py|^manage\.py", MANAGE, text)
    return re.sub(r"^python(?= )", ".venv/bin/python", text)


def why_not(command):
    return next((why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, command)), "")


def test_every_command_of_the_docs_is_run_or_says_why_not():
    commands = shown()
    left = [f"{page}: {command}" for command, page in commands.items() if command not in RUN and not why_not(command)]
    assert not left, "neither run nor excused:\n" + "\n".join(left)
    assert not RUN.keys() - commands.keys(), "no page shows it any more"
    assert not [command for command in RUN if why_not(command)]
    idle = [pattern for pattern in NOT_RUN if not any(re.fullmatch(pattern, command) for command in commands)]
    assert not idle, "no page shows it any more"


def test_every_option_of_a_management_command_exists():
    wrong, seen = [], 0
    for command in shown():
        if not command.startswith(f"{MANAGE} "):
            continue
        name, _, rest = command.removeprefix(f"{MANAGE} ").partition(" ")
        app = get_commands()[name]
        parser = (load_command_class(app, name) if isinstance(app, str) else app).create_parser("manage.py", name)
        options = re.findall(r"(?<![\w-])--?[a-z][\w-]*", rest)
        seen += len(options)
        wrong += [f"{command}: {option}" for option in options if option not in parser._option_string_actions]
    assert seen > 5 and not wrong, wrong


def test_every_file_and_target_that_excused_commands_name_exists(tmp_path):
    for command in filter(why_not, shown()):
        words = shlex.split(command)
        if "-r" in words:
            assert (ROOT / words[words.index("-r") + 1]).is_file(), command
        if words[0] == "make":
            subprocess.run([*words, "-n"], cwd=ROOT, check=True, capture_output=True, timeout=60)
        if words[0] == "bash":
            subprocess.run(["bash", "-n", words[1]], cwd=ROOT, check=True, capture_output=True, timeout=60)


# --- running them ---------------------------------------------------------------------------------------


class House:
    """A copy of the repository in which commands are run as on a machine where nothing is set."""

    def __init__(self, folder):
        self.folder = folder / "newsroom"
        shutil.copytree(ROOT, self.folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self.bring_environment()

    def bring_environment(self):
        """A `.venv` that is this run's: its programs and packages linked, its stamps for make in the copy."""
        here, there = Path(sys.prefix), self.folder / ".venv"
        (there / "bin").mkdir(parents=True)
        for name in ("lib", "lib64", "include", "share", "pyvenv.cfg"):
            if (here / name).exists():
                (there / name).symlink_to(here / name)
        for program in (here / "bin").iterdir():
            if not program.name.startswith(".installed"):
                (there / "bin" / program.name).symlink_to(program)
        for stamp in (".installed", ".installed-dev"):
            (there / "bin" / stamp).touch()

    def prepare(self, what):
        env = self.folder / ".env"
        if what == "an export":
            (self.folder / "export.xml").write_text(EXPORT)
        elif what == "the settings of docs/deploy.md":
            settings = re.search(r"```\n(DEBUG=off\n.*?)```", (ROOT / "docs/deploy.md").read_text(), re.DOTALL)[1]
            env.write_text(re.sub(r"…[^\n]*…", lambda _: os.urandom(40).hex(), settings))
        elif what == "README's .env":
            shutil.copy(self.folder / ".env.example", env)
        elif what == "no .env":
            env.unlink(missing_ok=True)

    def environ(self, more):
        kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
        return {name: os.environ[name] for name in kept if name in os.environ} | more

    def run(self, command, how):
        """Run a command to its end, or ask the server that it starts for one page and stop it."""
        self.prepare(how.first)
        port = free_port()
        text = re.sub(r"--port 8000|(PORT=|:)PORT", lambda m: f"{m[1] or '--port '}{port}", f"{command} {how.added}")
        if how.asks:
            return self.serve(text, f"http://127.0.0.1:{port}{how.asks}", how)
        for more in ("", *how.then):
            done = subprocess.run(
                ["bash", "-c", f"{text} {more}"], cwd=self.folder, env=self.environ(how.variables), timeout=900,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            assert done.returncode == 0, f"{text} {more}\n{done.stdout}"
        return done.stdout

    def serve(self, text, address, how):
        log = self.folder / "server.log"
        with log.open("w") as output:
            server = subprocess.Popen(
                ["bash", "-c", f"exec {text}"], cwd=self.folder, env=self.environ(how.variables), stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            assert answer_of(address, server) == 200, log.read_text()
        finally:
            server.terminate()  # a server ends its workers itself, and make what it runs
            with suppress(subprocess.TimeoutExpired):
                server.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)  # what is left of them
            server.wait(30)
        return log.read_text()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer_of(address, server, patience=600):
    """The status of a page, asked until its server answers or has ended; then 0."""
    until = time.monotonic() + patience
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=headers(address)), timeout=60) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    return 0


def headers(address):
    return PAPER if address.endswith("/readyz") else {}


EXPORT = wxr.export(wxr.item(12, title="Six ports close", inside=wxr.term("world", "World")))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return House(tmp_path_factory.mktemp("docs"))


COMMANDS = [pytest.param(command, marks=pytest.mark.nightly if how.nightly else ()) for command, how in RUN.items()]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_docs_runs(house, command):
    house.run(command, RUN[command])
