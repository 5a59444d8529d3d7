"""Authors of an export as contributors, and its readers' comments."""

import hashlib
from collections import Counter

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from newsroom import clock

from ..models import Comment, Contributor
from .convert import plain_text

LONGEST_KEY = 300  # characters that a guid may have in our columns
COMMENT_STATES = {
    "1": Comment.State.PUBLISHED, "approved": Comment.State.PUBLISHED, "0": Comment.State.PENDING,
    "hold": Comment.State.PENDING, "spam": Comment.State.SPAM, "trash": Comment.State.REJECTED,
    "post-trashed": Comment.State.REJECTED,
}  # fmt: skip


class Authors:
    """Finds and makes the contributors of one import."""

    def __init__(self, header, report):
        self.header, self.report, self._known = header, report, {}

    def forget(self):
        """Look everybody up anew."""
        self._known.clear()

    def contributors_of(self, item, entry):
        """The contributors of an item in order: its co-authors where a plugin names them, else its author."""
        names = {term.slug.removeprefix("cap-"): term.name for term in item.terms if term.domain == "author"}
        logins = list(names) or [item.creator]
        found = [self._contributor(login, names.get(login, "")) for login in logins if login]
        if not found:
            entry.say("the export names no author")
        return list(dict.fromkeys(found))

    def _contributor(self, login, name):
        if login not in self._known:
            self._known[login] = self._find(login, name)
        return self._known[login]

    def _find(self, login, name):
        author = self.header.authors.get(login)
        name = " ".join(plain_text((author.name if author else "") or name).split())[:120] or login
        key = key_that_fits(f"{self.header.site}#author-{login}")
        found = Contributor.objects.filter(imported_from=key).first() or Contributor.objects.filter(name=name).first()
        if found:
            return found
        about = plain_text(author.about) if author else ""
        if len(about) > 1500:
            self.report.general.append(f"The biography of {name} is longer than 1,500 characters and was cut: {about}")
        self.report.general.append(f"Contributor made: {name} (the export's e-mail address is not taken over)")
        return Contributor.objects.create(name=name, bio=about[:1500], imported_from=key)


def import_comments(article, item, entry, key, aware):
    """Keep the readers' comments of an item in the state that they had. `aware` gives a date its zone."""
    rows, kinds = [], Counter()
    for comment in item.comments:
        if comment.type not in ("", "comment"):
            kinds[comment.type] += 1
            continue
        state = COMMENT_STATES.get(comment.approved, Comment.State.PENDING)
        rows.append(
            Comment(
                article=article,
                name=" ".join(plain_text(comment.name).split())[:60] or "Anonymous",
                email=_valid_email(comment.email),
                body=plain_text(comment.body),
                state=state,
                created_at=aware(comment.at) or clock.instant(),
                imported_from=key_that_fits(f"{key}#comment-{comment.id}"),
            )
        )
    known = set(
        Comment.objects.filter(imported_from__in=[r.imported_from for r in rows]).values_list(
            "imported_from", flat=True
        )
    )
    Comment.objects.bulk_create(row for row in rows if row.imported_from not in known)
    states = Counter(row.state for row in rows)
    if rows:
        entry.say("comments: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
        if any(comment.parent not in ("", "0") for comment in item.comments):
            entry.say("replies among its comments stand in order of time, not under what they answer")
        if article.discussion == "off":
            entry.say("its discussion was closed and stays so")
        for row in rows:
            if len(row.body) > 2000:
                entry.say(f"the comment of {row.name} is longer than 2,000 characters, and was taken over whole")
    for kind, count in sorted(kinds.items()):
        entry.say(f"{count} {kind}{'s' if count > 1 else ''} skipped: not a reader's words")


def _valid_email(email):
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def key_that_fits(key):
    """A key that fits its column; a longer one ends in a fingerprint of the whole."""
    return key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"
