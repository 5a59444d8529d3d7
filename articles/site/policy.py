"""Pages about how the paper works."""

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from articles.body.schema import sanitise
from articles.rendering import structured
from newsroom.models import PolicyPage
from newsroom.web import pages

from . import moved, shell
from .story import redirect


@require_safe
def policy(request, slug):
    """A page about how the paper works."""
    about = PolicyPage.objects.filter(slug=slug, public=True).annotate(beat=pages.beat()).first()
    if about is None and (now := moved.policy_now(slug)):
        return redirect(reverse("site:policy", args=[now]), request)
    if about is None:
        raise Http404("No such page.")
    path = about.get_absolute_url()

    def context(around):
        return {
            "page": shell.page_context(
                around, about.title, path, kind="policy",
                json_ld=[structured.breadcrumbs_data(("Home", "/"), (about.title, path))],
            ),
            "policy": about,
            "body": mark_safe(sanitise(about.body)),
        }  # fmt: skip

    return shell.answer(request, "site/policy.html", context, beat=pages.Beat.read(about.beat), mark=about.pk)
