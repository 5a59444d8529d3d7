"""Several processes at one database, as web servers are: run as a script on a database of its own, prints JSON.

    DATABASE_URL=… python -m tests.races publish --processes 4 --rounds 50
    DATABASE_URL=… python -m tests.races write --processes 8 --seconds 30

The database is migrated and filled first, so an empty one will do.
"""

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter

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


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("race", choices=["publish", "write"])
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    if asked.race == "publish":
        print(json.dumps(publish(asked.processes, asked.rounds)))
    else:
        print(json.dumps(write(asked.processes, asked.seconds)))
