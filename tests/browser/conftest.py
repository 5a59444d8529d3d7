"""Browser tests: Debian's Chromium where there is one, else Playwright's own download."""

import os
import shutil
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import expect

from tests.base import Cast, make_article

from .desk import take_in

# Playwright's sync API keeps an event loop running in this thread, which Django would take for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The headless shell is the same engine without the browser around it, and takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
TIMEOUT = 15_000  # milliseconds; a wrong locator should not cost half a minute, nor a busy machine a failure
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items):
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # The sandbox wants a kernel that lets us; build machines run as root in a container.
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # No name of the world outside is found: a page that asks for one fails, and no test depends on the network.
    alone = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"
    args = ["--no-sandbox", "--disable-gpu", "--disable-quic", alone, *quiet]
    found = {"executable_path": CHROMIUM} if CHROMIUM else {}
    return {**browser_type_launch_args, "args": args, **found}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": {"width": 1440, "height": 900},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_kept():
    """Let browsers keep static files, as they do in production; a page of ours has some thirty of them."""
    kept = {}

    def answer(handler, request):
        if request.path not in kept:
            found = serve(request, handler.file_path(request.path), insecure=True)
            kept[request.path] = b"".join(found.streaming_content), found.headers["Content-Type"]
        content, kind = kept[request.path]
        return HttpResponse(content, content_type=kind, headers={"Cache-Control": "max-age=3600"})

    with mock.patch.object(StaticFilesHandler, "serve", answer):
        yield


@pytest.fixture(autouse=True)
def _settled(request):
    """Leave the page while the database still exists: a request under way would meet the flush.

    Requested before `page`, the database is taken away after it.
    """
    if "page" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    page = request.getfixturevalue("page")
    page.set_default_timeout(TIMEOUT)
    yield
    page.goto("about:blank")


@pytest.fixture
def console(page):
    """A test with it fails on any console error, uncaught exception or violation of the content policy.

    A test that means to be refused takes the messages it expects out of the list.
    """
    bad = []

    def heard(message):
        where = message.location.get("url", "")
        # What a test puts into every frame, as a clock, is refused by the preview's, which lets no script run.
        if where == "about:blank" and "frame is sandboxed" in message.text:
            return
        # Whose words a text may hold is asked beside the writing, of a story that may have been moved on meanwhile.
        if where.endswith("/voices/") and "403" in message.text:
            return
        if message.type == "error" and not where.endswith("/favicon.ico"):
            bad.append(f"{message.text} ({where})")

    page.on("pageerror", lambda error: bad.append(f"exception: {error}"))
    page.on("console", heard)
    yield bad
    assert not bad, "\n".join(bad)


@pytest.fixture
def cast(transactional_db):
    """The cast of tests/base.py, and `make_article` for a story of Rana's."""
    people = type("People", (Cast,), {})
    people.assemble()
    people.make_article = lambda **changes: make_article(people, **changes)
    return people


@pytest.fixture
def picture(cast):
    """A picture of the library, with its file."""
    return take_in(cast, alt="A harbour", caption="The harbour at dawn", credit="Pia")


@pytest.fixture
def login(page, live_server):
    """Sign somebody in by cookie: login(user), or login(user, context) for a second browser."""

    def sign_in(user, context=None):
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
        (context or page.context).add_cookies([cookie])

    return sign_in


@pytest.fixture
def editor(page, live_server, login):
    """Open a story's form as somebody and wait for the body editor: editor(user, article) → the text's locator."""

    def open_form(user, article):
        login(user)
        page.goto(f"{live_server.url}{article.get_absolute_url()}")
        text = page.locator(".prose-editor > .ProseMirror")
        text.wait_for()
        page.get_by_role("toolbar", name="Text tools").wait_for()
        return text

    return open_form


# A dialog that has just closed gives the focus back a frame later, and with it the selection that was there; a
# click's selection comes late, too. No hand is so quick, so a selection is set until it stays for some frames.
STAY = """const stay = async (editor, set) => {
    let wanted = null;
    for (let stays = 0, frames = 0; stays < 3 && frames < 120; frames += 1) {
        const now = editor.state.selection;
        if (wanted && now.from === wanted.from && now.to === wanted.to && editor.isFocused) stays += 1;
        else {
            stays = 0;
            set();
            wanted = editor.state.selection;
        }
        await new Promise((done) => requestAnimationFrame(done));
    }
};"""


def caret(text, where="end"):
    """Put the caret somewhere and wait for it."""
    text.evaluate(f"async (el, at) => {{ {STAY} await stay(el.editor, () => el.editor.commands.focus(at)); }}", where)
    expect(text).to_be_focused()


def select(text, words):
    """Select the first place of some words within one paragraph."""
    found = text.evaluate(
        """async (el, words) => {
            const { editor } = el;
            let found = null;
            editor.state.doc.descendants((node, pos) => {
                if (found || !node.isTextblock) return !found;
                const at = node.textBetween(0, node.content.size, undefined, "\\ufffc").indexOf(words);
                if (at >= 0) found = { from: pos + 1 + at, to: pos + 1 + at + words.length };
                return false;
            });
            STAY
            if (found) await stay(editor, () => editor.chain().focus().setTextSelection(found).run());
            return !!found;
        }""".replace("STAY", STAY),
        words,
    )
    assert found, f"“{words}” is not in the text"
    expect(text).to_be_focused()


def paste(text, html, plain=""):
    """Paste as a browser would: the clipboard's HTML beside its plain text."""
    text.evaluate(
        """(el, [html, plain]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", plain);
            el.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, plain],
    )
