"""Consent to a public profile: asking for it by mail, granting it part by part, corrections, and withdrawing it.

The link in the mail is a token of the profile, signed with the server's secret: neither a copy of the database nor
guessing is enough to open it. A new link makes the earlier ones void.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from newsroom import clock, mail, paper
from newsroom.errors import Refused, Stale, WrongState
from newsroom.models import Instant, Publication, Pulse

from .. import access
from ..models import Bar, CardChange, DataRequest, Expert, PublicProfile
from ..models.parts_for_readers import lines_of_part
from ..models.privacy import new_token
from ..names import guess_sort_name
from . import cards, requests

LINK_DAYS = 30
ASKED_LINE = "Asked for consent to a public profile"
TAKEN_OVER = "Taken over"
SALT = "experts.actions.consent"
# The fields that people may propose corrections for, with their lengths; the source desk accepts them or not.
CORRECTABLE_FIELDS = [("display_name", 160), ("native_name", 160), ("short_bio", 140), ("bio", 2500)]


def lock_profile(expert):
    """The card's PublicProfile, locked after the card; created where there is none."""
    Expert.objects.select_for_update().get(pk=expert.pk)
    PublicProfile.objects.get_or_create(expert=expert)
    return PublicProfile.objects.select_for_update().get(expert=expert)


def missing_for_page(expert):
    """[what a card still needs before its page can be shown, in words]; [] where nothing is missing."""
    today = paper.today()
    lacks = []
    if not (expert.short_bio or expert.title_on(today)):
        lacks.append("a role held today, or a line about them")
    if not expert.topics.exists():
        lacks.append("a topic")
    return lacks


# --- the link ----------------------------------------------------------------------------------------


def link_to_own_page(profile):
    """The path of the page on which the person decides, with its signed token."""
    return reverse("your_card", args=[signing.Signer(salt=SALT).sign(profile.token)])


def profile_of_link(signed):
    """The PublicProfile that a link opens; None for one that is forged, void or expired, or whose person was removed.

    The link of a merged card opens the profile of the card that it was merged into.
    """
    try:
        token = signing.Signer(salt=SALT).unsign(signed)
    except signing.BadSignature:
        return None
    rows = PublicProfile.objects.select_related("expert__merged_into__profile")
    profile = rows.filter(token=token, token_until__gt=clock.process_time(), expert__removed_at=None).first()
    if profile is None or profile.expert.merged_into_id is None:
        return profile
    return PublicProfile.objects.filter(expert=profile.expert.merged_into).select_related("expert").first()


# --- asking ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """Somebody was asked and their link still works: when and by whom they were asked, and until when it works."""

    at: datetime
    by: object
    until: datetime

    @property
    def key(self):
        """Identifies this asking; another one has another key."""
        return self.until.isoformat()


class AskedAlready(WrongState):
    """The person has a link that works; `asking` says since when."""

    def __init__(self, asking):
        self.asking = asking
        super().__init__("They were asked already, and nothing was sent. Send it again below if that is what you want.")


def current_asking(profile):
    """The Asking whose link still works, or None. At most one query."""
    if profile is None or profile.token_until is None or profile.token_until <= clock.process_time():
        return None
    line = CardChange.objects.filter(expert=profile.expert_id, what=ASKED_LINE).select_related("by").first()
    at = line.at if line else profile.token_until - timedelta(days=LINK_DAYS)
    return Asking(at, line.by if line else None, profile.token_until)


