"""The page of a preview link: one version of a story for somebody without an account, and what they answer.

There is no session and no cookie, only the address. No cache or search engine keeps the page, no other site learns
the address, and all addresses that never were answer alike. A read-back shows a quoted person their own words alone;
nothing else of the story is sent.
"""

import re
from functools import wraps

from django import forms
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from articles import rendering
from articles.actions import preview_answers, previews
from articles.models import Edition, EditionTopic, Image, PreviewLink, PreviewVerdict
from newsroom import counting
from newsroom.desk.base import number, without_controls
from newsroom.errors import Refused
from newsroom.web import media as pictures
from newsroom.web import pages

from . import discuss, shell, story

HOUR = 3600
OPENINGS, SENDINGS, FAILURES = 600, 60, 60  # an hour: of one link, by one link, invalid links from one sender
ALONE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


# Of the story as our own templates print it: `components/byline.html`, `components/topics.html`, `site/story.html`.
PUBLISHED = re.compile(r'(<div class="byline">.*?<dl>)\s*<div>.*?</div>', re.DOTALL)
HISTORY_LINK = re.compile(r'<p class="meta links">.*?</p>', re.DOTALL)
TOPIC_LINK = re.compile(r'<a href="/topics/(?P<slug>[^"/]+)/" dir="auto">(?P<name>[^<]*)</a>')


