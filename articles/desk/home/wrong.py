"""What went wrong, for whoever can mend it: what is in the way of a schedule or stopped it, pictures that go."""

from django.db.models import F
from django.urls import reverse

from newsroom import clock
from newsroom.desk.display import time_in_words
from newsroom.desk.today import WRONG, Line

from ... import roles
from ...actions import waiting
from ...models import CorrectionDraft, Edition, ImageUse, Transition
from .base import queue_of, short
from .times import DAY, WEEK

TEXT = ("article__body", "article__genre_facts", "article__merge_conflict")


def alarms(ahead, user):
    """What waits although the gate would stop it by now: for who scheduled it, and for who is on duty."""
    on_duty = roles.Role.DUTY in roles.roles_of(user)
    theirs = [edition for edition in ahead if on_duty or edition.by_id == user.pk]
    found = waiting.alarms_of(theirs)
    rows = [edition for edition in theirs if edition.pk in found]
    for edition in rows:
        edition.alarm = " ".join(finding.message for finding in found[edition.pk])
    return queue_of("alarms", "Scheduled, and something is in the way", rows, _alarm_line) if rows else None


def _alarm_line(edition):
    about = f"{edition.section}, scheduled by {edition.by}" if edition.by else str(edition.section)
    return Line(str(edition.article), edition.article.get_absolute_url(), edition.live_from, "goes out then",
                edition.alarm, about, do="Mend")  # fmt: skip


def stopped(user):
    """What this person had scheduled for since yesterday and somebody else's change has cancelled."""
    if not roles.may(user, "publish"):
        return None
    since = clock.process_time() - DAY
    rows = (
        Edition.objects.filter(by=user, live_from__gte=since, live_until=F("live_from"))
        .select_related("article").defer(*TEXT).order_by("live_from", "pk")
    )  # fmt: skip
    queue = queue_of("stopped", "Cancelled", rows, _stopped_line, place=WRONG)
    if queue.rows:
        moves = Transition.objects.filter(
            article__in=[edition.article_id for edition in queue.rows], move="cancel-schedule", at__gte=since - WEEK
        )
        why = {move.article_id: move for move in moves.select_related("by").order_by("at", "pk")}
        for edition in queue.rows:
            edition.stop = why.get(edition.article_id)
        # Rescheduling leaves a cancelled plan behind, too, and what one cancelled oneself is no news.
        queue.rows = [edition for edition in queue.rows if edition.stop and edition.stop.by_id != user.pk]
    return queue


def _stopped_line(edition):
    said = short(edition.stop.note) or f"Cancelled by {edition.stop.by}."
    about = f"You had scheduled it for {time_in_words(edition.live_from)}."
    return Line(str(edition.article), edition.article.get_absolute_url(), why=said, about=about)


def corrections_refused(user):
    """Corrections that this person drafted and that were refused or overtaken since yesterday."""
    if not roles.may(user, "draft a correction"):
        return None
    rows = (
        CorrectionDraft.objects.filter(
            by=user, outcome__in=["refused", "stale"], closed_at__gte=clock.process_time() - DAY
        )
        .select_related("article").defer(*TEXT, "changes").order_by("-closed_at", "-pk")
    )  # fmt: skip
    return queue_of("corrections-refused", "Corrections refused", rows, _refused_line, place=WRONG)


def _refused_line(draft):
    why = f"Your {draft.get_kind_display().lower()} was {draft.get_outcome_display().lower()}."
    return Line(str(draft.article), draft.article.get_absolute_url(), why=why, about=time_in_words(draft.closed_at))


def stories_without_a_picture(user):
    uses = ImageUse.objects.barred().order_by("-edition__first_published_at", "-pk")
    return _picture_queue(user, "gone", "Live without a picture", uses, "ended", "Every live story has its pictures.")


def stories_losing_a_picture(user):
    uses = ImageUse.objects.ending(WEEK).order_by("image__rights_until", "pk")
    return _picture_queue(
        user, "ending", "Picture rights that end", uses, "ending", "No live story loses a picture this week."
    )


def _picture_queue(user, name, title, uses, rights, empty):
    """A queue of live stories with a picture whose rights are over, or soon will be; for those who keep all rights."""
    grants = roles.CAPABILITIES["edit picture rights"]
    scopes = {grant.scope for role, grant in grants.items() if role in roles.roles_of(user)}
    if not user.is_superuser and roles.Scope.ANY not in scopes:
        return None
    rows = uses.live().select_related("image", "edition__article").only(
        "image__title", "image__caption", "image__alt", "image__restricted", "image__rights_until", "edition__number",
        "edition__article__headline", "edition__article__catchline",
    )  # fmt: skip
    queue = queue_of(f"pictures-{name}", title, rows, _use_line, empty=empty, place=WRONG)
    queue.url = reverse("admin:articles_image_changelist") + f"?rights={rights}"
    return queue


def _use_line(use):
    image, article = use.image, use.edition.article
    over = image.rights_until and image.rights_until <= clock.process_time()
    end = "ended" if over else "end"
    why = "Restricted." if image.restricted else f"Rights {end} {time_in_words(image.rights_until)}."
    why = f"Live without a picture. {why}" if image.restricted or over else why
    picture = reverse("admin:articles_image_change", args=[use.image_id])
    return Line(str(article), article.get_absolute_url(), why=why, links=((str(image), picture),))
