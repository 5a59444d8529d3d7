"""Pictures of the library: taking one in, changing its words and rights, deleting one that was never used."""

from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Q

from newsroom import clock
from newsroom.errors import NotAllowed, NoteNeeded, Refused, Stale, short_enough
from newsroom.models import Instant, Pulse
from newsroom.pictures import credentials, renditions, uploads
from newsroom.pictures.models import make_token

from .. import roles
from ..models import Article, BodyReference, Contributor, Image, PictureRuling, Rendering, RunsAs, State
from . import writing

NEAR, LOOKED_AT = 5, 5000  # bits of 64 in which two pictures of one scene may differ; how far back we look for them
USES_SHOWN = 100
# Fields that the file's own metadata fills where nobody typed anything.
FILLED_FROM_FILE = (
    "title", "alt", "caption", "credit", "copyright", "source", "usage_terms", "instructions", "keywords", "people",
    "place", "source_type",
)  # fmt: skip


def take_in(file, *, by, first_alone=False, **fields):
    """Take a picture into the library. Words read from the file fill what `fields` leave empty.

    `by` is None for a command that somebody with the machine runs. The image's `duplicates`
    are the pictures that are the same file, or look the same; `moves` says that only the first frame
    is shown, which `first_alone` allows. Raises Refused for a file that is no picture we can use, and NotAllowed.
    """
    if by is not None and not roles.may(by, "upload pictures"):
        raise NotAllowed("Your role does not upload pictures.")
    taken, found = _take(file, first_alone=first_alone)  # before the transaction: decoding takes its time
    words = _words_read(found)
    words.setdefault("title", _fitted("title", uploads.name_of(file)))
    words |= {name: value for name, value in fields.items() if value not in ("", None)}
    with transaction.atomic():
        image = uploads.keep(Image, taken, **found, uploaded_by=by, **words)
        if image.rights_until:
            Instant.objects.get_or_create(at=image.rights_until)
    image.duplicates, image.moves = list(duplicates(image)), taken.moves
    return image


def bring_file(image, file):
    """Put the file of a picture that was recorded without one; what the row says stays, what it lacks is filled.

    For a command that somebody with the machine runs. Raises Refused for a file that is no picture we can use.
    """
    if image.original:
        raise Refused("That picture has its file already.")
    taken, found = _take(file)
    _fill_what_is_empty(image, found)
    image.metadata, image.phash = taken.metadata | image.metadata, taken.phash
    image.credentials = found["credentials"]
    uploads.fill(image, taken)


def replace_file(image, file, *, by, why=""):
    """Give a picture another file: a better scan, a retouched print. Words, rights and the focal point stay.

    Editions that were published keep the file that readers saw; the picture's next editions have the new one. Approved
    stories wait for approval again, and are returned. Raises NotAllowed, and Refused beside the field for a file that
    we cannot use or that it is already.
    """
    if not may_edit(image, by):
        raise NotAllowed("Only whoever uploaded a picture, the picture desk or the managing editor replaces its file.")
    if not image.original:
        raise Refused("That picture was only recorded: it has no file to replace.")
    taken, found = _take(file)
    with transaction.atomic():
        image = Image.objects.select_for_update().get(pk=image.pk)
        if taken.sha256 == image.sha256:
            raise Refused("That is the file that it has already.", field="file")
        kept = {field: getattr(image, field) for field in OF_A_FILE} | {"number": image.file_number}
        former = image.former_files.create(replaced_by=by, replaced_at=clock.process_time(), why=why, **kept)
        image.uses.filter(file=None).update(file=former)
        image.token, image.file_number = make_token(), image.file_number + 1
        image.source_type = ""  # what was said of the other file need not be true of this one
        for field, value in found.items():
            setattr(image, field, value)
        _fill_what_is_empty(image, found)
        uploads.fill(image, taken)
        Pulse.objects.beat(rendering=True)  # it may be somebody's face
        return words_changed(image, by=by)


# What a file takes along when another takes its place.
OF_A_FILE = (
    "token", "original", "width", "height", "format", "sha256", "made", "focal_x", "focal_y", "phash", "metadata",
    "credentials",
)  # fmt: skip


