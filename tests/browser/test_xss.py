"""Attack strings are sent through every form that takes words and opened in Chromium: none of them runs.

Of the strings, which others collected, the browser opens those that have every part of all and everything that the
sanitiser leaves of any, or, where nothing is sanitised, every part alone; of those, half as headlines and a third
against the content policy. `make test-all` has it open each. That all of them stay words in every field is shown
without a browser by tests/site/test_attacks.py.
"""

import html
from unittest import mock

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from articles import rendering
from articles.actions import take, writing
from articles.body import schema
from articles.models import Agency, Article, Comment, Edition, EditionText, Image, Rendering, Revision
from articles.site import discuss
from experts.models import Expert
from newsroom import clock
from newsroom.desk.base import CONTROLS

from ..attacks import distinct, distinct_as_words, packed, vectors
from ..base import make_public
from ..extent import EVERYTHING
from ..pictures import jpeg
from .attack import AT_ONCE, Arena

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
SHARDS = 4 if EVERYTHING else 2
HALF = 1 if EVERYTHING else 2
EDITOR = ".prose-editor > .ProseMirror"


def opened():
    """The strings that a browser opens where a sanitiser stands between."""
    return vectors() if EVERYTHING else distinct(vectors())


def opened_as_words():
    """The strings that a browser opens where they are only escaped."""
    return vectors() if EVERYTHING else distinct_as_words(vectors())


@pytest.fixture
def arena(browser, browser_context_args, live_server, login):
    """Open a browser for attacks: arena(somebody) signed in, arena(bypass_csp=True) without the content policy."""
    contexts = []

    def enter(user=None, **options):
        context = browser.new_context(**{**browser_context_args, **options})
        contexts.append(context)
        if user:
            login(user, context)
        arena = Arena(context.new_page(), live_server.url)
        if user:
            # As signing in does: of pages opened at once each would be given a token of its own, and one of them kept.
            arena.open([admin("password_change")])
        return arena

    yield enter
    for context in contexts:
        # Leave while the database still exists: a request under way would meet the flush.
        for page in context.pages:
            page.goto("about:blank")
        context.close()


@pytest.fixture
def login(live_server):
    def sign_in(user, context):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


def printable(string):
    """A string without the control characters that every form refuses."""
    return "".join(sign for sign in string if sign not in CONTROLS)


def clean(string, room):
    """A string as a field of one line takes it, cut to its room."""
    return " ".join(printable(string).split())[:room] or "-"


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


