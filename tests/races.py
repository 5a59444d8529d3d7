"""Several processes at one database, as web servers are: run as a script on a database of its own, prints JSON.

    DATABASE_URL=… python -m tests.races publish --processes 4 --rounds 50
    DATABASE_URL=… python -m tests.races write --processes 8 --seconds 30
    DATABASE_URL=… python -m tests.races bar --rounds 50
    DATABASE_URL=… python -m tests.races post --processes 3 --rounds 40

The database is migrated and filled first, so an empty one will do.
"""

import argparse
import json
import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
FORK = multiprocessing.get_context("fork")
PATIENCE = 120  # seconds until somebody who does not come is missed


def prepare():
    """A database with tables and the cast, where one person may make every move."""
    import django

    django.setup()
    from django.core.management import call_command

    from newsroom.models import Publication

    from .base import Cast

    call_command("migrate", verbosity=0)
    Cast.assemble()
    Publication.objects.update(four_eyes=False)
    return Cast


def crowd_of(target, *all_arguments):
    """A process for each list of arguments, as a server forks its workers: what is imported they need not import.

    Each opens a connection of its own, and so does whoever calls this: no two may share one.
    """
    connections.close_all()
    crowd = [FORK.Process(target=target, args=arguments, daemon=True) for arguments in all_arguments]
    for process in crowd:
        process.start()
    return crowd


# --- the same story, published by everybody at once -------------------------------------------


def publish(processes, rounds):
    """Every round readies the story for the gate, lets all go at it with the same form, and counts what came of it."""
    cast = prepare()
    from articles.actions import take, writing
    from articles.models import State

    from .base import make_article

    tasks = [FORK.Queue() for _ in range(processes)]
    start, results = FORK.Barrier(processes), FORK.Queue()
    crowd = crowd_of(_publisher, *[(task, start, results) for task in tasks])
    article = make_article(cast, state=State.APPROVED)
    told, editions = [], []

    def make_move(move):
        article.refresh_from_db()
        take.take(article, move, by=cast.max, seen=take.seen_token(article))
        article.refresh_from_db()

    for number in range(rounds):
        if number:
            make_move("revise")
            article.headline = f"Six ports agree a rule, take {number}"
            article.save()
            writing.save_revision(article, by=cast.max, seen_version=article.version)
            make_move("submit")
            make_move("approve")
        for task in tasks:
            task.put((article.pk, take.seen_token(article)))
        told.append(Counter(results.get(timeout=PATIENCE) for _ in tasks))
        editions.append(article.editions.count())
    for task in tasks:
        task.put(None)
    for process in crowd:
        process.join(PATIENCE)
    spans = list(article.editions.order_by("number").values_list("live_from", "live_until"))
    return {
        "told": told,
        "editions": editions,
        "open": article.editions.filter(live_until=None).count(),
        "seamless": all(before[1] == after[0] for before, after in zip(spans, spans[1:], strict=False)),
        "transitions": article.transitions.filter(move="publish").count(),
    }


def _publisher(tasks, start, results):
    from articles.actions import take
    from articles.models import Article
    from newsroom.models import User

    chief = User.objects.get(username="max")
    while task := tasks.get(timeout=PATIENCE):
        pk, seen = task
        article = Article.objects.get(pk=pk)
        start.wait(PATIENCE)
        try:
            take.take(article, "publish", by=chief, seen=seen, waive=["*"], waive_note="a test of the gate")
            results.put("published")
        except Exception as error:
            results.put(type(error).__name__)


# --- somebody barred while their words are scheduled ----------------------------------------------


def bar(rounds):
    """Every round one schedules a story, one bars the person it quotes, one writes another story that quotes them."""
    cast = prepare()
    from articles.actions import take
    from articles.models import State

    from .base import make_article

    body = f'<p>Text. <q data-expert="{cast.expert.pk}" data-quote="q1">A rule is a rule</q></p>'
    article = make_article(cast, state=State.APPROVED, body=body)
    other = make_article(cast, by=cast.max, slug="other", body="<p>Text.</p>")
    told, slipped = [], 0
    deeds = (_scheduler, _barrer, _quoter)
    tasks = [FORK.Queue() for _ in deeds]
    start, results = FORK.Barrier(len(deeds)), FORK.Queue()
    crowd = crowd_of(_doer, *((deed, task, start, results) for deed, task in zip(deeds, tasks, strict=True)))
    for _ in range(rounds):
        seen = take.seen_token(article)
        for task in tasks:
            task.put((article.pk, other.pk, cast.expert.pk, seen))
        told.append(sorted(results.get(timeout=PATIENCE) for _ in deeds))
        slipped += article.editions.waiting().exists()
        cast.expert.bars.all().delete()
        article.refresh_from_db()
    for task in tasks:
        task.put(None)
    for process in crowd:
        process.join(PATIENCE)
    return {"told": told, "slipped": slipped, "scheduled": article.editions.count()}


def _doer(deed, tasks, start, results):
    while task := tasks.get(timeout=PATIENCE):
        start.wait(PATIENCE)
        try:
            results.put(deed(*task))
        except Exception as error:
            results.put(f"{deed.__name__}: {type(error).__name__}")


