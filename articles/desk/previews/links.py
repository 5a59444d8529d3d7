"""A story's preview links: made for somebody outside, listed with their openings and answers, revoked."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from experts.models import Expert
from newsroom.desk.base import CleanForm
from newsroom.desk.refusals import Attempt, not_allowed_as_403

from ... import roles
from ...actions import preview_answers, previews
from ...models import Article, PreviewLink, QuoteRecord

MADE = "preview_link_made"  # in the session, until the page has shown its address
SHOWN = 100  # the newest links of a story
LASTING = [(24, "A day"), (72, "Three days"), (168, "A week"), (720, "A month")]


class LinkForm(CleanForm):
    """Who is to read the newest version, for what, and how long."""

    lasts = forms.TypedChoiceField(label="For how long", coerce=int, choices=LASTING, initial=72)

    class Meta:
        model = PreviewLink
        fields = ["name", "purpose", "expert", "lasts", "asks", "ends_on_publication"]
        labels = {"expert": "Whose words"}
        widgets = {"purpose": forms.RadioSelect}

    def __init__(self, *args, article, **kwargs):
        super().__init__(*args, **kwargs)
        quoted = QuoteRecord.objects.filter(article=article).values("expert")
        self.fields["expert"].queryset = Expert.objects.current().filter(pk__in=quoted)
        self.fields["expert"].help_text = "For a read-back: they see their own words and the sentence around them."
        self.fields["asks"].help_text = "A read-back always asks."
        self.fields["name"].required = False
        self.fields["name"].help_text += " A read-back without one is for whoever is quoted."

    def clean(self):
        given = super().clean()
        if not given.get("name") and "name" not in self.errors:
            expert = given.get("expert")
            if given.get("purpose") == PreviewLink.Purpose.OWN_WORDS and expert:
                given["name"] = expert.display_name[:120]
            else:
                self.add_error("name", "Say for whom it is.")
        return given


def _story(request, pk):
    """A story that somebody may show outside; 404 for one they may not read, 403 for one they may not show."""
    article = get_object_or_404(Article.objects.readable_by(request.user).select_related("section"), pk=pk)
    if not roles.may(request.user, "make a preview link", article):
        raise PermissionDenied("Your role does not show this story to anybody outside.")
    return article


@require_http_methods(["GET", "HEAD", "POST"])
@not_allowed_as_403
def links(request, pk):
    """The links of a story; by POST a new one, whose address the page that follows shows this once."""
    article, status = _story(request, pk), 200
    form = LinkForm(request.POST if request.method == "POST" else None, article=article)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            with Attempt(form, raise_not_allowed=True) as attempt:
                link, token = previews.make_link(
                    article, by=request.user, name=given["name"], purpose=given["purpose"],
                    lasts=timedelta(hours=given["lasts"]), expert=given["expert"], asks=given["asks"],
                    ends_on_publication=given["ends_on_publication"],
                )  # fmt: skip
            status = attempt.status
            if not attempt.refusal:
                # Only the page that the browser is led to reads it: loading that anew makes no other link.
                request.session[MADE] = {"link": link.pk, "token": token}
                return redirect("desk:preview_links", article.pk)
    shown = article.preview_links.with_standing().select_related("by", "revision", "revoked_by")
    shown = list(shown.prefetch_related("verdicts", "remarks", "replies").defer("revision__content")[:SHOWN])
    may_count = preview_answers.may_count(article, request.user)
    for link in shown:
        link.verdict = next(iter(link.verdicts.all()), None)
        link.to_count = bool(
            link.verdict and link.verdict.clears and link.purpose == PreviewLink.Purpose.LEGAL
            and not link.verdict.signoff_id
        )  # fmt: skip
        newest = {reply.uid: reply for reply in reversed(link.replies.all())}
        link.agreed, link.answered = sum(reply.agrees for reply in newest.values()), len(newest)
    made = _just_made(request, shown) if request.method == "GET" else None
    title = f"Who outside reads “{article}”"
    context = admin.site.each_context(request) | {
        "title": title,
        "heading": format_html("Who outside reads “<bdi>{}</bdi>”", article),
        "opts": Article._meta,
        "original": article,
        "form": form,
        "made": made,
        "links": shown,
        "may_count": may_count,
    }
    return TemplateResponse(request, "admin/previews/links.html", context, status=status)


def _just_made(request, links):
    """{link, address} of the link of this story that this person has just made, the first time it is asked; or None."""
    made = request.session.get(MADE)
    link = made and next((link for link in links if link.pk == made["link"]), None)
    if link is None:
        return None
    del request.session[MADE]
    return {"link": link, "address": f"{settings.SITE_URL}{reverse('site:outside', args=[made['token']])}"}


@require_POST
@not_allowed_as_403
def act(request, pk, link, act):
    """Revoke a link, or let its verdict count as the legal sign-off."""
    article = _story(request, pk)
    row = get_object_or_404(article.preview_links.all(), pk=link)
    if act not in ACTS:
        raise Http404
    do, done = ACTS[act]
    with Attempt(raise_not_allowed=True) as attempt:
        do(row, by=request.user)
    if attempt.refusal:
        messages.error(request, attempt.words)
    else:
        messages.success(request, done)
    return redirect("desk:preview_links", article.pk)


ACTS = {
    "revoke": (previews.revoke_link, "The link is revoked: its address opens nothing any more."),
    "count": (preview_answers.count_verdict, "It counts as the legal sign-off on that version."),
}
