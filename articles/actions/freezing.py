"""Freezing: a revision's words become an edition's, complete, so that nothing about them changes afterwards."""

from dataclasses import asdict

from experts.models import Expert
from newsroom import paper
from newsroom.ai_use import statements
from newsroom.models import Publication, Topic

from .. import genres
from ..body import plain, references, strip
from ..body.designations import Register
from ..models import (
    EditionContributor,
    EditionExpert,
    EditionSection,
    EditionText,
    EditionTopic,
    EmbedHost,
    FormerFile,
    Image,
    ImageUse,
    PictureRuling,
    Quote,
    RunsAs,
    Section,
)
from .people import merged_cards, terms

LINKS = (EditionSection, EditionTopic, EditionContributor, EditionExpert)


def words_of(article, revision, edition, extra):
    """The EditionText of a revision, unsaved. `extra` is merged into its data."""
    content = merged_cards.content_with_standing_cards(revision.content)
    body = strip.without_desk_notes(content["body"])
    section = Section.objects.get(pk=content["section"])
    language = content["language"]
    found = references.references_of(body, language=language)
    lead = content.get("lead_image") or {}
    pictures = pictures_as_data(found.images, lead, content.get("pictures", {}))
    label = content["label"] or genres.GENRES[content["genre"]].label
    data = (
        {
            "uid": str(article.uid),
            "bylines": content["bylines"],
            "credit": content["credit"] and {"name": content["credit"]["name"]},
            "origin": content["origin"],
            "dateline": content["dateline"],
            "seo_title": content["seo_title"],
            "social_title": content["social_title"],
            "people": terms.people_to_name(content, edition.live_from),
            "quotes": terms.quotes_to_freeze(content["quotes"], edition.live_from),
            "attributions": [{"description": a["description"], "outlet": a["outlet"]} for a in content["attributions"]],
            "legal_notes": legal_notes(body, edition),
            "topics": list(
                Topic.objects.filter(pk__in=content["topics"]).order_by("name").values("id", "name", "slug")
            ),
            "section": {"id": section.pk, "name": section.name, "slug": section.slug},
            "sections": content["sections"],
            "genre_facts": content["genre_facts"],
            "ai": ai_statements(content),
            "word_count": plain.word_count(body),
            "discussion": content["discussion"],
            "labels": {
                "label": label,
                "card_label": label or section.name,
                "colour": genres.GENRES[content["genre"]].colour,
            },
            "withdrawn_spans": [],
            "embeds": embeds_as_data(found.embeds),
        }
        | pictures
        | extra
    )
    return EditionText(
        edition=edition,
        headline=content["headline"],
        short_headline=content["short_headline"],
        standfirst=content["standfirst"],
        body=body,
        plain=plain.plain_text_of(body, language=language),
        label=label,
        data=data,
    )


def ai_statements(content):
    """What readers are told of AI tools, as the paper prints it today: [{"kind", "used", "words"}]."""
    if not (record := content.get("ai_use")):
        return []
    publication = Publication.objects.current() or Publication()
    said = statements(record, publication.ai_policy, content["language"], publication.language)
    return [{"kind": kind, "used": used, "words": words} for kind, used, words in said]


def words_again(words, edition, extra):
    """The same words for another edition, with `extra` in place of what its data held."""
    return EditionText(
        edition=edition,
        headline=words.headline,
        short_headline=words.short_headline,
        standfirst=words.standfirst,
        body=words.body,
        plain=words.plain,
        label=words.label,
        data=words.data | extra,
    )


def embeds_as_data(addresses):
    """{address: what an edition prints for it}, of addresses on the desk's list; one query, or none without any.

    A later change of the list changes no edition. What is switched off is kept as well: a page shows no frame of it.
    """
    allowed = EmbedHost.objects.allow_list() if addresses else None
    found = {address: allowed.embed_of(address, on=False) for address in addresses}
    return {address: asdict(embed) for address, embed in found.items() if embed}


def pictures_as_data(numbers, lead, said=()):
    """The pictures of an edition as its data holds them, with the words in `said`.

    One whose file has not come yet is left out.
    """
    wanted = set(numbers) | ({lead["id"]} if lead else set())
    images = Image.objects.in_bulk(wanted)
    images = {pk: image for pk, image in images.items() if image.original or not image.imported_from}
    words = {pk: dict(said).get(str(pk)) or image.words() for pk, image in images.items()}
    files = files_of(images, {pk: of.get("file", 1) for pk, of in words.items()})
    rulings = PictureRuling.objects.in_force([image for image in images.values() if image.ai])
    printed = {
        pk: picture_as_data(image, words[pk], files[pk], rulings.get(pk)) for pk, image in images.items()
    }  # fmt: skip
    return {
        "lead_image": _lead_as_data(printed[lead["id"]], lead) if lead and lead["id"] in images else None,
        "images": {str(pk): data for pk, data in printed.items() if pk in numbers},
    }


