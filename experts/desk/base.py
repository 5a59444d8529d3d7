"""What every page of the source book starts from: its address, its card, who may open it, and the desk's frame."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from newsroom.desk.refusals import Attempt, not_allowed_as_403

from .. import access
from ..models import Expert

# A person who may not do it at all gets the page of status 403; other refusals are the page's own to answer.
attempt = partial(Attempt, raise_not_allowed=True)


def route(admin, address, view, name, *, looks=False):
    """A page under the list of cards: `view(admin, request, …)`, named admin:experts_expert_<name>.

    One that only `looks` is asked with GET or HEAD alone.
    """
    # What is typed here may be sealed in the next line: no report of an error repeats it.
    view = sensitive_post_parameters()(not_allowed_as_403(partial(view, admin)))
    view = admin.admin_site.admin_view(require_safe(view) if looks else view)
    return path(address, view, name=f"experts_expert_{name}")


def find_card(request, pk, *, rows=None):
    """A card that the person may see the name of. PermissionDenied comes before the 404: nobody learns what exists."""
    if access.tier(request.user) < access.Tier.NAMES:
        raise PermissionDenied
    rows = Expert.objects.all() if rows is None else rows
    expert = rows.filter(pk=pk).first()
    if expert is None or expert.removed_at is not None:
        raise Http404("No such card.")
    return expert


def require(allowed, message="Your role does not do this."):
    """Answer 403, with these words, unless something is allowed."""
    if not allowed:
        raise PermissionDenied(message)


def render_page(admin, request, template, title, *, status=200, **context):
    """A page of the source book within the desk's frame."""
    shared = admin.admin_site.each_context(request) | {"opts": admin.opts, "title": title}
    return TemplateResponse(request, template, shared | context, status=status)
