"""The pages of experts with a public profile, and what they said on the record.

Of a card they print the name and those parts that the person agreed to show.
"""

from operator import attrgetter

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from articles.models import Edition, EditionText
from articles.rendering import monogram
from experts.channels import public_link
from experts.models import Affiliation, Expert, Portrait, PublicProfile
from experts.models.parts_for_readers import role_line
from newsroom import clock
from newsroom.web import pages

from ..rendering import structured
from . import lists, moved, shell
from .story import redirect

QUOTES_A_PAGE = 30
VOICES_AMONG = 500  # newest stories in which home looks for voices
SAME_AS = {"orcid": "https://orcid.org/{}", "wikidata": "https://www.wikidata.org/wiki/{}",
           "isni": "https://isni.org/isni/{}", "viaf": "https://viaf.org/viaf/{}",
           "scopus": "https://www.scopus.com/authid/detail.uri?authorId={}",
           "bioguide": "https://bioguide.congress.gov/search/bio/{}", "website": "{}"}  # fmt: skip


def portrait_of(expert):
    """An expert's portrait as templates take it, or None without consent or when its rights have ended."""
    face = expert.portrait
    if face is None or not expert.profile.shows("portrait", face.token) or not _is_within_rights(face):
        return None
    return {
        "token": face.token, "widths": face.widths, "face_url": face.face_url, "alt": face.alt, "credit": face.credit,
    }  # fmt: skip


def _is_within_rights(face):
    return face.rights_until is None or face.rights_until > clock.process_time()


@require_safe
def experts(request):
    """Every public expert, by name, with their present role."""
    beat = pages.Beat.now()

    def context(around):
        roles = {}
        agreed = Expert.objects.public().filter(profile__scope__contains=",roles,")
        for role in Affiliation.objects.filter(expert__in=agreed):
            if role.held_on(around.today):
                roles.setdefault(role.expert_id, []).append(role)
        people = [
            {
                "name": expert.display_name, "url": expert.get_absolute_url(), "portrait": portrait_of(expert),
                "attribution": _attribution(expert, roles.get(expert.pk, ())),
                "monogram": monogram(expert.display_name),
            }
            for expert in Expert.objects.public().select_related("portrait", "profile").order_by("sort_name", "pk")
        ]  # fmt: skip
        path = reverse("site:experts")
        return {
            "page": shell.page_context(
                around, "Experts", path, kind="experts",
                description="The people whose knowledge our reporting draws on, and everything they told us.",
                json_ld=structured.collection_data("Experts", path),
            ),
            "people": people,
        }  # fmt: skip

    return shell.answer(request, "site/experts.html", context, beat=beat)


def _attribution(expert, roles):
    """What stands beside somebody's name in the list: the first role that they agreed to show, or their line."""
    shown = [str(role) for role in roles if expert.profile.shows("roles", role_line(role))]
    return shown[0] if shown else _agreed_text(expert, "bio", expert.short_bio)


def _agreed_text(expert, part, text):
    return text if expert.profile.shows(part, text) else ""


@require_safe
def expert(request, slug):
    """A public expert: what they agreed to show, and what they said on the record, each with its story."""
    before = lists.parse_page_key(request.GET.get("before"))
    rows = Expert.objects.public().filter(slug=slug).select_related("portrait", "profile")
    who = rows.annotate(beat=pages.beat()).first()
    if who is None:
        return _answer_without_profile(request, slug)
    path = who.get_absolute_url()

    def context(around):
        stories, older = quotes_by_story(who, before)
        shown = agreed_parts(who, around.today)
        return {
            "page": shell.page_context(
                around, who.display_name, path + (f"?before={request.GET['before']}" if before else ""), kind="expert",
                description=shown["short_bio"], og_type="profile",
                feeds=shell.feed_links(who.display_name, of="expert_", slug=who.slug),
                json_ld=_structured(who.display_name, path, shown),
            ),
            "crumbs": [{"title": "Experts", "url": reverse("site:experts")}],
            "name": who.display_name,
            "shown": shown,
            "monogram": monogram(who.display_name),
            "stories": stories,
            "older_url": f"{path}?before={older}" if older else "",
            "newest_url": path if before else "",
        }  # fmt: skip

    beat = pages.Beat.read(who.beat)
    return shell.answer(request, "site/expert.html", context, beat=beat, mark=f"{who.pk}{who.updated_at}")