def files_of(images, wanted):
    """{image id: the Image itself or its FormerFile}: the files that a revision shows, by their numbers in `wanted`.

    One query, or none where every picture still has the file that is wanted.
    """
    replaced = [pk for pk, image in images.items() if wanted[pk] != image.file_number]
    former = FormerFile.objects.filter(image__in=replaced) if replaced else ()
    by_number = {(file.image_id, file.number): file for file in former}
    return {pk: by_number.get((pk, wanted[pk]), image) for pk, image in images.items()}


def picture_as_data(image, words=None, file=None, ruling=None):
    """What an edition prints of a picture: the words that a revision holds of it, else those of the library.

    `file` is the one that the revision shows, the picture's own or a former one; `ruling` is the picture desk's word.
    """
    words, file = words or image.words(), file or image
    data = {
        "id": image.pk,
        "token": file.token,
        "width": file.width,
        "height": file.height,
        "widths": file.widths,
        "alt": words["alt"],
        "caption": words["caption"],
        "credit": words["credit"],
    }
    if ai := words.get("ai") or image.ai:
        data["ai"] = str(ai)
        data["illustration"] = bool(ruling and ruling.runs_as == RunsAs.ILLUSTRATION)
    if image.source_type:
        data["source_type"] = image.source_type
    if file.credentials:
        data["credentials"] = file.credentials
    return data


def _lead_as_data(printed, lead):
    """What an edition prints of its main picture: with the story's own caption, and the credit a correction gave."""
    printed = printed | {"caption": lead.get("caption") or printed["caption"]}
    return printed | {"credit": lead["credit"]} if "credit" in lead else printed


def legal_notes(body, edition, at=None):
    """The legal notes that this body wants on the day the edition begins, or at another moment, as data."""
    day = paper.day_of(at or edition.live_from)
    notes = Register.on(day, edition.language).notes_for(body)
    return [note._asdict() for note in notes]  # with the form, by which a later rendering finds the place again


def notes_as_data(corrections):
    """Corrections as an edition carries them, oldest first."""
    return [
        {
            "kind": note.kind,
            "was": note.was,
            "became": note.became,
            "reader_text": note.reader_text,
            "at": note.at.isoformat(),
        }
        for note in corrections
    ]


def link_edition(edition, text):
    """Write the rows by which lists, pictures and profiles find an edition."""
    if edition.is_tombstone:
        return
    data = text.data
    key = {
        "edition": edition,
        "first_published_at": edition.first_published_at,
        "article_id": edition.article_id,
        "listed": edition.listed,
    }
    sections = dict.fromkeys([edition.section_id, *data["sections"]])
    parent = edition.section.parent_id
    if parent:
        sections.setdefault(parent)
    EditionSection.objects.bulk_create(EditionSection(section_id=pk, **key) for pk in sections)
    EditionTopic.objects.bulk_create(EditionTopic(topic_id=topic["id"], **key) for topic in data["topics"])
    people = {line["contributor"]: line["role"] for line in reversed(data["bylines"])}
    EditionContributor.objects.bulk_create(
        EditionContributor(contributor_id=pk, role=role, **key) for pk, role in people.items()
    )
    with_a_card = set(Expert.objects.filter(pk__in=[q["expert"] for q in data["quotes"]]).values_list("pk", flat=True))
    roles = {a["expert"]: a.get("role", "expert") for a in data["people"]}
    named = Expert.objects.filter(pk__in=roles).values_list("pk", flat=True)
    EditionExpert.objects.bulk_create(EditionExpert(expert_id=pk, role=roles[pk], **key) for pk in named)
    Quote.objects.bulk_create(
        Quote(
            edition=edition, expert_id=q["expert"], uid=q["uid"], words=q["words"], ground_rule=q["ground_rule"],
            kind=q.get("kind", "full"), origin=q.get("origin", ""), place=place,
        )
        for place, q in enumerate(data["quotes"])
        if q["expert"] in with_a_card
    )  # fmt: skip
    printed = [*data["images"].values(), *filter(None, [data["lead_image"]])]
    shown = {picture["id"]: picture["token"] for picture in printed}
    images = Image.objects.only("token").in_bulk(shown)
    replaced = [shown[pk] for pk, image in images.items() if image.token != shown[pk]]
    former = FormerFile.objects.filter(token__in=replaced) if replaced else ()
    files = {file.image_id: file for file in former}
    ImageUse.objects.bulk_create(ImageUse(image_id=pk, edition=edition, file=files.get(pk)) for pk in images)


def unlink_edition(edition):
    """Drop the rows by which lists find an edition that is over; what pictures and quotes belong to stays."""
    for model in LINKS:
        model.objects.filter(edition=edition).delete()