def _scheduler(article, other, expert, seen):
    from datetime import timedelta

    from articles.actions import take
    from articles.models import Article
    from newsroom import clock
    from newsroom.models import User

    at = clock.process_time() + timedelta(hours=1)
    asked = {"at": at, "waive": ["*"], "waive_note": "a test of the gate"}
    take.take(Article.objects.get(pk=article), "schedule", by=User.objects.get(username="max"), seen=seen, **asked)
    return "scheduled"


def _barrer(article, other, expert, seen):
    from experts.actions import bars
    from experts.models import Expert
    from newsroom.models import User

    sami = User.objects.get(username="sami")
    bars.set_bar(Expert.objects.get(pk=expert), by=sami, kind="quote", reason="Asked us not to")
    return "barred"


def _quoter(article, other, expert, seen):
    from articles.actions import writing
    from articles.models import Article
    from newsroom.models import User

    story = Article.objects.get(pk=other)
    quote = f'<q data-expert="{expert}" data-quote="q{story.version}">A rule is a rule</q>'
    story.body = "<p>Text.</p>" if "<q" in story.body else f"<p>Text. {quote}</p>"
    story.save()
    story.appearances.all().delete()
    writing.save_revision(story, by=User.objects.get(username="max"), seen_version=story.version)
    return "written"


# --- a busy desk ---------------------------------------------------------------------------------


def write(processes, seconds):
    """Everybody saves, submits and takes back a story of their own, as fast as the database lets them."""
    cast = prepare()
    from .base import make_article

    stories = [make_article(cast, by=cast.max, slug=f"story-{number}").pk for number in range(processes)]
    start, results = FORK.Barrier(processes), FORK.Queue()
    crowd = crowd_of(_writer, *[(pk, seconds, start, results) for pk in stories])
    found = [results.get(timeout=PATIENCE + seconds) for _ in crowd]
    for process in crowd:
        process.join(PATIENCE)
    from articles.models import Revision

    return {
        "saved": [saves for saves, _, _ in found],
        "slowest": max(slowest for _, slowest, _ in found),
        "errors": [error for *_, errors in found for error in errors],
        "revisions": Revision.objects.count() - processes,
    }


def _writer(pk, seconds, start, results):
    from articles.actions import take, writing
    from articles.models import Article
    from newsroom.models import User

    chief = User.objects.get(username="max")
    saves, slowest, errors = 0, 0, []
    start.wait(PATIENCE)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            article = Article.objects.get(pk=pk)
            article.body = f"<p>Take {saves}, according to the port authority.</p>"
            article.save()
            writing.save_revision(article, by=chief, seen_version=article.version)
            saves += 1
            for move in ("submit", "take-back"):
                article = Article.objects.get(pk=pk)
                take.take(article, move, by=chief, seen=take.seen_token(article))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
        slowest = max(slowest, time.monotonic() - began)
    results.put((saves, round(slowest, 2), errors))


# --- mail, by several workers of which one is killed --------------------------------------------


def post(processes, rounds):
    """Every worker sends what is in the post; one is killed while it sends. Counts how often each mail went out."""
    prepare()
    from django.test.utils import override_settings
    from django_tasks_db.models import DBTaskResult

    from newsroom import mail
    from newsroom.management.commands import worker
    from newsroom.models import Mail, User

    override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}).enable()
    mail.LEASE, worker.LOST = timedelta(seconds=1), timedelta(seconds=4)
    sent = Path(tempfile.mkdtemp()) / "sent"
    sent.touch()
    mail.EmailMessage.send = lambda message: _slow_server(sent, message)
    user = User.objects.get(username="rana")
    for number in range(rounds):
        mail.post(f"Mail {number}", "Text", about="test", users=[user])  # and a task for each
    crowd = crowd_of(_worker, *[()] * processes)
    while sent.read_text().count("\n") < rounds // 4:
        time.sleep(0.01)
    os.kill(crowd[0].pid, signal.SIGKILL)
    for process in crowd:
        process.join(PATIENCE)
    often = Counter(sent.read_text().split("\n")[:-1])
    return {
        "sent": len(often), "most": max(often.values()), "twice": sum(1 for times in often.values() if times > 1),
        "left": Mail.objects.count(), "exits": [process.exitcode for process in crowd],
        "tasks": dict(Counter(DBTaskResult.objects.values_list("status", flat=True))),
    }  # fmt: skip


def _slow_server(sent, message):
    with sent.open("a") as file:
        file.write(message.subject + "\n")
    time.sleep(0.02)


def _worker():
    from django_tasks_db.models import DBTaskResult

    from newsroom import clock, mail
    from newsroom.management.commands import worker
    from newsroom.models import Mail

    hand = worker.Worker()
    end = time.monotonic() + 60
    unfinished = ("READY", "RUNNING")

    while time.monotonic() < end:
        hand.run()
        if not Mail.objects.exists() and not DBTaskResult.objects.filter(status__in=unfinished).exists():
            break
        time.sleep(0.1)
        if Mail.objects.due(clock.process_time()).exists():
            mail.send_due.enqueue()  # as the timetable does every minute


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("race", choices=["publish", "write", "bar", "post"])
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    if asked.race == "bar":
        print(json.dumps(bar(asked.rounds)))
    elif asked.race == "post":
        print(json.dumps(post(asked.processes, asked.rounds)))
    elif asked.race == "publish":
        print(json.dumps(publish(asked.processes, asked.rounds)))
    else:
        print(json.dumps(write(asked.processes, asked.seconds)))
