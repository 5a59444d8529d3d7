"""Finding experts, stories and pictures for the body editor: a name, a line about it, a thumbnail.

Only what the person may see; a few rows at a time, whatever is asked.
"""

from collections import Counter

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.formats import date_format

from experts.finding import search as source_book
from experts.models import Bar, Expert
from experts.models.verification import NEVER, STALE, VERIFIED, latest_verification
from newsroom import clock, paper

from ... import roles, search
from ...actions.checklist import pictures
from ...body import provenance
from ...models import Article, ArticleTopic, Edition, Image, PictureRuling

SHOWN = 12
AT_ONCE = 50
NEWEST = 300  # of the newest stories, headlines are searched beside the index
THUMB = 320
LIKE_WORDS, SHORT_WORD = 5, 3  # of a headline, by which stories like it are looked for; how short says nothing
ALIKE = 3  # pictures like one that is brought in, the very same first

# kind → (the capability that lets somebody see them, the one that lets somebody add one)
KINDS = {
    "expert": ("see experts", "make an expert card"),
    "article": ("read copy", None),
    "image": ("see the news list", "upload pictures"),
}


def may_see(user, kind):
    """Whether a person may look up rows of this kind."""
    return roles.may(user, KINDS[kind][0])


def may_add(user, kind):
    """Whether a person may add a row of this kind from the editor."""
    return bool(KINDS[kind][1]) and roles.may(user, KINDS[kind][1])


def rows_by_words(kind, words, *, leaving_out=0, **more):
    """The few best rows for some words; where there are none the newest, of stories those like the one left out."""
    words = " ".join(words.replace("\0", " ").split()[:8])
    like = kind == "article" and leaving_out and not words
    rows = _articles_like(leaving_out) if like else SEARCHES[kind](words)
    return SHAPES[kind](rows.exclude(pk=leaving_out)[:SHOWN], **more)


def rows_by_ids(kind, ids, **more):
    """The rows with these ids, as far as they exist."""
    return SHAPES[kind](MODELS[kind].objects.filter(pk__in=list(ids)[:AT_ONCE]), **more)


# --- searching -------------------------------------------------------------------------------


def _find_experts(words):
    cards = Expert.objects.current()
    if not words:
        return cards.order_by("-updated_at", "-pk")
    ids = [hit.expert_id for hit in source_book.find_cards_by_words(words, limit=AT_ONCE)]
    places = [When(pk=pk, then=Value(place)) for place, pk in enumerate(ids)]
    best_first = Case(*places, default=Value(len(ids)), output_field=IntegerField()) if ids else "pk"
    return cards.filter(pk__in=ids).order_by(best_first, "pk")


def _find_articles(words):
    newest = Article.objects.order_by("-updated_at", "-pk")
    if not words:
        return newest
    named = Article.objects.filter(pk__in=newest.values("pk")[:NEWEST])
    for word in words.split():
        named = named.filter(Q(headline__icontains=word) | Q(catchline__icontains=word))
    ids = {*search.find_articles(words, limit=AT_ONCE), *named.values_list("pk", flat=True)[:AT_ONCE]}
    return newest.filter(pk__in=ids)


def _articles_like(pk):
    """Stories that share topics or words of the headline with a story, the likest first, then the newest.

    A word that many stories have says little. One query for each of a few words, one for the topics.
    """
    newest = Article.objects.order_by("-updated_at", "-pk")
    story = Article.objects.filter(pk=pk).values_list("headline", "catchline").first()
    if story is None:
        return newest
    likeness = Counter()
    said = dict.fromkeys(word for word in " ".join(story).split() if len(word) > SHORT_WORD)
    for word in sorted(said, key=len, reverse=True)[:LIKE_WORDS]:
        found = search.find_articles(word, limit=AT_ONCE)
        likeness.update(dict.fromkeys(found, 1 / max(len(found), 2)))
    topics = ArticleTopic.objects.filter(content_object=pk).values("tag")
    shared = ArticleTopic.objects.filter(tag__in=topics, content_object__in=newest.values("pk")[:NEWEST])
    for other, count in shared.values_list("content_object").annotate(Count("pk")).order_by():
        likeness[other] += count / 2
    likeness.pop(pk, None)
    best = [other for other, _ in likeness.most_common(SHOWN)]
    if not best:
        return newest
    places = [When(pk=other, then=Value(place)) for place, other in enumerate(best)]
    likest = Case(*places, default=Value(len(best)), output_field=IntegerField())
    return Article.objects.order_by(likest, "-updated_at", "-pk")


