"""In a browser: the source audit, the front pages of other roles, and a story's text before its editor has come."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, State
from experts.models import Disclosure, Expert
from newsroom import clock

from .test_pages import Inspector, published

pytestmark = pytest.mark.slow
LONG = "Unbroken" * 19


@pytest.fixture
def inspector(page, live_server):
    return Inspector(page, live_server.url)


@pytest.fixture
def paper(cast):
    """A story with two voices, one of whom owes readers a sentence; and headlines without a break in every queue."""
    cast.amina = Expert.objects.create(display_name="Amina Kessler", country="JO", review_due="2026-01-01")
    Disclosure.objects.create(
        expert=cast.amina, kind="employer", print_text="Ms Kessler advises the port.", must_print=True
    )
    marks = "".join(f'<p>“<q data-expert="{pk}">Six</q>”, we heard.</p>' for pk in (cast.expert.pk, cast.amina.pk))
    published(cast, body=marks)
    cast.draft = cast.make_article(slug="draft")
    cast.make_article(slug="filed", state=State.SUBMITTED)
    Article.objects.exclude(state=State.PUBLISHED).update(headline=LONG, hold=True, hold_reason=LONG)
    return cast


def test_the_audit_and_three_front_pages_show_what_waits(paper, inspector, login):
    login(paper.sami)
    audit = reverse("desk:audit")
    inspector.look("audit", audit)
    inspector.look("audit of a quarter", f"{audit}?period=2025-q3&section=world")
    inspector.look("refused", f"{audit}?period=yesterday&section=nowhere", status=400)
    inspector.found = [one for one in inspector.found if "status of 400" not in one[-1]]  # which was meant
    inspector.look("Sami's desk", "/admin/")
    for user in (paper.rana, paper.max):
        inspector.page.context.clear_cookies()
        login(user)
        inspector.look(f"{user}'s desk", "/admin/")
    assert not inspector.found, inspector.told()


def test_the_audit_of_a_month_is_read_and_downloaded(paper, page, live_server, console, login):
    login(paper.edith)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Source audit").click()
    whose = page.get_by_role("region", name="Whose voices")
    expect(whose.get_by_role("listitem")).to_have_count(2)
    expect(whose).to_contain_text("Amina Kessler")
    expect(page.get_by_role("region", name="Interests that were not printed")).to_contain_text("advises the port")
    page.get_by_label("Section").select_option("Politics")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Politics")
    expect(page.get_by_role("region", name="Whose voices")).to_contain_text("No story names anybody")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download as CSV").click()
    assert taken.value.suggested_filename == f"source-audit-{clock.process_time():%Y-%m}-politics.csv"


def test_a_storys_text_never_shows_as_html_and_needs_no_script(paper, page, live_server, login):
    """The body is hidden until the editor has come; where it does not come, or no script runs, it shows as it is."""
    login(paper.max)
    address = f"{live_server.url}{reverse('admin:articles_article_change', args=[paper.draft.pk])}"
    page.route("**/configurable*.js", lambda route: route.abort())
    page.goto(address, wait_until="domcontentloaded")
    text = page.locator("textarea[name=body]")
    assert text.evaluate("one => getComputedStyle(one).visibility") == "hidden"
    expect(text).to_be_visible(timeout=20_000)  # once it is clear that no editor comes
    cookies = page.context.cookies()
    plain = page.context.browser.new_context(java_script_enabled=False)
    plain.add_cookies(cookies)
    bare = plain.new_page()
    bare.goto(address)
    expect(bare.locator("textarea[name=body]")).to_be_visible()
    bare.goto("about:blank")
    plain.close()