@transaction.atomic
def rule(image, runs_as, *, by, why, sha256=""):
    """Record the picture desk's word on a picture that AI made or altered: as what it may run. Returns the ruling.

    `sha256` is the file that the person looked at, where the caller knows it. Raises NotAllowed, NoteNeeded without
    a reason, and Refused.
    """
    if not keeps_pictures(by):
        raise NotAllowed("The picture desk or the managing editor says as what such a picture may run.")
    if not image.ai:
        raise Refused("Nothing says that AI made or altered it, so it needs nobody's word.")
    if sha256 and sha256 != image.sha256:
        raise Stale("It has another file since you looked. Look again, and decide.")
    if runs_as not in RunsAs:
        raise Refused("Say as what it may run.", field="runs_as")
    why = short_enough(why, PictureRuling._meta.get_field("why").max_length, "why")
    if not why:
        raise NoteNeeded("Say why: it stands in the record.", field="why")
    ruling = PictureRuling.objects.create(
        image=image, sha256=image.sha256, runs_as=runs_as, why=why, by=by, at=clock.instant()
    )
    words_changed(image, by=by)
    return ruling


def _take(file, *, first_alone=False):
    """What `uploads.take` answers for a file, and what a picture's row keeps of it; Refused beside the field."""
    try:
        taken = uploads.take(file, first_alone=first_alone)
    except uploads.Unfit as error:
        raise Refused(str(error), field="file") from error
    found = credentials.read_credentials(taken.data, taken.format)
    return taken, {"phash": taken.phash, "metadata": taken.metadata, "credentials": found}


def _words_read(found):
    """The fields of a picture that its file's own words, and its credentials, fill."""
    metadata = found["metadata"]
    read = metadata | {"credit": metadata.get("credit") or metadata.get("creator", "")}
    read |= {name: ", ".join(metadata.get(name, ())) for name in ("keywords", "people")}
    read["source_type"] = metadata.get("source_type") or found["credentials"].get("source_type")
    words = {name: _fitted(name, read[name]) for name in FILLED_FROM_FILE if read.get(name)}
    if day := metadata.get("made_on"):
        words["made_on"] = date.fromisoformat(day)
    return words


def _fill_what_is_empty(image, found):
    for name, value in _words_read(found).items():
        if not getattr(image, name):
            setattr(image, name, value)


def _fitted(name, text):
    """A text cut at a word to what its field holds."""
    limit = Image._meta.get_field(name).max_length
    return text if len(text) <= limit else f"{text[: limit - 2].rsplit(' ', 1)[0][: limit - 2]} …"


def duplicates(image):
    """Other pictures that are the same file or look the same; those that look nearly so, among the newest."""
    others = Image.objects.exclude(pk=image.pk)
    if image.phash in uploads.FLAT:
        return others.filter(sha256=image.sha256).order_by("pk")
    seen = int(image.phash, 16)
    near = [
        pk
        for pk, phash in others.exclude(phash="").order_by("-pk").values_list("pk", "phash")[:LOOKED_AT]
        if (int(phash, 16) ^ seen).bit_count() <= NEAR
    ]
    return others.filter(Q(sha256=image.sha256) | Q(phash=image.phash) | Q(pk__in=near)).order_by("pk")


def may_edit(image, user):
    """Whether a person may change a picture's words and rights, or delete it if it was never used."""
    if not user.is_active:
        return False
    grants = roles.CAPABILITIES["edit picture rights"]
    held = [grants[role] for role in roles.roles_of(user) if role in grants]
    own = image.uploaded_by_id == user.pk
    return user.is_superuser or any(grant.scope == roles.Scope.ANY or own for grant in held)