@transaction.atomic
def ask_for_consent(expert, *, email, by, again=""):
    """Mail somebody the link to the page where they agree, correct or refuse; returns the PublicProfile.

    Where a link still works, another mail goes out only if `again` is the key of that Asking, so that a second click
    sends none. Raises NotAllowed, Refused for an invalid address, AskedAlready and WrongState.
    """
    access.must_keep(by, "Your role does not keep consents.")
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("This is no e-mail address.", field="email") from error
    if not expert.in_use:
        raise WrongState("This card is no longer in use.")
    if bar := expert.bar(Bar.CONTACT):
        raise WrongState(f"Not to be contacted: {bar.reason}")
    profile = lock_profile(expert)
    if (before := current_asking(profile)) and before.key != again:
        raise AskedAlready(before)
    if profile.status in ("", PublicProfile.WITHDRAWN):
        profile.status = PublicProfile.REQUESTED
    profile.token = new_token()
    profile.token_until = clock.process_time() + timedelta(days=LINK_DAYS)
    profile.save()
    cards.record_change(expert, "consent", ASKED_LINE, by=by)
    publication = Publication.objects.current()
    context = {
        "expert": expert, "publication": publication, "link": settings.SITE_URL + link_to_own_page(profile),
        "days": LINK_DAYS,
        "page": settings.SITE_URL + expert.get_absolute_url() if profile.is_public(clock.process_time()) else "",
    }  # fmt: skip
    mail.send_on_commit(
        f"Your page in {publication.name if publication else 'our paper'}",
        render_to_string("experts/consent_mail.txt", context),
        [email],
        reply_to=[publication.contact_email] if publication and publication.contact_email else None,
    )
    return profile


# --- yes and no -----------------------------------------------------------------------------------------


@transaction.atomic
def grant_consent(expert, fields, *, by, evidence, until=None):
    """Let readers see these parts of a card, as they stand now; `by` is None where the person agreed on their own page.

    What is written into a part later waits until they agree again. Raises NotAllowed, Refused for unknown parts or
    missing evidence, and WrongState where the page would be empty.
    """
    access.must_keep(by, "Your role does not keep consents.")
    if unknown := set(fields) - dict(PublicProfile.FIELDS).keys():
        raise Refused(f"There is no such part: {', '.join(sorted(unknown))[:60]}.", field="fields")
    if not evidence.strip():
        raise Refused("Say where their yes is kept.", field="evidence")
    if until is not None and until <= clock.process_time():
        raise Refused("That is over already.", field="until")
    if not expert.in_use:
        raise WrongState("This card is no longer in use.")
    if lacks := missing_for_page(expert):
        raise WrongState(f"The page cannot be shown yet. The card needs {' and '.join(lacks)}.")
    profile = lock_profile(expert)
    profile.status, profile.evidence, profile.was_public = PublicProfile.GRANTED, evidence.strip()[:300], True
    profile.fields, profile.agreed = fields, {}
    for name in fields:
        profile.agree_to(name, lines_of_part(expert, name))
    profile.granted_on = paper.today()
    profile.public_until, profile.withdrawn_at = until, None
    profile.save()
    if until:
        Instant.objects.get_or_create(at=until)
    whose = "by the person on their own page" if by is None else "on their word"
    said = ", ".join(label.lower() for name, label in PublicProfile.FIELDS if name in fields) or "the name alone"
    cards.record_change(expert, "consent", f"Public profile granted {whose}: {said}", by=by)
    Pulse.objects.beat(rendering=True)
    return profile


@transaction.atomic
def withdraw_consent(expert, *, by):
    """Take the public page off at once (its address then answers that it is gone), or record a refusal.

    `by` is None where the person did it on their own page. Raises NotAllowed.
    """
    access.must_keep(by, "Your role does not keep consents.")
    profile = lock_profile(expert)
    had_page = profile.status == PublicProfile.GRANTED
    profile.status, profile.scope, profile.public_until = PublicProfile.WITHDRAWN, "", None
    profile.agreed = {}
    profile.withdrawn_at = clock.process_time()
    profile.save()
    whose = "by the person on their own page" if by is None else "on their word"
    what = "Consent to the public profile withdrawn" if had_page else "Public profile refused"
    cards.record_change(expert, "consent", f"{what} {whose}", by=by)
    Pulse.objects.beat(rendering=True)
    return profile


# --- putting right ------------------------------------------------------------------------------------


