"""What somebody outside answers by a preview link: a verdict, remarks on words, and whether their words are theirs.

It arrives on the desk as notes under the name that the link was made for. No word of the story changes.
"""

import secrets

from django.db import transaction

from newsroom import clock
from newsroom.errors import NotAllowed, Refused, WrongState
from newsroom.folding import bare, is_visible

from .. import roles
from ..models import (
    Article,
    DeskNote,
    PreviewLink,
    PreviewRemark,
    PreviewReply,
    PreviewVerdict,
    QuoteRecord,
    SignOff,
)
from . import previews, waiting
from .notify import tell
from .people import linking
from .take import locked
from .writing import is_kept_from_judging

MOST_REMARKS = 100  # of one link
REMARK_LENGTH, WORDS_LENGTH, TEXT_LENGTH = 1500, 400, 4000


# --- a verdict, and remarks ---------------------------------------------------------------------------------


@transaction.atomic
def leave_verdict(link, *, verdict, text="", remarks=()):
    """Keep what somebody outside thinks of a version, and their remarks, each (words, place, text) as notes.

    What was sent before is not sent again. For Legal a verdict that clears is the legal sign-off on that version, at
    once where the colleague who made the link may count it, else when another does: see `count_verdict`.
    """
    link, article = _locked_link(link)
    if not link.asks or link.purpose == PreviewLink.Purpose.OWN_WORDS:
        raise Refused("This link does not ask for a verdict.")
    if verdict not in PreviewVerdict.Verdict.values:
        raise Refused("Choose one of the three.", field="verdict")
    _keep_remarks(link, remarks)
    before = link.verdicts.select_related("signoff", "note").first()
    if before and (before.verdict, before.text) == (verdict, text):
        return before
    now = PreviewVerdict(link=link, verdict=verdict, text=text, at=clock.instant())
    if text or not now.clears:
        now.note = _note(link, f"{now.get_verdict_display()}. {text}".strip())
    if before and before.note and before.note.resolved_at is None:
        before.note.resolved_at = now.at
        before.note.save(update_fields=["resolved_at"])
    if before and before.signoff:
        before.signoff.delete()
    if now.clears and link.purpose == PreviewLink.Purpose.LEGAL and may_count(article, link.by):
        now.signoff = _sign(link, by=link.by)
    now.save(force_insert=True)
    waiting.look_again(article, by=link.by)
    _tell(link, f"{link.name} has answered: {now.get_verdict_display().lower()}.")
    return now


def may_count(article, user):
    """Whether a person may let a verdict from outside count as the legal sign-off: by role, and never an author."""
    return roles.may(user, "count a verdict for Legal", article) and not is_kept_from_judging(article, user)


@transaction.atomic
def count_verdict(link, *, by):
    """Let the newest verdict of a link for Legal count as the legal sign-off on its version."""
    link = PreviewLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    article = locked(link.article)
    if not may_count(article, by):
        raise NotAllowed("Somebody who did not write the story lets it count: its editor, the desk on duty, Legal.")
    verdict = link.verdicts.first()
    if verdict is None or not verdict.clears or link.purpose != PreviewLink.Purpose.LEGAL:
        raise WrongState("There is no verdict of Legal that clears this version.")
    if verdict.signoff_id is None:
        verdict.signoff = _sign(link, by=by)
        verdict.save(update_fields=["signoff"])
    return verdict


def _sign(link, *, by):
    return SignOff.objects.create(
        article_id=link.article_id, kind="legal", revision=link.revision, by=by, at=clock.instant(), guest=link.name
    )


def _keep_remarks(link, remarks):
    kept = set(link.remarks.values_list("words", "text"))
    new = [(words, place, text) for words, place, text in remarks if is_visible(text) and (words, text) not in kept]
    if len(kept) + len(new) > MOST_REMARKS:
        raise Refused(f"There is room for {MOST_REMARKS} remarks. Put some of them together.", field="remarks")
    for words, place, text in new:
        note = _note(link, f"On “{words}”: {text}" if words else text)
        PreviewRemark.objects.create(link=link, note=note, words=words, place=place, text=text, at=clock.instant())


# --- a read-back ----------------------------------------------------------------------------------------------


@transaction.atomic
def read_back(link, answers):
    """Keep what a quoted person says of their words: `answers` are {uid of a quotation: (agrees, wish)}.

    It is recorded on the quotation where its words still are those that were read back.
    """
    link, article = _locked_link(link)
    if link.purpose != PreviewLink.Purpose.OWN_WORDS:
        raise Refused("This link does not ask about their own words.")
    shown = {one.uid: one.words for one in previews.words_to_read_back(link.revision.content, link.expert_id)}
    answers = {uid: answer for uid, answer in answers.items() if uid in shown}
    if not answers:
        raise Refused("Say of at least one of them whether these are your words.")
    newest = {reply.uid: reply for reply in link.replies.order_by("at", "pk")}
    new = {
        uid: (agrees, wish)
        for uid, (agrees, wish) in answers.items()
        if uid not in newest or (newest[uid].agrees, newest[uid].wish) != (agrees, wish)
    }
    for uid, (agrees, wish) in new.items():
        PreviewReply.objects.create(link=link, uid=uid, words=shown[uid], agrees=agrees, wish=wish, at=clock.instant())
        if not agrees:
            quoted = shown[uid] if len(shown[uid]) <= WORDS_LENGTH else f"{shown[uid][: WORDS_LENGTH - 1]}…"
            _note(link, f"Not quite their words, “{quoted}”. {wish}".strip())
    if new:
        _record(link, article, {uid: agrees for uid, (agrees, _) in new.items()}, shown)
        agreed = sum(agrees for agrees, _ in new.values())
        _tell(link, f"{link.name} has answered the read-back: {agreed} of {len(new)} agreed.")
    return len(new)


def _record(link, article, agreed, shown):
    """Write on each quotation whose words still stand so that it was read back, and whether it was approved."""
    records = QuoteRecord.objects.filter(article=article, uid__in=agreed)
    approvals = {
        record.uid: {"approval": "approved" if agreed[record.uid] else "read back"}
        for record in records
        if bare(record.words) == bare(shown[record.uid])
    }
    if approvals:
        why = f"{link.name}, read-back"
        linking.set_terms(article, approvals, by=None, seen_version=article.version, why=why)


# --- both -------------------------------------------------------------------------------------------------------


def _locked_link(link):
    """A link and its story, locked and fresh; Refused where it has ended meanwhile."""
    article = Article.objects.select_for_update(of=("self",)).select_related("section").get(pk=link.article_id)
    rows = PreviewLink.objects.select_for_update(of=("self",)).with_standing()
    link = rows.select_related("revision", "expert", "by").get(pk=link.pk)
    link.article = article
    if not previews.works(link):
        raise WrongState("This link has ended. Nothing was sent; ask whoever gave it to you.")
    return link, article


def _note(link, text):
    """A note on the desk under the name that a link was made for, about the story: no text of the story changes."""
    return DeskNote.objects.create(
        article_id=link.article_id, uid=secrets.token_hex(12), text=text[:2000], by=link.by, guest=link.name
    )


def _tell(link, text):
    # Mail never carries what an unpublished story says, nor what is said of it.
    tell("answer", to=[link.by], article=link.article, text=f"{link.name}: {text}")
