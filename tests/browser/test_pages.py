"""Every kind of page, light and dark, on a phone and on a desk: axe finds nothing, the console stays silent.

The pages are opened as production would serve them, strict content policy and all.
"""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test.signals import template_rendered
from django.urls import reverse
from playwright.sync_api import TimeoutError

from articles.actions import assignments, debts, discussion, images, notify, take, views
from articles.models import Agency, Comment, Contributor, CorrectionDraft, Designation, Front, State
from experts.models import Organisation
from newsroom import clock
from newsroom import paper as days
from newsroom.models import PolicyPage

from ..extent import EVERYTHING
from ..pictures import jpeg
from .test_editor import every_word

pytestmark = pytest.mark.slow

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
# A scheme changes colours and nothing else, so where a size has both, the dark one is asked the rules about colour
# alone. Each template is asked each rule at each size and each colour in each scheme; a page of templates that were all
# seen on pages before, at one size, by turns. `make test-all` asks every page every pair of them.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
BOTH = {"light": {}, "dark": COLOURS}
SCHEMES = {"phone": BOTH, "desk": BOTH} if EVERYTHING else {"phone": {"dark": {}}, "desk": {"light": {}}}
AXE = Axe().axe_script
# No preload: axe would fetch the style sheets once more, for rules that are off by default.
VIOLATIONS = """async ([without, options]) => {
    const { violations } = await axe.run(without, { resultTypes: ["violations"], preload: false, ...options });
    return violations.map(({ id, nodes }) => ({
        id, nodes: nodes.slice(0, 3).map(({ target, html }) => `${target.join(" ")}: ${html.slice(0, 160)}`),
    }));
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Django's own: select2's list boxes have roles that axe wants named (the select behind them is), and the tables
# of its inlines a first and a last column without a head.
THEIRS = [".select2-container", ".tabular thead"]
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of 4(04|09|10|51)")


@pytest.fixture
def paper(cast):
    """A newspaper with something on every kind of page."""
    cast.picture = images.take_in(jpeg(), by=cast.pia, alt="Cranes over a dock", caption="The dock", credit="Pia")
    register = Designation.objects.create(name="Karst Brigade", listing="Security register")
    register.notes.create(language="en", text="Karst Brigade is banned in Verrany.")
    Agency.objects.create(name="North Wire")
    cast.expert.topics.add(cast.topic)
    cast.expert.affiliations.create(title="harbour judge", organisation=Organisation.objects.called("Orle Institute"))
    Contributor.objects.update(line="Reports on ports", bio="She has reported on harbours since 2011.")
    cast.policy = PolicyPage.objects.create(
        slug="corrections", title="How we correct", public=True,
        body="<h2>First</h2><p>We <a href='/corrections/'>say so</a>.</p>",
    )  # fmt: skip
    cast.other = published(cast, headline="Another story altogether", slug="another")
    body = (
        every_word(cast, cast.other, cast.picture) + "<p>It was a post-Karst Brigade-era port, the authority said.</p>"
    )
    cast.story = published(cast, headline="Six harbours sign", body=body, lead_image=cast.picture, genre="analysis")
    correct(cast, cast.story)
    cast.arabic = published(cast, headline="ستة موانئ تتفق", standfirst="قائمة واحدة", slug="sitta", language="ar",
                            body="<p>النص في إحدى عشرة صفحة، قالت سلطة الميناء.</p><h2>عنوان</h2>")  # fmt: skip
    cast.gone, cast.banned = published(cast, slug="gone"), published(cast, slug="banned")
    withdraw(cast, cast.gone, "legal_complaint")
    withdraw(cast, cast.banned, "legal_order")
    edition = cast.story.editions.live().get()
    for number, words in enumerate(("Well said.", "Is it eleven pages?\n\nI counted twelve.", "Waiting to be read.")):
        comment = discussion.post_comment(edition, name="A reader", email="", body=words, sender=str(number))
        if number < 2:
            discussion.decide_comment(comment, Comment.State.PUBLISHED, by=cast.mona)
    cast.draft = cast.make_article(headline="A draft", slug="draft", body=body, lead_image=cast.picture)
    cast.submitted = cast.make_article(headline="To be read", slug="submitted", state=State.SUBMITTED)
    cast.approved = cast.make_article(headline="To be published", slug="approved", state=State.APPROVED)
    return cast


def move(article, name, by, **data):
    take.take(article, name, by=by, seen=take.seen_token(article), **data)
    article.refresh_from_db()


def published(cast, **changes):
    return cast.make_article(state=State.PUBLISHED, **changes)


def correct(cast, article):
    move(
        article, "correct", cast.rana, kind="correction", was="seven", became="six", reader_text="It is six.",
        changes={"headline": f"{article.headline} at last"},
    )  # fmt: skip
    move(article, "confirm-correction", cast.edith, draft=CorrectionDraft.objects.get().pk)


def withdraw(cast, article, reason):
    move(article, "withdraw", cast.max, reason=reason, note="a test", reader_text="It is gone.")


class Inspector:
    """Opens addresses at every size and in every scheme; `found` is what axe, console and layout have against them."""

    def __init__(self, page, origin):
        self.page, self.origin, self.found, self.heard = page, origin, [], []
        self.templates, self.of_page, self.turn = set(), set(), 0
        template_rendered.connect(self._note_template)
        page.on("pageerror", lambda error: self.heard.append(f"exception: {error}"))
        page.on("console", self._listen)

    def _listen(self, message):
        if message.type == "error" and not ANSWERED.match(message.text) and "/favicon.ico" not in str(message.location):
            self.heard.append(message.text)

    def _note_template(self, template, **_):
        self.of_page.add(template.name)

    def sizes(self):
        """The sizes at which axe is asked about the page: both, unless other pages showed all of its templates."""
        if EVERYTHING or self.of_page - self.templates:
            self.templates |= self.of_page
            return list(reversed(SIZES))
        self.turn += 1
        return [list(SIZES)[self.turn % len(SIZES)]]

    def told(self):
        return "\n".join(" | ".join(one) for one in dict.fromkeys(map(tuple, self.found)))

    def look(self, name, path, ready="main, #content", without=(), status=200):
        self.page.set_viewport_size(SIZES["phone"])
        self.of_page.clear()
        answer = self.page.goto(f"{self.origin}{path}")
        assert answer.status == status, (name, path, answer.status)
        self.page.locator(ready).first.wait_for()
        for size, viewport in SIZES.items():
            self.page.set_viewport_size(viewport)
            with suppress(TimeoutError):  # the editor's tools take their places a moment after the page has come
                self.page.wait_for_function(f"({WIDER}) <= 0", timeout=5000)
            if (wide := self.page.evaluate(WIDER)) > 0:
                self.found.append((name, size, f"scrolls sideways by {wide} px"))
        # What is heard from here on may be axe's own doing: it writes styles into the page.
        self.found += [(name, text) for text in self.heard]
        self.page.evaluate(AXE)
        for size in self.sizes():
            self.page.set_viewport_size(SIZES[size])
            self.ask_axe(name, size, without)
        self.page.goto("about:blank")  # by then everything has been heard
        self.heard.clear()

    def ask_axe(self, name, size, without):
        for scheme, options in SCHEMES[size].items():
            self.page.emulate_media(color_scheme=scheme)
            # The admin's links and buttons take their time to change colour.
            self.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
            exclude = {"exclude": [[selector] for selector in without]}
            for rule in self.page.evaluate(VIOLATIONS, [exclude, options]):
                self.found.append((name, size, scheme, rule["id"], *rule["nodes"]))


@pytest.fixture
def inspector(page, live_server):
    return Inspector(page, live_server.url)


def path_of(article):
    return article.editions.order_by("-number").first().path


def test_every_public_page_passes_axe(paper, inspector):
    day = f"{clock.process_time():%Y/%m/%d}"
    story = path_of(paper.story)
    for name, path in {
        "home": "/",
        "section": "/world/",
        "empty section": "/politics/",
        "story": story,
        "Arabic story": path_of(paper.arabic),
        "history": f"{story}history/",
        "topic": "/topics/shipping/",
        "contributor": paper.rana_by.get_absolute_url(),
        "expert": paper.expert.get_absolute_url(),
        "experts": "/experts/",
        "search": "/search/",
        "found": "/search/?q=harbours&sort=newest",
        "not found": "/search/?q=zebra",
        "archive": "/archive/",
        "day": f"/archive/{day}/",
        "corrections": "/corrections/",
        "discussion": f"/discuss/{paper.story.uid}/",
        "comment sent": f"/discuss/{paper.story.uid}/?sent=1",
        "policy": paper.policy.get_absolute_url(),
    }.items():
        inspector.look(name, path)
    inspector.look("missing", "/world/2020/01/01/nothing/", status=404)
    inspector.look("withdrawn", path_of(paper.gone), status=410)
    inspector.look("banned", path_of(paper.banned), status=451)
    assert not inspector.found, inspector.told()


def test_the_page_of_an_unopened_paper_passes_axe(transactional_db, inspector):
    inspector.look("not opened", "/")
    assert not inspector.found, inspector.told()


def admin(name, *args):
    return reverse(f"admin:{name}", args=args)


def test_every_page_of_a_story_on_the_desk_passes_axe(paper, inspector, login):
    inspector.look("login", admin("login"))
    login(paper.max)
    editor = ".prose-editor > .ProseMirror"
    change, move = "articles_article_change", "articles_article_move"
    inspector.look("index", admin("index"))
    inspector.look("list", admin("articles_article_changelist"))
    inspector.look("found", admin("articles_article_changelist") + "?q=harbours&state=published")
    inspector.look("start", admin("articles_article_add"))
    inspector.look("form", admin(change, paper.draft.pk), ready=editor, without=THEIRS)
    inspector.look("form to read", admin(change, paper.story.pk), without=THEIRS)
    inspector.look("send back", admin(move, paper.submitted.pk, "send-back"))
    inspector.look("schedule", admin(move, paper.approved.pk, "schedule"))
    inspector.look("correct", admin(move, paper.story.pk, "correct"), ready=editor)
    inspector.look("withdraw", admin(move, paper.story.pk, "withdraw"), without=THEIRS)
    inspector.look("refused move", admin(move, paper.draft.pk, "approve"), status=409)
    inspector.look("editions", admin("articles_article_editions", paper.story.pk))
    inspector.look("edition", admin("articles_article_edition", paper.story.pk, 2))
    inspector.look("versions", admin("articles_article_versions", paper.story.pk))
    inspector.look("moves", admin("articles_article_history", paper.story.pk))
    inspector.look("sign off", admin("articles_article_signoff", paper.submitted.pk, "facts"))
    assert not inspector.found, inspector.told()


def test_every_page_of_planning_passes_axe(paper, inspector, login):
    today = days.today()
    for number, name in enumerate(("fleet", "ballots", "eels")):
        planned = {"planned_for": today - timedelta(days=number % 2), "legal_wanted": True, "picture_wanted": True}
        paper.make_article(catchline=name, slug=name, due_at=clock.process_time() - timedelta(hours=1), **planned)
    paper.draft.assignee = paper.max
    paper.draft.save()
    assignments.note_assignee(paper.draft, by=paper.edith)
    debts.owe(paper.story, ["second_look", "copy"], revision=paper.story.revisions.first(), by=paper.dana)
    login(paper.max)
    views.save_view(paper.max, "news", name="World", query="section=1")
    inspector.look("front page", admin("index"))
    inspector.look("news list", reverse("desk:news_list"))
    inspector.look("board", reverse("desk:news_list") + "?as=board")
    inspector.look("calendar", reverse("desk:calendar"))
    inspector.look("views", reverse("desk:views"))
    inspector.look("assignment", reverse("desk:assignment", args=[paper.draft.assignments.get().pk]))
    assert not inspector.found, inspector.told()


def test_every_other_page_of_the_desk_passes_axe(paper, inspector, login):
    login(paper.max)
    front = Front.objects.first()
    rows = {
        "articles_image": paper.picture, "articles_section": paper.world, "articles_contributor": paper.rana_by,
        "articles_agency": Agency.objects.get(), "articles_designation": Designation.objects.get(),
        "experts_expert": paper.expert, "newsroom_topic": paper.topic, "newsroom_policypage": paper.policy,
        "articles_comment": Comment.objects.first(),
    }  # fmt: skip
    for name, row in rows.items():
        inspector.look(f"{name} list", admin(f"{name}_changelist"))
        inspector.look(name, admin(f"{name}_change", row.pk), without=THEIRS)
    for name in ("articles_image", "articles_section", "experts_expert", "newsroom_topic", "articles_designation"):
        inspector.look(f"new {name}", admin(f"{name}_add"), without=THEIRS)
    inspector.look("picture beside the list", admin("articles_image_changelist") + f"?open={paper.picture.pk}")
    inspector.look("another file", admin("articles_image_file", paper.picture.pk))
    inspector.look("word on AI", admin("articles_image_word", paper.picture.pk))
    inspector.look("fronts", admin("articles_front_changelist"))
    if front:
        inspector.look("front", admin("articles_front_change", front.pk), without=THEIRS)
    inspector.look("the paper", admin("newsroom_publication_change", paper.publication.pk), without=THEIRS)
    notify.tell("sent back", to=[paper.max], by=paper.edith, article=paper.story, text="Who says so?")
    inspector.look("notifications", reverse("desk:notifications"))
    inspector.look("mail to you", reverse("desk:mail_choice"))
    inspector.page.context.clear_cookies()
    login(paper.ada)
    inspector.look("people", admin("newsroom_user_changelist"))
    inspector.look("person", admin("newsroom_user_change", paper.rana.pk))
    inspector.look("new person", admin("newsroom_user_add"))
    inspector.look("accounts", admin("newsroom_user_log"))
    inspector.look("timed work", admin("worker"))
    inspector.look("Ada's desk", admin("index"))
    assert not inspector.found, inspector.told()