class Desk:
    """Somebody of the staff at the desk's real forms."""

    def __init__(self, user):
        self.user = user
        self.client = Client()
        self.client.force_login(user)

    def send(self, url, data, **more):
        """Send a form and insist that it is taken."""
        response = self.client.post(url, data, **more)
        if response.status_code not in (201, 302):
            context = response.context or {}
            form = context["adminform"].form if "adminform" in context else context.get("form")
            raise AssertionError(f"{url}: {response.status_code} {form.errors if form else response.content[:300]}")
        return response

    def expert(self, words, number, whole=True):
        """A new card, named by an attack, with a page that readers may open; `whole` fills in every part of it."""
        data = {"display_name": clean(words, 160), "title": clean(words, 160), "organisation": f"Office {number}"}
        pk = self.send(reverse("desk:expert"), data | {"anyway": "1"}).json()["id"]
        expert = make_public(Expert.objects.get(pk=pk))
        if not whole:
            return expert
        about = {"slug": f"expert-{number}", "short_bio": clean(words, 140), "bio": clean(words, 2500)}
        called = {"display_name": data["display_name"], "native_name": clean(words, 160), "kind": "person",
                  "pronunciation": clean(words, 160), "variants-TOTAL_FORMS": 0,
                  "variants-INITIAL_FORMS": 0}  # fmt: skip
        barred = {"kind": "contact", "reason": clean(words, 300), "medium": "live"}
        for part, typed in (("about", about), ("names", called), ("bars", barred)):
            seen = Expert.objects.get(pk=pk).version
            self.send(admin("experts_expert_part", pk, part), typed | {"seen": seen})
        self.send(admin("experts_expert_log", pk), {"log-outcome": "reached", "log-note": clean(words, 900)})
        return Expert.objects.get(pk=pk)

    def picture(self, words):
        data = {"file": jpeg(64, 48), "alt": clean(words, 300), "caption": clean(words, 600),
                "credit": clean(words, 160), "source": clean(words, 200)}  # fmt: skip
        self.send(admin("articles_image_add"), data)
        return Image.objects.latest("pk")

    def agency(self, words, number):
        self.send(
            admin("articles_agency_add"), {"name": f"{clean(words, 115)} {number}", "usage_terms": clean(words, 900)}
        )
        return Agency.objects.latest("pk")

    def begin(self, cast, words):
        """Start a story on the page where stories start."""
        start = {"catchline": clean(words, 80), "headline": clean(words, 160), "section": cast.world.pk,
                 "genre": "news", "origin": "agency", "language": "en"}  # fmt: skip
        self.send(admin("articles_article_add"), start | {"_start": "1"})
        return Article.objects.latest("pk"), start

    def story(self, cast, groups, body, number, **more):
        """Start a story and fill in its whole form, with an attack in every field that takes words.

        The two fields with room for it hold all of a group.
        """
        words = groups[0]
        article, start = self.begin(cast, words)
        empty = {f"{rows}-{kind}_FORMS": 0 for rows in ("bylines", "appearances", "attributions")
                 for kind in ("TOTAL", "INITIAL")}  # fmt: skip
        source = {"kind": "second_hand", "description": clean(words, 200), "outlet": clean(words, 120)}
        source = {"attributions-TOTAL_FORMS": 1} | {f"attributions-0-{name}": value for name, value in source.items()}
        page = {"short_headline": 80, "seo_title": 70, "social_title": 100, "label": 40,
                "dateline": 80, "budget_line": 200, "embargo_terms": 300}  # fmt: skip
        data = start | empty | source | {name: clean(words, room) for name, room in page.items()} | more
        data |= {"standfirst": clean(groups[-1], 600), "lead_caption": clean(groups[1 % len(groups)], 600)}
        data |= {"body": body, "slug": f"attack-{number}", "base_version": article.version, "priority": 3,
                 "discussion": "pre", "_save": "1"}  # fmt: skip
        self.send(admin("articles_article_change", article.pk), data)
        article.refresh_from_db()
        return article


def publish(cast, article):
    """Publish a draft in one step, as a paper without four-eyes may."""
    seen = take.seen_token(article)
    take.take(article, take.EXPRESS, by=cast.max, seen=seen, waive=["*"], waive_note="a test")
    return article.editions.get()


def body_with(groups, expert, pictures):
    """A text with attacks wherever words may stand in it, and pictures with theirs.

    Each is there as the sanitiser leaves it alone, and all of them are there raw at the end, where
    one that opens a comment may swallow the next.
    """
    parts = ["<p>It begins.</p>"]
    for group, picture in zip(groups, pictures, strict=True):
        words = html.escape(" ".join(group))
        parts += [f"<p>{words}</p>", *map(schema.sanitise, group)]
        parts += [f'<p><q data-expert="{expert.pk}">{words}</q><sup data-footnote="{words[:900]}"></sup></p>']
        parts += [f'<figure data-image="{picture.pk}"></figure>']
        parts += [f'<figure data-image="{picture.pk}"><figcaption>{group[0]}</figcaption></figure>']
        parts += [f"<aside data-box='facts'><h3>{words}</h3><p>{group[0]}</p></aside>"]
    parts += [string for group in groups for string in group]
    return printable("".join(parts))


def assert_quiet(arena):
    assert arena.ran == []
    assert arena.thrown == []
    assert arena.suspicious == []
    assert arena.blocked == [], "the policy had to stop what should not have come so far"


@pytest.fixture
def paper(cast):
    """A paper without four-eyes, where one move publishes."""
    cast.publication.four_eyes = False
    cast.publication.save()
    return cast