class VerdictForm(forms.Form):
    """A verdict, and anything else to say."""

    verdict = forms.ChoiceField(
        choices=PreviewVerdict.Verdict.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three."},
    )  # fmt: skip
    text = forms.CharField(
        label="Anything else", required=False, max_length=preview_answers.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


class RemarkForm(forms.Form):
    """A remark, on words of the story or on all of it."""

    words = forms.CharField(
        label="Words that it is about", required=False, max_length=preview_answers.WORDS_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    remark = forms.CharField(
        label="Your remark", required=False, max_length=preview_answers.REMARK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    place = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean(self):
        data = super().clean()
        if data.get("words") and not data.get("remark") and not self.errors:
            self.add_error("remark", "Say what you think of these words, or take them out.")
        return data


class ReplyForm(forms.Form):
    """Whether words are somebody's own, and what should be different."""

    own = forms.ChoiceField(
        choices=[("yes", "These are my words"), ("no", "Not quite")], required=False, widget=forms.RadioSelect
    )
    wish = forms.CharField(
        label="What should be different?", required=False, max_length=preview_answers.REMARK_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean(self):
        data = super().clean()
        if data.get("wish") and data.get("own") != "no" and not self.errors:
            self.add_error("own", "Say whether these are your words: you wrote that something should be different.")
        return data


def _alone(*methods):
    """Let no cache, search engine or other site know of the address, and no log: it is the key."""

    def wrapped(view):
        @wraps(view)
        def inner(request, **asked):
            try:
                response = view(request, **asked) if request.method in methods else HttpResponseNotAllowed(methods)
            except Http404:
                response = HttpResponseNotFound()
            for name, value in ALONE.items():
                response.headers[name] = value
            response._has_been_logged = True
            return response

        return inner

    return wrapped


@csrf_exempt  # no cookie to forge with: whoever can forge a request knows the address already
@_alone("GET", "HEAD", "POST")
@sensitive_variables("token")
def outside(request, token):
    """What a link shows; a POST answers it. 404 for an address that never was, 410 for one that has ended."""
    link, refused = _asked_link(request, token)
    if link is None:
        return refused
    if request.method != "POST":
        if request.method == "GET" and "sent" not in request.GET:
            if counting.count(f"preview:open:{link.pk}", HOUR) > OPENINGS:
                return _busy(request)
            link.count_opening()
        return _page_of(request, link)
    if counting.count(f"preview:send:{link.pk}", HOUR) > SENDINGS:
        return _busy(request)
    own = link.purpose == PreviewLink.Purpose.OWN_WORDS
    return _take_reply(request, link) if own else _take_verdict(request, link)


@_alone("GET", "HEAD")
@sensitive_variables("link")
def picture(request, link, token, **asked):
    """A picture of the version that a link shows, under the link's own address; 404 for any other."""
    found = previews.link_of_token(link)
    if found is None or not previews.works(found) or found.purpose == PreviewLink.Purpose.OWN_WORDS:
        raise Http404("No such picture.")
    shown = Image.objects.filter(pk__in=previews.pictures_of_link(found), token=token).first()
    if shown is None:
        raise Http404("No such picture.")
    return pictures.answer(request, shown, asked, cache_control="no-store")


def _asked_link(request, token):
    """(the link, None) where it works, else (None, the answer)."""
    link = previews.link_of_token(token)
    if link is not None and previews.works(link):
        return link, None
    # By sender only links that open nothing are limited: behind a proxy many may share one address.
    if counting.count(f"preview:fail:{discuss.sender_hash(request)}", HOUR) > FAILURES:
        return None, _busy(request)
    # What somebody wrote while it ended is given back to them, so that they can keep it.
    typed = [
        words for name, words in request.POST.items() if words.strip() and name.endswith(("remark", "wish", "text"))
    ]
    return None, _answer(request, "gone", {"typed": typed if link else []}, 410 if link else 404)


def _busy(request):
    return _answer(request, "busy", {}, 429)


def _page_of(request, link, *, status=200, refusal="", **forms_sent):
    own = link.purpose == PreviewLink.Purpose.OWN_WORDS
    context = {"link": link, "sent": "sent" in request.GET and request.method == "GET", "refusal": refusal}
    context |= _own_words(link, **forms_sent) if own else _whole_story(request, link, **forms_sent)
    return _answer(request, "own_words" if own else "read", context, status)


# --- the story, and a verdict -----------------------------------------------------------------------------------


def _whole_story(request, link, form=None, remarks=None):
    edition = previews.edition_of_link(link)
    html = _without_dead_ends(story.preview_story(edition), link)
    verdict = link.verdicts.first()
    known = {"verdict": verdict.verdict, "text": verdict.text} if verdict else {}
    return {
        # Safe: our own templates have printed it, and escaped every word.
        "story": mark_safe(story.with_pictures_at(html, edition, f"{request.path}media/")),
        "headline": edition.text.headline,
        "form": form or VerdictForm(initial=known),
        "remarks": remarks or [RemarkForm(prefix="r0")],
        "blank": RemarkForm(prefix="new"),
        "kept": list(link.remarks.all()),
        "verdict": verdict,
        "for_legal": link.purpose == PreviewLink.Purpose.LEGAL,
    }


def _without_dead_ends(html, link):
    """The story without what is true only of a published one, and without links that no reader's page answers yet.

    Until it is out it has no hour of publication and no history; a topic that no story shows has no page.
    """
    if not Edition.objects.live().filter(article=link.article_id).exists():
        html = HISTORY_LINK.sub("", PUBLISHED.sub(r"\1", html, count=1))
    slugs = {match["slug"] for match in TOPIC_LINK.finditer(html)}
    shown = EditionTopic.objects.filter(topic__slug__in=slugs, edition__in=Edition.objects.live())
    known = set(shown.values_list("topic__slug", flat=True)) if slugs else set()
    return TOPIC_LINK.sub(
        lambda match: match[0] if match["slug"] in known else f'<span dir="auto">{match["name"]}</span>', html
    )


def _take_verdict(request, link):
    form = VerdictForm(request.POST)
    rows = min(number(request.POST.get("rows")) or 1, preview_answers.MOST_REMARKS + 1)
    remarks = [RemarkForm(request.POST, prefix=f"r{row}") for row in range(rows)]
    wrong = [one for one in (form, *remarks) if not one.is_valid()]
    if wrong:
        return _page_of(request, link, status=400, form=form, remarks=remarks)
    said = [
        (given["words"], given["place"], given["remark"])
        for given in (remark.cleaned_data for remark in remarks)
        if given["remark"]
    ]
    try:
        preview_answers.leave_verdict(
            link, verdict=form.cleaned_data["verdict"], text=form.cleaned_data["text"], remarks=said
        )
    except Refused as refusal:
        return _page_of(request, link, status=400, refusal=str(refusal), form=form, remarks=remarks)
    return HttpResponseRedirect(f"{request.path}?sent=1#answer")


# --- somebody's own words ---------------------------------------------------------------------------------------


def _own_words(link, replies=None):
    content = link.revision.content
    shown = previews.words_to_read_back(content, link.expert_id)
    newest = {reply.uid: reply for reply in link.replies.order_by("at", "pk")}
    asked = []
    for place, words in enumerate(shown):
        reply = newest.get(words.uid)
        known = {"own": "yes" if reply.agrees else "no", "wish": reply.wish} if reply else {}
        form = replies[place] if replies else ReplyForm(prefix=f"w{place}", initial=known)
        asked.append((words, form))
    return {
        "asked": asked,
        "title": previews.title_as_printed(content, link.expert_id),
        "language": content["language"],
        "direction": rendering.text_direction(content["language"]),
    }


def _take_reply(request, link):
    shown = previews.words_to_read_back(link.revision.content, link.expert_id)
    replies = [ReplyForm(request.POST, prefix=f"w{place}") for place in range(len(shown))]
    wrong = [reply for reply in replies if not reply.is_valid()]
    if wrong:
        return _page_of(request, link, status=400, replies=replies)
    answers = {
        words.uid: (reply.cleaned_data["own"] == "yes", reply.cleaned_data["wish"])
        for words, reply in zip(shown, replies, strict=True)
        if reply.cleaned_data["own"]
    }
    try:
        preview_answers.read_back(link, answers)
    except Refused as refusal:
        return _page_of(request, link, status=400, refusal=str(refusal), replies=replies)
    return HttpResponseRedirect(f"{request.path}?sent=1")


# --- answering ----------------------------------------------------------------------------------------------------


def _answer(request, name, context, status):
    around = shell.shell_for_beat(pages.Beat.now())
    with timezone.override(around.zone):
        html = render_to_string(f"site/outside/{name}.html", {"publication": around.publication} | context)
    return HttpResponse(html, status=status)