def _answer_without_profile(request, slug):
    """A redirect to where this address leads now, 410 for a page that was withdrawn, else 404."""
    if now := moved.expert_now(slug):
        return redirect(reverse("site:expert", args=[now]), request)
    if moved.expert_had_page(slug):
        return _gone(request, reverse("site:expert", args=[slug]))
    raise Http404("Nobody by that name.")


def _gone(request, path):
    """A page that was here and that its person took back: who it was is not said."""

    def context(around):
        page = shell.page_context(around, "No longer here", path, kind="tombstone", robots="noindex")
        return {"page": page | {"canonical": "", "og": {}}}

    return shell.answer(request, "site/expert_gone.html", context, beat=pages.Beat.now(), status=410)


def agreed_parts(who, today):
    """The parts of a card that the person agreed to show, as they agreed to them; all others are empty, not queried."""
    profile = who.profile

    def agreed(part, rows, line):
        return [row for row in rows if profile.shows(part, line(row))] if profile.covers(part) else []

    roles = agreed("roles", who.affiliations.all(), role_line)
    return {
        "portrait": portrait_of(who),
        "native_name": _agreed_text(who, "native_name", who.native_name),
        "native_language": who.native_language if profile.shows("native_name", who.native_name) else "",
        "short_bio": _agreed_text(who, "bio", who.short_bio),
        "bio": _agreed_text(who, "bio", who.bio),
        "roles": roles,
        "now": [role for role in roles if role.held_on(today) and not role.is_former],
        "interests": [
            row for row in agreed("interests", who.disclosures.all(), attrgetter("print_text")) if row.holds_on(today)
        ],
        "languages": [
            {"tag": row.tag, "name": language_name(row.tag)}
            for row in agreed("languages", who.languages.all(), attrgetter("tag"))
        ],
        "topics": [
            {"name": topic.name, "url": topic.get_absolute_url()}
            # One that no live story is filed under has no page, and its name may give a story away.
            for topic in agreed(
                "topics",
                who.topics.filter(
                    Exists(Edition.objects.live().filed_under("topic", pk=OuterRef("pk")))
                ).order_by("name"),
                attrgetter("name"),
            )
        ],
        "links": [
            {"url": url, "name": row.get_scheme_display()}
            for row in agreed("links", who.external_ids.all(), str) if (url := _external_link(row))
        ],
        "channels": [
            {"kind": row.get_kind_display(), "text": row.raw, "url": public_link(row.kind, row.normalized)}
            for row in agreed(
                "channels", who.channels.filter(visibility="public", do_not_use=False), attrgetter("raw")
            )
        ],
    }  # fmt: skip


def language_name(tag):
    """A language's English name, or the tag itself if Django does not know it."""
    try:
        return get_language_info(tag.lower())["name"]
    except KeyError:
        return tag


def _external_link(row):
    url = SAME_AS[row.scheme].format(row.value)
    return url if url.startswith(("https://", "http://")) else ""


def _structured(name, path, shown):
    """Person data from what the page prints; never a telephone number or an e-mail address."""

    def held(role):
        # The page prints a role as stories do, which may leave out its title or its organisation.
        printed, name = str(role), role.organisation.name if role.organisation else ""
        organisation = {"@type": "Organization", "name": name} if name and name in printed else None
        dated = {"@type": "OrganizationRole", "roleName": role.title if role.title in printed else printed}
        dated |= {key: value for key, value in (("startDate", role.start), ("endDate", role.end)) if value}
        return dated | ({"affiliation": organisation} if organisation else {})

    face = shown["portrait"]
    return structured.profile_data(
        name, path,
        alternateName=shown["native_name"],
        description=shown["short_bio"],
        image=structured.absolute_url(f"/media/{face['token']}-{face['widths'][-1]}.jpg") if face else "",
        jobTitle=[role.title if role.title and role.title in str(role) else str(role) for role in shown["now"]],
        affiliation=[held(role) for role in shown["roles"] if role.organisation],
        knowsAbout=[topic["name"] for topic in shown["topics"]],
        knowsLanguage=[row["tag"] for row in shown["languages"]],
        sameAs=[link["url"] for link in shown["links"]],
    )  # fmt: skip