def _find_images(words):
    return Image.objects.found_by(words)


SEARCHES = {"expert": _find_experts, "article": _find_articles, "image": _find_images}
MODELS = {"expert": Expert, "article": Article, "image": Image}

# --- what is shown ----------------------------------------------------------------------------


def expert_rows(rows, why=False):
    """Experts as they are printed, with the title of today, and no channel.

    An expert who may not be quoted is shown with the reason and cannot be chosen. One who may not be contacted is
    struck through. For whoever sees more of a card `why` is set: the reason of that, and how sure we are who it is.
    """
    day = paper.today()
    shown = []
    for expert in rows.prefetch_related("affiliations", "bars", *(["verifications"] if why else [])):
        row = {"id": expert.pk, "label": expert.display_name, "sub": expert.title_on(day)}
        if why:
            row["lines"] = list(filter(None, [expert.native_name, _how_sure(expert, day)]))
        if bar := expert.quote_bar(day):
            row |= {"barred": True, "warning": f"Not to be quoted. {bar.reason}"}
        elif bar := expert.bar(Bar.CONTACT, day):
            row |= {"struck": True, "warning": "Not to be contacted." + (f" {bar.reason}" if why else "")}
        shown.append(row)
    return shown


def _how_sure(expert, day):
    """When somebody last made sure who an expert is, in words."""
    latest = latest_verification(expert, day)
    on = latest["on"] and date_format(latest["on"], "j M Y")
    return {NEVER: "Never verified", VERIFIED: f"Verified {on}", STALE: f"Verified {on}: too long ago"}.get(
        latest["state"], f"Not verified: the check of {on} failed"
    )


def article_rows(rows):
    """Stories with their label as printed, their section, and whether and since when readers have them."""
    rows = list(rows.select_related("section").defer("body", "standfirst", "genre_facts", "merge_conflict"))
    live = dict(
        Edition.objects.live().filter(article__in=[a.pk for a in rows]).values_list("article", "first_published_at")
    )
    shown = []
    for article in rows:
        at = live.get(article.pk)
        day = date_format(paper.local(at or article.updated_at), "j M Y")
        public = f"Published {day}" if at else f"{article.get_state_display()}, changed {day}"
        section = article.section.name if article.section else ""
        kind = article.label or article.get_genre_display()
        shown.append(
            {
                "id": article.pk,
                "label": str(article),
                "sub": " · ".join(dict.fromkeys(filter(None, [kind, section, public]))),
            }
        )
    return shown


def image_rows(rows):
    """Pictures with their words, what stands against printing them, and what has to be kept to where they are used."""
    shown = []
    now = clock.process_time()
    rows = list(rows)
    rulings = PictureRuling.objects.in_force([image for image in rows if image.ai])
    for image in rows:
        row = {
            "id": image.pk,
            "label": str(image),
            "sub": image.credit or "No credit yet",
            "thumb": _thumbnail_url(image),
            "caption": image.caption,
            "alt": image.alt,
            "credit": image.credit,
            "lines": _terms_of(image, now),
        }
        if image.restricted:
            row |= {"barred": True, "warning": "Restricted: may not be published"}
        elif image.rights_until and image.rights_until <= now:
            row["warning"] = "The rights have ended"
        elif not pictures.may_run(image, rulings):
            row["warning"] = f"{provenance.ai_label(image.ai)}: it does not run without the picture desk's word"
        elif not image.alt and not image.decorative:
            row["warning"] = "No alternative text yet"
        shown.append(row)
    return shown


def _terms_of(image, now):
    """What whoever chooses a picture has to know: terms, instructions, the end of its rights, AI."""
    lines = [
        image.usage_terms and f"Terms: {image.usage_terms}",
        image.instructions and f"Instructions: {image.instructions}",
        image.ai and provenance.ai_label(image.ai),
    ]
    if image.rights_until and image.rights_until > now:
        lines.append(f"Rights until {date_format(paper.local(image.rights_until), 'j M Y, H:i')}")
    return list(filter(None, lines))


def _thumbnail_url(image):
    width = next((w for w in image.widths if w >= THUMB), image.widths[-1])
    return reverse("desk_media", args=[image.token, width, "jpg"])


SHAPES = {"expert": expert_rows, "article": article_rows, "image": image_rows}
