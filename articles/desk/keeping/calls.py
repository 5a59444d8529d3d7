"""What a story's page calls while somebody writes, all JSON: their drafts, and who else is in the story."""

import json

from django import forms
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from newsroom import paper
from newsroom.desk.base import number
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import Refused

from ...actions import keeping
from ...models import Article
from . import offers

TAB = r"^[A-Za-z0-9_-]{8,40}\Z"
AT_ONCE = 50  # windows that a page may ask about


def _story(request, sent):
    """The story that a request names, if this person may read it; None for one that is not begun yet."""
    if not sent.get("story"):
        return None
    return get_object_or_404(Article.objects.readable_by(request.user), pk=number(sent["story"]) or 0)


def _told(request, more=None, status=200):
    """An answer, with what a page needs to go on after a new login."""
    return JsonResponse({"person": request.user.pk, "csrf": get_token(request)} | (more or {}), status=status)


def _is_person(request):
    return request.POST.get("person") == str(request.user.pk)


def _somebody_else(request):
    """The answer to a page of somebody who is not who is logged in by now."""
    return _told(request, {"error": f"You are logged in as {request.user} now."}, status=409)


class DraftForm(forms.Form):
    """A window's state: `fields` are its boxes as JSON, [[name, value], …]."""

    tab = forms.RegexField(TAB)
    seq = forms.IntegerField(min_value=0, max_value=2**53)
    base_version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    fields = forms.CharField(strip=False)
    taken = forms.RegexField(r"^[A-Za-z0-9_ -]{0,400}\Z", required=False)

    def clean_fields(self):
        try:
            pairs = json.loads(self.cleaned_data["fields"])
        except (ValueError, RecursionError):
            pairs = None
        if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
            raise forms.ValidationError("This is no form of ours.")
        return pairs


def _is_pair(pair):
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)


@require_http_methods(["GET", "HEAD", "POST"])
@refused_as_json
def drafts(request):
    """A person's drafts of a story (`story`, or none for one not begun); by POST, what a window holds now.

    The answer says which of the windows asked about (`tabs`) are saved; with `only=login` no more than who is logged
    in. What is sent names its `person`: somebody else may have logged in with the same browser meanwhile, and their
    draft it is not.
    """
    if request.method != "POST" and request.GET.get("only") == "login":
        return _told(request)
    if request.method != "POST":
        return _told(request, _offered(request, _story(request, request.GET)))
    if not _is_person(request):
        return _somebody_else(request)
    article = _story(request, request.POST)
    form = DraftForm(request.POST)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(f"{name}: {errors[0]}")
    data = form.cleaned_data
    try:
        at = keeping.keep(
            article, by=request.user, tab=data["tab"], seq=data["seq"], fields=data["fields"],
            base_version=data["base_version"] or 0, taken=data["taken"].split(),
        )  # fmt: skip
    except keeping.Older as error:
        return _told(request, {"error": str(error), "seq": error.seq}, status=409)
    return _told(request, {"kept": f"{paper.local(at):%H:%M}", "version": article.version if article else 0})


def _offered(request, article):
    tabs = request.GET.get("tabs", "").split()[:AT_ONCE]
    windows = {row.tab: row.seq for row in request.user.drafts.filter(tab__in=tabs, fields=[])}
    mine = list(keeping.drafts_of(request.user, article)[:AT_ONCE])
    offered = offers.offers_of(request, article, mine) if article else offers.offers_of_new(mine)
    return {"saved": windows, "kept": {draft.tab: draft.seq for draft in mine}, "offers": offered}


@require_POST
@refused_as_json
def discard(request, pk):
    """Throw one of one's own drafts away."""
    keeping.discard(pk, by=request.user)
    return _told(request)


class PresenceForm(forms.Form):
    """A window's word: the `part` that its person is in, the `version` it began from, the one it was `told` of.

    `seen` is the token of how the story stood for it (`take.seen_token`).
    """

    tab = forms.RegexField(TAB)
    part = forms.RegexField(r"^[a-z_]{0,40}(:\d{1,4}|-\d{1,4}-[a-z_]{1,40})?\Z", required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    told = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    seen = forms.CharField(max_length=100, required=False)
    gone = forms.BooleanField(required=False)


@require_POST
@refused_as_json
def presence(request, pk):
    """Say that a window is in a story, or `gone`; hear who else is, and what was saved or moved on meanwhile."""
    if not _is_person(request):
        return _somebody_else(request)
    article = get_object_or_404(Article.objects.readable_by(request.user).select_related("updated_by"), pk=pk)
    form = PresenceForm(request.POST)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(f"{name}: {errors[0]}")
    data = form.cleaned_data
    if data["gone"]:
        keeping.leave(by=request.user, tab=data["tab"])
        # The page has gone: an answer with a token would only set its cookie beneath the page that comes next.
        return HttpResponse(status=204)
    others = keeping.attend(article, by=request.user, tab=data["tab"], part=data["part"])
    shown = [{"name": str(other.by), "part": offers.part_in_words(other.part)} for other in others]
    seen = max(data["version"] or 0, data["told"] or 0)
    saved = offers.saved_since(article, data["version"] or 0) if article.version > seen else None
    moved = offers.moved_since(article, data["seen"]) if data["seen"] else None
    return _told(request, {"others": shown, "version": article.version, "saved": saved, "moved": moved})