def standing_alone(words):
    """A quotation printed without the sentence around it: it does not end in the comma before “she said”."""
    return words.rstrip().rstrip(",،、").rstrip()


def quotes_by_story(who, before=None):
    """([story with its quotations on the record], key of the next page or ""), newest first. One query."""
    quotes = who.quotes.live().filter(ground_rule="on_record")
    if before:
        at, article = before
        quotes = quotes.filter(
            Q(edition__first_published_at__lt=at) | Q(edition__article_id__lt=article),
            edition__first_published_at__lte=at,
        )
    rows = list(
        quotes.values(
            "words", article=F("edition__article_id"), url=F("edition__path"), headline=F("edition__text__headline"),
            at=F("edition__first_published_at"), language=F("edition__language"),
        )[: QUOTES_A_PAGE + 1]
    )  # fmt: skip
    stories = {}
    for row in rows:
        words = standing_alone(row.pop("words"))
        stories.setdefault(row["article"], row | {"quotes": []})["quotes"].append(words)
    stories = list(stories.values())
    if len(rows) <= QUOTES_A_PAGE:
        return stories, ""
    stories = stories[:-1] or stories  # the last may go on beyond the page
    return stories, lists.page_key(stories[-1]["at"], stories[-1]["article"])


def newest_voices(count):
    """The newest quotations on the record of public experts, one of each expert. At most two queries.

    They are looked for in the newest stories only: of all quotations there ever were, home would grow slower with each.
    """
    newest = Edition.objects.live().newest_first().values("pk")[:VOICES_AMONG]
    rows = (
        Edition.objects.live()
        .filter(pk__in=Subquery(newest))
        .filter(quotes__ground_rule="on_record", quotes__expert__in=Expert.objects.public())
        .order_by("-first_published_at", "-article_id", "quotes__place")
        .values(
            "pk", "path", "language", words=F("quotes__words"), expert=F("quotes__expert_id"),
            name=F("quotes__expert__display_name"), slug=F("quotes__expert__slug"), headline=F("text__headline"),
            token=F("quotes__expert__portrait__token"), width=F("quotes__expert__portrait__width"),
            rights=F("quotes__expert__portrait__rights_until"), scope=F("quotes__expert__profile__scope"),
            agreed=F("quotes__expert__profile__agreed"),
            uid=F("quotes__uid"),
        )[:80]
    )  # fmt: skip
    chosen = {}
    for row in rows:
        if len(chosen) == count:
            break
        chosen.setdefault(row["expert"], row)
    printed = _printed_titles([row["pk"] for row in chosen.values()])
    return [
        {
            "words": standing_alone(row["words"]),
            "url": row["path"],
            "headline": row["headline"],
            "language": row["language"],
            "person": {
                "name": row["name"],
                "url": reverse("site:expert", args=[row["slug"]]),
                "attribution": printed.get((row["pk"], row["uid"]), ""),
                "monogram": monogram(row["name"]),
                "portrait": _agreed_portrait(row),
            },
        }
        for row in chosen.values()
    ]


def _agreed_portrait(row):
    """The portrait of somebody in `voices`, if they agreed to show it."""
    face = Portrait(token=row["token"] or "", width=row["width"] or 0, rights_until=row["rights"])
    consent = PublicProfile(scope=row["scope"], agreed=row["agreed"])
    if not row["token"] or not consent.shows("portrait", row["token"]) or not _is_within_rights(face):
        return None
    return {"face_url": face.face_url}


def _printed_titles(editions):
    """The titles that editions printed: {(edition id, uid of a quotation): title}. One query.

    They are found by uid, since the frozen card may have been merged into another one since.
    """
    printed = {}
    rows = EditionText.objects.filter(pk__in=editions).values_list("pk", "data__people", "data__quotes")
    for pk, people, quotes in rows:
        titles = {who["expert"]: who.get("attribution", "") for who in people or []}
        printed |= {(pk, quote["uid"]): titles.get(quote["expert"], "") for quote in quotes or []}
    return printed
