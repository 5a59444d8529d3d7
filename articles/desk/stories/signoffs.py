"""Signing a story off, and approving its unnamed sources."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from newsroom.desk.base import number
from newsroom.desk.dialogs import lead_to
from newsroom.desk.refusals import Attempt
from newsroom.errors import Refused

from ...actions import signoffs
from ...actions.checklist.signoffs import last_withdrawals, signoffs_that_count
from ...actions.words import words_differ
from ...models import PreviewLink, PreviewVerdict
from ...workflow import SIGNOFF_CHOICES


def place_of_source(article, row):
    """The id of the element in which the form shows a source, or that of all of them where it is not there."""
    rows = list(article.attributions.values_list("pk", flat=True))
    key = number(row)
    return f"attributions-{rows.index(key)}" if key in rows else "attributions-group"


def _verdict_that_stands(article, content, signed):
    """The newest verdict by a link for Legal that no legal sign-off answers; `is_stale` where other words were read."""
    verdicts = PreviewVerdict.objects.filter(link__article=article.pk, link__purpose=PreviewLink.Purpose.LEGAL)
    verdict = verdicts.select_related("link__revision").first()
    if verdict is None or verdict.signoff_id or (signed and (verdict.clears or signed.at >= verdict.at)):
        return None
    verdict.is_stale = words_differ(verdict.link.revision.content, content)
    return verdict


class SignOffPages:
    """Sign-offs on a story's page and on a page of their own, mixed into the article's admin."""

    def signoffs_shown(self, article, content, user):
        """A dict for each kind of sign-off: the one that counts, or else the newest, and whether the user may sign.

        Legal's has the newest `verdict` from outside where that says something else than the sign-off that counts.
        """
        counts = signoffs_that_count([(None, article.pk, content)])[None]
        newest = {signoff.kind: signoff for signoff in article.signoffs.select_related("by").order_by("at", "pk")}
        withdrawn = last_withdrawals({article.pk} if newest else ()).get(article.pk)
        given = newest | counts
        verdict = _verdict_that_stands(article, content, counts.get("legal"))
        return [
            {
                "kind": kind,
                "label": label,
                "given": given.get(kind),
                "fresh": kind in counts,
                "withdrawn": bool(withdrawn and kind in given and given[kind].at < withdrawn),
                "verdict": verdict if kind == "legal" else None,
                "may": signoffs.may_sign(article, kind, user),
            }
            for kind, label in SIGNOFF_CHOICES
        ]

    def _sign(self, article, kind, user):
        signed = signoffs.sign(article, kind, by=user, seen_version=article.version)
        return f"Signed off: {signed.get_kind_display().lower()}."

    def _approve_source(self, article, row, user):
        source = article.attributions.filter(pk=number(row) or 0).first()
        if source is None:
            raise Refused("That source is no longer in the story.")
        signoffs.approve_attribution(source, by=user)
        return "The source is approved."

    def signoff_view(self, request, pk, kind):
        """Signing off by somebody who may read the story but not change it."""
        article = self.get_object(request, str(pk))
        if kind not in dict(SIGNOFF_CHOICES):
            raise Http404
        if not self.has_view_permission(request, article) or not signoffs.may_sign(article, kind, request.user):
            raise PermissionDenied
        attempt = Attempt()
        if request.method == "POST":
            with attempt:
                seen = number(request.POST.get("version")) or 0
                signoffs.sign(article, kind, by=request.user, seen_version=seen)
            if not attempt.refusal:
                self.message_user(request, "Signed off.", messages.SUCCESS)
                page = reverse("admin:articles_article_change", args=[article.pk])
                return lead_to(request, f"{page}#status-title")
        context = self.admin_site.each_context(request) | {
            "title": f"Sign off: {dict(SIGNOFF_CHOICES)[kind].lower()}",
            "opts": self.opts,
            "original": article,
            "label": dict(SIGNOFF_CHOICES)[kind],
            "refusal": attempt.refusal,
        }
        return TemplateResponse(request, "admin/articles/article/signoff.html", context, status=attempt.status)