@transaction.atomic
def propose_correction(profile, values, words=""):
    """Keep a person's corrections as a DataRequest; returns it, or None where nothing differs from the card.

    Nothing on the card changes. A second sending is added to their newest open request, since their form is filled in
    from the card and does not show what they sent before. Where the words have no room there, it is a new request.
    """
    expert = Expert.objects.select_for_update().get(pk=profile.expert_id)
    proposed = {
        name: values[name].strip()[:longest]
        for name, longest in CORRECTABLE_FIELDS
        if name in values and values[name].strip() != getattr(expert, name)
    }
    if not proposed and not words.strip():
        return None
    open_one = DataRequest.objects.filter(expert=expert, kind="rectify", closed_at=None, handler=None)
    if (old := open_one.order_by("pk").last()) and len(
        together := requests.join_words(old.words, words)
    ) <= requests.WORDS_LENGTH:
        old.proposed, old.words = old.proposed | proposed, together
        old.save(update_fields=["proposed", "words"])
        return old
    day = paper.today()
    return requests.add_request(
        expert, kind="rectify", received=day, words=words.strip()[:4000], proposed=proposed, by=None
    )


def _agree_to_own_words(expert, taken):
    """What somebody wrote about themselves is shown without another question, in the parts that they agreed to."""
    if not PublicProfile.objects.filter(expert=expert, status=PublicProfile.GRANTED).exists():
        return
    profile = lock_profile(expert)
    for name, part in (("native_name", "native_name"), ("short_bio", "bio"), ("bio", "bio")):
        if taken.get(name) and profile.covers(part) and part in profile.agreed:
            profile.agree_to(part, [taken[name]])
    profile.save(update_fields=["agreed"])


@transaction.atomic
def accept_correction(request, names, *, by, seen, words_too=False):
    """Write the named ones of a request's corrections into the card; returns {field: new value}.

    This closes the request. A request with words stays open, with the corrections that were not accepted, until
    `words_too` says that its words are dealt with. `seen` is the version of the card that the person looked at. Raises
    NotAllowed, WrongState, Refused, and Stale where the card was changed meanwhile.
    """
    access.must_keep(by, "Your role does not keep consents.")
    request = requests.lock_request(request)
    if request.closed_at or request.expert_id is None:
        raise WrongState("This request was closed already.")
    if unknown := set(names) - request.proposed.keys() or set(names) - dict(CORRECTABLE_FIELDS).keys():
        raise Refused(f"They proposed nothing for {', '.join(sorted(unknown))[:60]}.")
    expert = Expert.objects.get(pk=request.expert_id)
    if expert.version != seen or not expert.in_use:
        raise Stale("The card was changed while you looked at it. Look again, then decide.")
    if "display_name" in names and not request.proposed["display_name"]:
        raise Refused("A card keeps a name.")
    stays_open = bool(request.words.strip()) and not words_too
    if stays_open and not names:
        raise Refused("Nothing is ticked. Tick what you take over, or that their words are dealt with.")
    taken = {name: request.proposed[name] for name in names}
    if taken:
        changes = dict(taken)
        if "display_name" in taken and expert.sort_name == guess_sort_name(expert.display_name):
            changes["sort_name"] = guess_sort_name(taken["display_name"])  # it was not corrected by hand
        Expert.objects.filter(pk=expert.pk).update(**changes)
        expert.refresh_from_db()
        labels = ", ".join(str(Expert._meta.get_field(name).verbose_name) for name in taken)
        cards.record_change(expert, "consent", f"Corrected by the person: {labels}", by=by)
        _agree_to_own_words(expert, taken)
        if stays_open:
            request.decision = f"{request.decision or TAKEN_OVER}, {labels}".replace(
                f"{TAKEN_OVER},", f"{TAKEN_OVER}:"
            )[:300]
            request.proposed = {name: said for name, said in request.proposed.items() if name not in taken}
            request.save(update_fields=["decision", "proposed"])
    if not stays_open:
        whole = len(taken) == len(request.proposed)
        decided = TAKEN_OVER if whole else f"{TAKEN_OVER} in part" if taken or request.decision else "Not taken over"
        requests.close_request(request, decision=decided, ground="Art. 16 GDPR", by=by)
    Pulse.objects.beat(rendering=True)
    return taken
