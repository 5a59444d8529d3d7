"""How a public page answers: what it may be cached by, its ETag, and 304 for a reader who has it already.

A page's own query brings the pulse along: `queryset.annotate(beat=pages.beat())`. The pulse says how
often what readers see has changed, and which scheduled moment passed last and comes next.
Together they key everything that is kept in the process, so nothing kept is ever deleted by hand.
"""

import hashlib
import threading
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import Expression, TextField
from django.http import HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string

from .. import clock, compat
from ..database.prepared import NOW, Question
from ..models import Instant, Pulse

SHARED_SECONDS = 10  # what a shared cache may lag behind a withdrawal


class Heartbeat(Expression):
    """The pulse and the scheduled moments around now, as one text column that `Beat.read` takes apart."""

    SQL = """(SELECT counter || ';' || rendering_version || ';' || comments
        || ';' || COALESCE({last}, '') || ';' || COALESCE({left}, '') || ';' || {newest} FROM {pulse} WHERE id = 1)"""
    SQLITE = {
        "last": "(SELECT MAX(at) FROM {instant} WHERE at <= {now})",
        "left": "(SELECT (julianday(MIN(at)) - julianday({now})) * 86400 FROM {instant} WHERE at > {now})",
        "newest": "newest",
    }
    POSTGRESQL = {
        "last": "(SELECT (MAX(at) AT TIME ZONE 'UTC')::text FROM {instant} WHERE at <= {now})",
        "left": "(SELECT EXTRACT(EPOCH FROM MIN(at) - {now})::text FROM {instant} WHERE at > {now})",
        "newest": "(newest AT TIME ZONE 'UTC')::text",
    }

    def __init__(self, at=None):
        super().__init__(output_field=TextField())
        self.at = at

    def _sql(self, parts, compiler):
        now, params = compiler.compile(self.at or clock.now())
        names = {"now": now, "instant": Instant._meta.db_table}
        filled = {name: sql.format(**names) for name, sql in parts.items()}
        return self.SQL.format(pulse=Pulse._meta.db_table, **filled), [*params] * 3

    def as_sql(self, compiler, connection):
        return self._sql(self.SQLITE, compiler)

    def as_postgresql(self, compiler, connection):
        return self._sql(self.POSTGRESQL, compiler)

    def get_group_by_cols(self):
        return []


def beat(at=None):
    """An expression to annotate a page's rows with, for `Beat.read`."""
    return Heartbeat(at)


class Beat(NamedTuple):
    """The state of everything that readers see, as one query read it."""

    counter: int = 0
    rendering: int = 1
    comments: int = 0
    last: str = ""  # the scheduled moment that passed last
    left: float | None = None  # seconds until the next one

    @classmethod
    def read(cls, text):
        """The beat from the text that `beat()` put into a row; the first beat where there is no pulse yet."""
        if not text:
            return cls()
        counter, rendering, comments, last, left, newest = text.split(";")
        clock.saw(newest, last)
        if last > newest and clock.frozen_at() is None:
            Pulse.objects.keep_begun(clock.parsed(last))
        return cls(int(counter), int(rendering), int(comments), last, float(left) if left else None)

    @classmethod
    def now(cls):
        """The beat alone, for a page whose own query returned no row; one query."""
        rows = _alone.bare()
        return cls.read(rows[0]["beat"] if rows else "")

    @property
    def key(self):
        """Equal for two beats between which nothing changed for readers, discussions aside."""
        return self.counter, self.last

    @property
    def state(self):
        """Equal for two beats between which nothing changed for readers, discussions included."""
        return self.counter, self.comments, self.last


_alone = Question(lambda: Pulse.objects.filter(pk=1).annotate(beat=beat(NOW)).values("beat"))


class Kept:
    """Things made once per state of the paper and kept in this process until that state is over."""

    _all = []

    def __init__(self, size=512):
        self.size = size
        self._states = {}
        self._lock = threading.Lock()
        Kept._all.append(self)

    def find(self, state, name):
        """The thing kept under this name in this state, or None."""
        return self._states.get(state, {}).get(name)

    def get(self, state, name, make):
        """What `make()` returned when first asked for under this name in this state."""
        try:
            return self._states[state][name]
        except KeyError:
            thing = make()  # outside the lock: two may make it at once, and either will do
        with self._lock:
            things = self._states.setdefault(state, {})
            while len(things) >= self.size:
                things.pop(next(iter(things)))
            things[name] = thing
            # A request that began before a change may still run: the state before is kept, too.
            while len(self._states) > 2:
                self._states.pop(next(iter(self._states)))
        return thing

    @classmethod
    def forget(cls):
        """Drop everything kept in this process: for tests, whose rollback turns the counter back."""
        for kept in cls._all:
            kept._states.clear()
        _copies.forget()


class PageWithFrames(bytes):
    """The text of a page, with the origins whose frames it may open."""

    def __new__(cls, text, origins):
        page = super().__new__(cls, text)
        page.origins = origins
        return page


