"""The diary of the demonstration: what its editors have planned, from diary.toml."""

import datetime as dt
import tomllib
from pathlib import Path

from articles.actions import planning
from articles.models import Article
from newsroom import paper

LINES = Path(__file__).parent / "diary.toml"


def write_diary(articles, users, now):
    """Enter what is planned of some stories, given as {key: Article}, as their managing editor would."""
    for row in tomllib.loads(LINES.read_text(encoding="utf-8"))["line"]:
        wanted = {
            "budget_line": row["line"],
            "planned_length": row["length"],
            "planned_for": paper.day_of(now) + dt.timedelta(days=row["day"]),
            "due_at": _quarter_after(now, row["due"]) if "due" in row else None,
            "assignee": users[row["who"]] if "who" in row else None,
            "priority": row.get("priority"),
            "picture_wanted": row.get("picture"),
            "legal_wanted": row.get("legal"),
        }
        for field, value in wanted.items():
            if value is not None:
                article = Article.objects.get(pk=articles[row["story"]].pk)
                planning.plan(article, field, value, by=users["max"], was=planning.as_text(article, field))


def _quarter_after(now, hours):
    """A whole quarter of an hour, some hours from now."""
    at = now + dt.timedelta(hours=hours)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
