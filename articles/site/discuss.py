"""The discussion of a story: its comments, and the form for a new one.

The form is on pages in shared caches, so it has no cookie. Instead it carries a signature of story and day, the
Origin header is compared, and a field that only machines fill in is a trap.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.db.models import F
from django.http import Http404, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.actions import discussion
from articles.models import Comment, Edition
from articles.models.comment import CLOSED, SHOWN
from newsroom.web import pages

from . import shell

COMMENTS_A_PAGE = 100
TOKEN_DAYS = 3


class CommentForm(forms.Form):
    """What a reader fills in; `token` comes with the page and `website` is the trap."""

    name = forms.CharField(label=_("Your name"), max_length=discussion.NAME_LENGTH, strip=True)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Never printed. Optional."))
    body = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": discussion.BODY_LENGTH}),
        help_text=_("Up to 2,000 characters."),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "form-trap", "tabindex": "-1", "autocomplete": "off"})
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="comment-%s", **kwargs)


def form_token(uid, day):
    """The signature in the form of a story's page on this day."""
    return signing.Signer(salt="discuss").signature(f"{uid}:{day.isoformat()}")


def _is_valid_token(value, uid, today):
    days = (today - timedelta(days=back) for back in range(-1, TOKEN_DAYS))
    return any(constant_time_compare(value, form_token(uid, day)) for day in days)


def form_url(uid):
    """Where the form is sent. The fragment brings readers to it again, so that they see what is wrong with it."""
    return reverse("site:discuss", args=[uid]) + "#comment-form"


def discussion_html(uid, around, comments, count, *, closed=False):
    """The discussion under a story as HTML: the first comments, a link to the rest, and the form. No queries.

    One that is `closed` has no form.
    """
    names = {one["id"]: one["name"] for one in comments}
    return render_to_string(
        "site/discussion.html",
        {
            "comments": [
                {"uid": one["id"], "created_at": one["at"], "answered": names.get(one["answers_id"], ""), **one}
                for one in in_threads(comments)
            ],
            "count": count,
            "more": count > len(comments),
            "thread_url": reverse("site:discuss", args=[uid]),
            "action": form_url(uid),
            "form": None if closed else CommentForm(initial={"token": form_token(uid, around.today)}),
            "policy_url": around.policy_url("discussion"),
        },
    )


def in_threads(comments):
    """Comments in their order, each answer after what it answers; one whose comment is not there stands by itself."""
    there = {one["id"] for one in comments}
    answers, order = {}, []
    for one in comments:
        if one["answers_id"] in there and one["answers_id"] != one["id"]:
            answers.setdefault(one["answers_id"], []).append(one)
    waiting = [one for one in reversed(comments) if one["answers_id"] not in there or one["answers_id"] == one["id"]]
    while waiting:
        one = waiting.pop()
        order.append(one)
        waiting += reversed(answers.pop(one["id"], []))
    # Two that answer each other are in no thread.
    return order + [one for rest in answers.values() for one in rest]


@csrf_exempt  # no cookie to forge with: see the top of this file
@require_http_methods(["GET", "HEAD", "POST"])
def discuss(request, uid):
    """The page of all comments on a story; a POST adds one, which a moderator has to read first."""
    row = (
        Edition.objects.live()
        .filter(article__uid=uid, text__data__discussion__in=SHOWN)
        .annotate(beat=pages.beat(), discussion=F("text__data__discussion"))
        .values("pk", "article_id", "path", "language", "text__headline", "beat", "discussion")
        .first()
    )
    if row is None:
        raise Http404("No such discussion.")
    beat = pages.Beat.read(row["beat"])
    if request.method == "POST" and row["discussion"] == CLOSED:
        response = _answer_thread(request, uid, row, beat, None, status=403)
        response.headers["Cache-Control"] = "no-store"
        return response
    if request.method == "POST":
        return _post_comment(request, uid, row, beat)
    return _answer_thread(request, uid, row, beat, None)


def _post_comment(request, uid, row, beat):
    form = CommentForm(request.POST)
    around = shell.shell_for_beat(beat)
    if form.is_valid():
        given = form.cleaned_data
        if given["website"]:  # a machine: let it believe that it worked
            return _redirect_after_sending(uid)
        if not _is_from_this_site(request):
            form.add_error(None, _("This form was sent from another site. Open the story here and write again."))
        elif not _is_valid_token(given["token"], uid, around.today):
            form.add_error(None, _("The page had been open for too long. Your words are still here: send them again."))
        else:
            try:
                discussion.post_comment(
                    Edition(pk=row["pk"], article_id=row["article_id"]), name=given["name"], email=given["email"],
                    body=given["body"], sender=sender_hash(request),
                )  # fmt: skip
            except discussion.Refused as refusal:
                form.add_error(refusal.field or None, str(refusal))
            else:
                return _redirect_after_sending(uid)
    form.data = form.data.copy()
    form.data["token"] = form_token(uid, around.today)
    response = _answer_thread(request, uid, row, beat, form, status=400)
    response.headers["Cache-Control"] = "no-store"
    return response


def _redirect_after_sending(uid):
    return HttpResponseRedirect(reverse("site:discuss", args=[uid]) + "?sent=1#comment-form")


def _answer_thread(request, uid, row, beat, form, status=200):
    after = request.GET.get("after", "")
    if after and not (after.isdecimal() and len(after) < 18):
        raise Http404("No such page.")
    closed = row["discussion"] == CLOSED
    sent = request.GET.get("sent") == "1" and not closed

    def context(around):
        published = Comment.objects.published().filter(article_id=row["article_id"], pk__gt=int(after or 0))
        columns = {"answered": F("answers__name"), "answered_state": F("answers__state")}
        rows = published.order_by("pk").values("pk", "name", "body", "created_at", "answers_id", **columns)
        rows = list(rows[: COMMENTS_A_PAGE + 1])
        comments = [
            {"uid": one["pk"], **one}
            | ({} if one["answered_state"] == Comment.State.PUBLISHED else {"answered": "", "answers_id": None})
            for one in rows[:COMMENTS_A_PAGE]
        ]
        path = reverse("site:discuss", args=[uid])
        headline = row["text__headline"]
        return {
            "page": shell.page_context(around, f"Discussion: {headline}", path, kind="discuss", robots="noindex"),
            "story": {"url": row["path"], "headline": headline, "language": row["language"]},
            "comments": comments,
            "older_url": f"{path}?after={comments[-1]['uid']}" if len(rows) > COMMENTS_A_PAGE else "",
            "newest_url": path if after else "",
            "sent": sent,
            "form": None if closed else form or CommentForm(initial={"token": form_token(uid, around.today)}),
            "action": form_url(uid),
            "policy_url": around.policy_url("discussion"),
        }

    mark = f"{row['pk']}{beat.comments}{after}{sent}"
    return shell.answer(request, "site/discuss.html", context, beat=beat, mark=mark, status=status)


def _is_from_this_site(request):
    origin = request.headers.get("Origin")
    return origin is None or origin in {f"{request.scheme}://{request.get_host()}", _origin_of(settings.SITE_URL)}


def _origin_of(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def sender_hash(request):
    """A keyed hash of the sender's network address: it tells two senders apart and cannot be turned back."""
    forwarded = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    # The last entries were written by our own proxies; those before them can be forged.
    address = forwarded[-settings.PROXIES] if settings.PROXIES and len(forwarded) >= settings.PROXIES else ""
    return salted_hmac("discussion.sender", address or request.META.get("REMOTE_ADDR", "")).hexdigest()