@transaction.atomic
def describe(image, *, by, alt, credit, caption):
    """Say what a picture shows and whose it is. Whoever has just brought it in may, whatever their role.

    Raises NotAllowed, and for them also once something uses it.
    """
    if not may_edit(image, by):
        if not (image.uploaded_by_id == by.pk and roles.may(by, "upload pictures")):
            raise NotAllowed("Only whoever uploaded a picture, the picture desk or the managing editor describes it.")
        if where_used(image, 1):
            raise NotAllowed("It is in use already: the picture desk or the managing editor changes its words.")
    image.alt, image.credit, image.caption = alt, credit, caption
    image.save(update_fields=["alt", "credit", "caption"])
    words_changed(image, by=by)


def keeps_pictures(user):
    """Whether a person speaks for the picture desk: may change the rights of any picture."""
    grants = roles.CAPABILITIES["edit picture rights"]
    return roles.granted(user, {role: grant for role, grant in grants.items() if grant.scope == roles.Scope.ANY})


def rights_changed(image):
    """Tell caches that a picture was saved with other words or rights, and when its rights end.

    Editions keep the words that they printed; rights count at once.
    """
    if image.rights_until:
        Instant.objects.get_or_create(at=image.rights_until)
    Pulse.objects.beat()


def focal_point_moved(image):
    """Have stored pages that show a picture made again, with its new crops; those around the old point go.

    Which point stays in sight is no word of an edition: it counts at once, as rights do.
    """
    Rendering.objects.filter(edition__image_uses__image=image).update(template_version=0)
    transaction.on_commit(partial(renditions.forget_old_crops, image))


@transaction.atomic
def words_changed(image, *, by):
    """Take the approved stories that show a picture through *edit after approval*: its words are approved with theirs.

    Returns those that wait for approval again.
    """
    named = BodyReference.objects.filter(kind="image", target=image.pk).values("article")
    shows = Q(lead_image=image) | Q(pk__in=named)
    stories = Article.objects.select_for_update(of=("self",)).select_related("section")
    stories = list(stories.filter(shows, state=State.APPROVED))
    for article in stories:
        writing.keep_picture_words(article, by=by)
    return [article for article in stories if article.state != State.APPROVED]


def where_used(image, limit=USES_SHOWN):
    """What uses a picture: up to `limit` (how, row) pairs of stories in work, editions and portraits.

    A logo of the paper may stand in every story there is, so nobody asks for all of them.
    """
    named = BodyReference.objects.filter(kind="image", target=image.pk).values("article")
    stories = Article.objects.select_related("section").defer("body", "genre_facts", "merge_conflict").order_by("-pk")
    uses = image.uses.filter(edition__isnull=False).select_related("edition__article__section").order_by("-edition")
    uses = uses.defer("edition__article__body", "edition__article__genre_facts", "edition__article__merge_conflict")
    found = [("main picture", story) for story in stories.filter(lead_image=image)[:limit]]
    found += [("in the text", story) for story in stories.filter(pk__in=named)[: limit - len(found)]]
    found += [("published", use.edition) for use in uses[: limit - len(found)]]
    found += [("portrait", one) for one in Contributor.objects.filter(portrait=image)[: limit - len(found)]]
    return found


@transaction.atomic
def use_instead(image, other, *, by):
    """Throw out a picture just brought in, for one that the library had already: the same file, or one that looks so.

    Whoever brought it in may take it back so, also where their role deletes no pictures.
    """
    if not (may_edit(image, by) or (image.uploaded_by_id == by.pk and roles.may(by, "upload pictures"))):
        raise NotAllowed("Only whoever uploaded a picture, the picture desk or the managing editor throws it out.")
    if other is None or not duplicates(image).filter(pk=other.pk).exists():
        raise Refused("That one does not look like it: keep both.")
    _discard_unused(image)


@transaction.atomic
def delete_unused(image, *, by):
    """Delete a picture that nothing uses and no edition ever showed, with its files."""
    if not may_edit(image, by):
        raise NotAllowed("Only whoever uploaded a picture, the picture desk or the managing editor throws it out.")
    _discard_unused(image)


def _discard_unused(image):
    if used := where_used(image, 2):
        how, what = used[0]
        more = " and elsewhere" if len(used) > 1 else ""
        raise Refused(f"It is in use ({how}: {what}{more}).")
    for former in image.former_files.all():
        uploads.discard(former)
    uploads.discard(image)
