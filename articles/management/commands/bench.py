"""How fast readers' pages are, beside a bare Django view: figures that can be quoted, from one process and one run."""

import gc
import statistics
import sys
import time
from io import BytesIO
from urllib.parse import unquote

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import path

from articles.models import Edition

# what: the least that DESIGN §9 requires of its throughput beside the bare view, and what is wanted
THROUGHPUT_BOUNDS = {"story": (0.5, 0.65), "section": (0.5, 0.7), "home": (None, None), "304": (0.75, 0.9)}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=21, help="interleaved rounds, whose medians count")
        parser.add_argument("--requests", type=int, default=40, help="requests of each kind in a round")

    def handle(self, *, rounds, requests, **options):
        if settings.DEBUG:
            raise CommandError("Measure what readers get: DEBUG=off.")
        if rounds < 1 or requests < 1:
            raise CommandError("At least one round of one request.")
        edition = Edition.objects.live().filter(section__visible=True).select_related("section").newest_first().first()
        if edition is None:
            raise CommandError("No story is live here. `make demo-build` makes a newspaper.")
        pages = {
            "story": MeasuredPage(edition.path),
            "section": MeasuredPage(edition.section.get_absolute_url()),
            "home": MeasuredPage("/"),
        }
        pages["304"] = MeasuredPage(edition.path, seen=pages["story"].etag)
        pairs = {name: (page, page.bare()) for name, page in pages.items()}
        for pair in pairs.values():  # warm, as a worker is
            for page in pair:
                page.ask(requests)
        taken = {name: ([], []) for name in pairs}
        gc.collect()
        gc.disable()
        try:
            for _ in range(rounds):
                for name, pair in pairs.items():
                    for page, times in zip(pair, taken[name], strict=True):
                        times.append(page.ask(requests) / requests)
        finally:
            gc.enable()
        self.tell(pages, taken)

    def tell(self, pages, taken):
        self.stdout.write(f"{'':10}{'bytes':>9}{'ms':>9}{'bare ms':>9}{'÷ bare':>8}{'required':>10}{'wanted':>8}")
        for name, (ours, bare) in taken.items():
            ours, bare = statistics.median(ours), statistics.median(bare)
            required, wanted = ("–" if asked is None else f"{asked:.2f}" for asked in THROUGHPUT_BOUNDS[name])
            self.stdout.write(
                f"{name:10}{pages[name].size:>9}{ours * 1000:>9.3f}{bare * 1000:>9.3f}{bare / ours:>8.2f}"
                f"{required:>10}{wanted:>8}"
            )
        self.stdout.write(
            "CPU of the process per request, medians; ÷ bare: throughput beside a bare view of as many bytes, with an"
            f" ETag, under the same middleware. Python {sys.version.split()[0]}, {connection.vendor}."
        )


class MeasuredPage:
    """One address of the application, requested as a server does. `seen` is an ETag that the reader has."""

    def __init__(self, address, *, seen="", urls=None):
        self.handler = WSGIHandler()
        if urls:
            self.handler.request_class = type("BareRequest", (WSGIRequest,), {"urlconf": urls})
        self.environ = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": unquote(address).encode().decode("latin-1"),
            "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip("."),
            "wsgi.url_scheme": "https" if settings.SECURE_SSL_REDIRECT else "http", "wsgi.errors": sys.stderr,
        }  # fmt: skip
        if seen:
            self.environ["HTTP_IF_NONE_MATCH"] = seen
        self.expected, self.seen = ("304" if seen else "200"), seen
        self.size, self.etag = self.once()

    def once(self):
        """One answer: how many bytes it had, and its ETag. Raises CommandError for another status."""
        answer = {}

        def start(status, headers, exc_info=None):
            answer["status"], answer["headers"] = status, dict(headers)

        response = self.handler(self.environ | {"wsgi.input": BytesIO()}, start)
        size = sum(len(chunk) for chunk in response)
        response.close()
        if not answer["status"].startswith(self.expected):
            raise CommandError(f"{self.environ['PATH_INFO']} answers {answer['status']}, not {self.expected}.")
        return size, answer["headers"].get("ETag", "")

    def ask(self, times):
        """The seconds of CPU that so many answers take, each as large as the first."""
        begun = time.process_time()
        sizes = {self.once()[0] for _ in range(times)}
        spent = time.process_time() - begun
        if sizes != {self.size}:
            raise CommandError(f"{self.environ['PATH_INFO']} changed while it was measured.")
        return spent

    def bare(self):
        """A view that answers the same number of bytes and the same way to an ETag, and does nothing else."""
        body, etag = "x" * self.size, '"bare"'

        def view(request):
            if request.headers.get("If-None-Match") == etag:
                return HttpResponseNotModified(headers={"ETag": etag})
            return HttpResponse(body, headers={"ETag": etag})

        return MeasuredPage("/bare/", seen=etag if self.seen else "", urls=(path("bare/", view),))