def answer(request, template, context, *, pulse, status=200, mark="", content_type="text/html; charset=utf-8"):
    """Answer with a rendered template, or 304 where the reader's copy is this one.

    `context` is a dict, or a function that makes one, which is not asked for a 304. `mark` names
    whatever else the page depends on. Sets no cookie and reads nothing about the reader.
    """

    def body():
        return render_to_string(template, context() if callable(context) else context)

    return reply(request, body, pulse=pulse, status=status, mark=mark, content_type=content_type)


def reply(request, body, *, pulse, status=200, mark="", kept=None, until=None, content_type="text/html; charset=utf-8"):
    """As `answer`, with the text that `body()` returns.

    With `kept`, a (Kept, state, name), the text is made once. `until` is the moment up to which the page
    depends on nothing but its address and the state of the paper; `remembered` gives it again until then.
    """
    etag = f'W/"{_digest(pulse, mark)}"'
    if status == 200 and kept and until and not request.META.get("QUERY_STRING"):
        _copies.add(request.path_info, Copy(pulse, etag, kept, until))
    if status == 200 and has_copy(request, etag):
        return _headed(HttpResponseNotModified(), pulse, etag)
    text = kept[0].get(*kept[1:], body) if kept else body()
    response = HttpResponse(text, status=status, content_type=content_type)
    compat.allow_frames(response, getattr(text, "origins", ()))
    return _headed(response, pulse, etag if status == 200 else "")


def _headed(response, pulse, etag):
    if response.status_code == 304:
        compat.without_policy(response)
    if etag:
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control(pulse)
    return response


# --- the last answer at each address ---------------------------------------------------------------


class Copy(NamedTuple):
    """The answer given last at an address: the state of the paper then, and where its text is kept."""

    pulse: Beat
    etag: str
    kept: tuple
    until: datetime

    def as_of_now(self):
        """The present beat if the answer is still right, else None; one query."""
        pulse = Beat.now()
        if pulse.state == self.pulse.state and clock.process_time() < self.until:
            return pulse
        _copies.forget()
        return None


class Copies:
    """The last answer at each address, all from the newest state of the paper that this process has seen."""

    def __init__(self, size=4096):
        self.size = size
        self.forget()

    def forget(self):
        self._state, self._given = None, {}

    def add(self, path, copy):
        if copy.pulse.state != self._state or len(self._given) >= self.size:
            self._state, self._given = copy.pulse.state, {}
        self._given[path] = copy

    def at(self, request):
        """The last answer at an address, or None; none is kept for addresses with a query, which are without number."""
        return None if request.META.get("QUERY_STRING") else self._given.get(request.path_info)


_copies = Copies()


def unchanged(request):
    """304 for a reader who has the page as it is now; None where only the view can tell.

    It runs before all other middleware, since a public page depends on no session. The state of the
    paper, asked of the database now, decides; one query.
    """
    if "HTTP_IF_NONE_MATCH" not in request.META or request.method not in ("GET", "HEAD"):
        return None
    copy = _copies.at(request)
    if copy is None or not has_copy(request, copy.etag):
        return None
    request.get_host()  # refuses a host that is not ours, as later middleware would
    pulse = copy.as_of_now()
    return pulse and _headed(HttpResponseNotModified(), pulse, copy.etag)


def remembered(view):
    """Decorate a view of `kept` pages: while the paper's state is the same, the kept page is given again.

    Only the beat is queried then, which costs less than any page's own query.
    """

    @wraps(view)
    def again(request, *args, **kwargs):
        copy = _copies.at(request)
        text = copy and copy.kept[0].find(*copy.kept[1:])
        pulse = text and copy.as_of_now()
        if not pulse:
            return view(request, *args, **kwargs)
        response = HttpResponse(text)
        compat.allow_frames(response, getattr(text, "origins", ()))
        return _headed(response, pulse, copy.etag)

    return again


def has_copy(request, etag):
    """Whether the request says that its sender has the page with this ETag, or "*": any page at all.

    Caches on the way may have made a strong tag weak, which says the same here.
    """
    held = request.META.get("HTTP_IF_NONE_MATCH")
    if not held or settings.DEBUG:
        return False
    held, etag = [one.strip().removeprefix("W/") for one in held.split(",")], etag.removeprefix("W/")
    return etag in held or held == ["*"]


def cache_control(pulse):
    """How long others may keep it: never past the next moment at which it may change by itself."""
    seconds = SHARED_SECONDS if pulse.left is None else max(0, min(SHARED_SECONDS, int(pulse.left)))
    return f"public, max-age=0, must-revalidate, s-maxage={seconds}"


def _digest(pulse, mark):
    return hashlib.sha1(f"{pulse.key}{release()}{settings.SITE_URL}{mark}".encode(), usedforsecurity=False).hexdigest()[
        :24
    ]


@cache
def release():
    """What pages look like in this release: another after templates, styles or the code of the site changed."""
    digest = hashlib.sha1(usedforsecurity=False)
    for folder, pattern in (
        ("templates", "**/*.html"),
        ("articles", "**/*.py"),
        ("experts", "**/*.py"),
        ("newsroom", "**/*.py"),
    ):
        for path in sorted((settings.BASE_DIR / folder).glob(pattern)):
            digest.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()[:12]