@pytest.mark.parametrize("shard", range(2))
def test_no_attack_runs_in_a_story_its_form_or_its_editor(paper, arena, shard):
    edith, sami, pia, max_ = Desk(paper.edith), Desk(paper.sami), Desk(paper.pia), Desk(paper.max)
    articles, experts = [], []
    # A text holds what four captions hold, and each is the caption of a picture in it.
    captions = packed(opened(), 600)[shard::2]
    for number, start in enumerate(range(0, len(captions), 4)):
        groups = captions[start : start + 4]
        words = [" ".join(group) for group in groups]
        expert, agency = sami.expert(" ".join(words), number), max_.agency(words[0], number)
        pictures = [pia.picture(caption) for caption in words]
        body = body_with(groups, expert, pictures)
        articles.append(edith.story(paper, words, body, number, lead_image=pictures[0].pk, credit=agency.pk))
        experts.append(expert)
    staff = arena(paper.max)
    staff.open([article.get_absolute_url() for article in articles], ready=EDITOR)

    editions = [publish(paper, article) for article in articles]
    staff.open([admin("articles_article_versions", article.pk) + "?a=1&b=2" for article in articles])
    staff.open([article.get_absolute_url() for article in articles])  # published, it is there to read
    staff.open([admin("experts_expert_change", expert.pk) for expert in experts])
    staff.open([admin("articles_image_change", pk) for pk in Image.objects.values_list("pk", flat=True)])
    staff.open([admin("index"), *lists()])
    assert_quiet(staff)
    readers = arena()
    readers.open([edition.path for edition in editions] + [expert.get_absolute_url() for expert in experts])
    readers.open(["/", "/world/", "/search/?q=attack", "/experts/", "/archive/"])
    assert_quiet(readers)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_attack_runs_in_a_headline_a_credit_or_a_name(paper, arena, shard):
    # So short are these that each string needs a story and a card nearly to itself.
    edith, sami, max_ = Desk(paper.edith), Desk(paper.sami), Desk(paper.max)
    public, cards = [], []
    for number, group in enumerate(packed(opened_as_words(), 160)[shard * HALF :: SHARDS * HALF]):
        words = " ".join(group)
        expert, agency = sami.expert(words, number, whole=False), max_.agency(words, number)
        article, _ = edith.begin(paper, words)
        article.slug, article.credit, article.body = f"attack-{number}", agency, "<p>It begins.</p>"
        article.save()
        writing.save_revision(article, by=paper.edith, seen_version=article.version)
        public += [publish(paper, article).path, expert.get_absolute_url()]
        assert Client().get(expert.get_absolute_url()).status_code == 200, "nothing runs on a page that is not there"
        if number < AT_ONCE:  # the lists show every name
            cards += [admin("experts_expert_change", expert.pk)]

    readers = arena()
    readers.open(["/", "/world/", "/search/?q=attack", "/experts/", "/archive/", *public])
    assert_quiet(readers)
    staff = arena(paper.max)
    staff.open([admin("index"), *lists(), *cards])
    assert_quiet(staff)


def lists():
    names = ["articles_article", "articles_image", "experts_expert", "articles_agency"]
    return [f"{admin(name + '_changelist')}?p={page}" for name in names for page in (1, 2)]


