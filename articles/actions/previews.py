"""Previews: the page that words not yet published would make, and links to it for somebody without an account.

A preview is an edition that nobody saves: frozen from a content exactly as the gate freezes, and shown through the
templates that readers get. Nothing here makes anything public.
"""

import secrets
from datetime import timedelta

from django.db import transaction

from newsroom import clock
from newsroom.errors import Blocked, NotAllowed, Refused, WrongState
from newsroom.folding import is_visible

from .. import roles
from ..body import own_words
from ..models import Kind, PreviewLink, Revision, State
from ..models.preview_links import hash_of_token
from . import freezing, gate
from .checklist.people import refuse_unprintable
from .people import merged_cards, terms

LONGEST = timedelta(days=30)
OPEN_AT_ONCE = 50  # links of one story
NEVER_SHOWN = frozenset({"off_record", "withdrawn"})  # not even to whoever said it


def unsaved_edition(article, content, at=None):
    """The edition that a content would make if it came out at a moment, or now; with its `text`, and nothing saved.

    What is in force then lends it its dates and its place, as at the gate. Refused where no section is chosen.
    """
    if not content["section"]:
        raise Refused("Choose a section: the page prints it.", field="section")
    at = at or clock.process_time()
    current = article.editions.in_force(at).select_related("text", "section").first()
    standing = current if current and not current.is_tombstone else None
    plan = gate.Plan(Kind.UPDATE if standing else Kind.FIRST, by=None, live_from=at)
    revision = Revision(article=article, number=article.version, content=content | {"slug": content["slug"] or "story"})
    edition = gate.edition_to_open(article, revision, plan, current, at)
    carried = {
        "corrections": freezing.notes_as_data(article.corrections.all()),
        "withdrawn_spans": current.text.data.get("withdrawn_spans", []) if current else [],
    }
    edition.text = freezing.words_of(article, revision, edition, carried)
    return edition


# --- links ------------------------------------------------------------------------------------------------


@transaction.atomic
def make_link(article, *, by, name, purpose, lasts, expert=None, asks=True, ends_on_publication=True):
    """Make a link to the newest version for somebody outside, for a timedelta: (PreviewLink, its token).

    The token is kept nowhere. A link for a read-back names the expert whose words it shows.
    """
    if not roles.may(by, "make a preview link", article):
        raise NotAllowed("Your role does not show this story to anybody outside.")
    if _is_kept_in(article, by):
        raise NotAllowed("It is on hold or under embargo: whoever may publish it, or Legal, shows it outside.")
    if article.state == State.SPIKED:
        raise WrongState("It is spiked: nobody outside reads it.")
    name = " ".join((name or "").split())
    if not is_visible(name):
        raise Refused("Say for whom it is: answers arrive under this name.", field="name")
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused("A link lasts a month at the most.", field="lasts")
    revision = article.revisions.first()
    if revision is None:
        raise WrongState("There is no saved version to show yet.")
    own = purpose == PreviewLink.Purpose.OWN_WORDS
    if not own:
        refuse_outside(article, revision.content)
        if not revision.content["section"]:
            raise Refused("Choose a section first: the page prints it.")
    elif expert is None or not words_to_read_back(revision.content, expert.pk):
        raise Refused("The story as it is saved has no words of theirs that may be printed.", field="expert")
    if article.preview_links.with_standing().filter(revoked_at=None, has_expired=False).count() >= OPEN_AT_ONCE:
        raise Refused(f"{OPEN_AT_ONCE} links to this story are open. Revoke some first.")
    token, at = secrets.token_urlsafe(32), clock.instant()
    link = PreviewLink(
        article=article, revision=revision, name=name, purpose=purpose, expert=expert if own else None,
        asks=asks or own, ends_on_publication=ends_on_publication, by=by, made_at=at, expires_at=at + lasts,
    )  # fmt: skip
    link.token_hash = hash_of_token(token)
    link.full_clean()
    link.save(force_insert=True)
    return link, token


def _is_kept_in(article, user):
    """Whether a hold or an embargo keeps a person from showing a story to anybody outside."""
    held = article.hold or (article.embargo_until and article.embargo_until > clock.process_time())
    return bool(held) and not roles.may(user, "show held copy outside", article)


@transaction.atomic
def revoke_link(link, *, by):
    """End a link now; one that has ended already stays as it ended."""
    link = PreviewLink.objects.select_for_update(of=("self",)).select_related("article__section").get(pk=link.pk)
    if not roles.may(by, "make a preview link", link.article):
        raise NotAllowed("Your role does not show this story to anybody outside.")
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = clock.instant(), by
        link.save(update_fields=["revoked_at", "revoked_by"])
    return link


def link_of_token(token):
    """The PreviewLink that a token was made for, whether or not it still works; None for any other. One query."""
    rows = PreviewLink.objects.of_token(token).with_standing()
    return rows.select_related("article__section", "revision", "expert", "by").first()


def works(link):
    """Whether a link of `link_of_token` still shows what it was made for."""
    if link.standing != "open" or link.article.state == State.SPIKED or _is_kept_in(link.article, link.by):
        return False
    if link.purpose == PreviewLink.Purpose.OWN_WORDS:
        return link.expert is not None and link.expert.removed_at is None
    try:
        refuse_outside(link.article, link.revision.content)
    except Blocked:
        return False  # somebody has taken words back since
    return True


def refuse_outside(article, content):
    """Raise Blocked where a content holds words that nobody may print, an embargo of the speaker's own aside."""
    ends = [terms.embargo_end(quote) for quote in content["quotes"] if quote["ground_rule"] == "embargoed"]
    refuse_unprintable(article, content, max([clock.process_time(), *filter(None, ends)]))


def edition_of_link(link):
    """The unsaved edition that a link shows: its version as it would come out now."""
    return unsaved_edition(link.article, link.revision.content)


def words_to_read_back(content, expert):
    """The OwnWords of an expert, by id, in a content, without those that are not for print at all."""
    content = merged_cards.content_with_standing_cards(content)
    rules = {quote["uid"]: quote["ground_rule"] for quote in content["quotes"]}
    found = own_words.own_words(content["body"], expert, content["language"])
    return [one for one in found if one.uid in rules and rules[one.uid] not in NEVER_SHOWN]


def title_as_printed(content, expert):
    """What a content calls an expert: the title printed behind the name, or "" where the page does not name them."""
    people = terms.people_to_name(merged_cards.content_with_standing_cards(content), clock.process_time())
    return next((row["attribution"] for row in people if row["expert"] == expert), "")


def pictures_of_link(link):
    """The ids of the pictures that a link's version shows."""
    lead = link.revision.content["lead_image"]
    return {int(pk) for pk in link.revision.content["pictures"]} | ({lead["id"]} if lead else set())