def test_no_attack_runs_in_a_comment(cast, arena):
    strings = opened_as_words()
    story = cast.make_article(state="published")
    url = reverse("site:discuss", args=[story.uid])
    stamp = discuss.form_token(story.uid, clock.process_time().date())
    for number, string in enumerate(strings):
        body = printable(string).strip()[:2000] or "-"
        data = {"name": clean(string, 60), "body": body, "token": stamp}
        sender = f"10.1.{number // 250}.{number % 250}"
        response = Client(REMOTE_ADDR=sender).post(url, data)
        assert response.status_code == 302, (string, response.context["form"].errors)
    assert Comment.objects.pending().count() == len(strings)

    queue = admin("articles_comment_changelist")
    moderator = arena(cast.mona)
    moderator.open([admin("index"), *[f"{queue}?p={page}" for page in range(1, 1 + len(strings) // 50)]])
    mona = Desk(cast.mona)
    while pending := list(Comment.objects.pending().values_list("pk", flat=True)[:200]):
        mona.send(queue, {"action": "approve", "_selected_action": pending})
    some = Comment.objects.values_list("pk", flat=True).order_by("pk")[::60]
    moderator.open([f"{queue}?state=published", *[admin("articles_comment_change", pk) for pk in some]])
    assert_quiet(moderator)

    ids = list(Comment.objects.published().order_by("pk").values_list("pk", flat=True))
    readers = arena()
    readers.open([story.editions.get().path, url, *[f"{url}?after={pk}" for pk in ids[99::100]]])
    assert_quiet(readers)


# --- the second line of defence, and the proof that these tests can fail ----------------------------


def raw_stories(cast, strings):
    """Live stories that hold the strings as they are, as if nothing had ever sanitised or escaped them."""
    first = cast.make_article(state="published").editions.get()
    page = rendering.rendering_of(first)
    articles = Article.objects.bulk_create(
        Article(headline="Raw", slug=f"raw-{number}", section=cast.world, state="published", created_by=cast.rana)
        for number in range(len(strings))
    )
    for article, string in zip(articles, strings, strict=True):
        article.body = string
    Article.objects.bulk_update(articles, ["body"])
    revisions = Revision.objects.bulk_create(
        Revision(article=article, number=1, content=first.revision.content | {"body": article.body}, by=cast.rana,
                 at=first.live_from)
        for article in articles
    )  # fmt: skip
    columns = "section genre language live_from first_published_at changed_at kind number by".split()
    same = {name: getattr(first, name) for name in columns}
    editions = Edition.objects.bulk_create(
        Edition(article=article, revision=revision, path=first.path.replace("six-ports", article.slug), **same)
        for article, revision in zip(articles, revisions, strict=True)
    )
    EditionText.objects.bulk_create(
        EditionText(edition=edition, headline="Raw", body=string, data=first.text.data)
        for edition, string in zip(editions, strings, strict=True)
    )
    before, words, after = page.main_html.partition("<p>The text runs")
    assert words, "the page has no such paragraph to put them before"
    Rendering.objects.bulk_create(
        Rendering(edition=edition, template_version=page.template_version, card_html=page.card_html,
                  rendering_version=page.rendering_version, main_html=before + string + words + after)
        for edition, string in zip(editions, strings, strict=True)
    )  # fmt: skip
    return editions


@pytest.mark.parametrize("shard", range(SHARDS if EVERYTHING else 1))
def test_the_content_policy_alone_stops_every_attack(cast, arena, shard):
    strings = opened()[shard :: SHARDS if EVERYTHING else 1]
    editions = raw_stories(cast, strings)
    readers = arena()
    readers.open([edition.path for edition in editions])
    assert readers.ran == []
    assert len(readers.blocked) > 50, "little had to be stopped: were they there at all?"

    # A form with a field named parentNode sends the editor's own walk up the tree round in circles. Nothing of it
    # runs, but the page never ends; with the sanitiser on, above, no form reaches the editor.
    together = ["".join(group) for group in packed([s for s in strings if "name=parentNode" not in s], 1200)]
    stories = [edition.article_id for edition in editions[: len(together)]]
    for pk, body in zip(stories, together, strict=True):
        Article.objects.filter(pk=pk).update(body=body)
    with mock.patch.object(schema, "sanitise", lambda given: given or ""):
        staff = arena(cast.max)
        staff.open([admin("articles_article_change", pk) for pk in stories])
    assert staff.ran == []
    assert staff.blocked


def test_attacks_that_nothing_stops_are_seen_to_run(cast, arena):
    editions = raw_stories(cast, opened())
    free = arena(bypass_csp=True)
    free.open([edition.path for edition in editions])
    kinds = ("RAN", "script:", "request:")
    seen = {kind: sum(entry.startswith(kind) for entry in free.ran) for kind in kinds}
    assert min(seen.values()) > 0, seen
    assert seen["RAN"] > 30 and seen["script:"] > 20, seen
    assert free.thrown and free.suspicious

    Article.objects.filter(pk=editions[0].article_id).update(body="<p>Read</p><img src=x onerror=alert(1)>")
    with mock.patch.object(schema, "sanitise", lambda given: given or ""):
        staff = arena(cast.max, bypass_csp=True)
        staff.open([admin("articles_article_change", editions[0].article_id)])
    assert any(entry.startswith("RAN alert(1)") for entry in staff.ran)
