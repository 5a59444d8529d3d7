"""What every page of the source book uses: its address, finding its card, permissions, and the frame of the desk."""

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

# NotAllowed becomes the page of status 403 (see `route`); other refusals the page answers itself.
attempt = partial(Attempt, raise_not_allowed=True)


def route(admin, address, view, name, *, looks=False):
    """The URL pattern of a page below the list of cards: `view(admin, request, …)`, named admin:experts_expert_<name>.

    With `looks`, it only answers GET and HEAD.
    """
    # Reports of errors must not contain what was typed: it may be a restricted detail.
    view = sensitive_post_parameters()(not_allowed_as_403(partial(view, admin)))
    view = admin.admin_site.admin_view(require_safe(view) if looks else view)
    return path(address, view, name=f"experts_expert_{name}")


def find_card(request, pk, *, rows=None):
    """The card of an id, else 404. Below the tier of names it raises PermissionDenied, whether there is one or not."""
    if access.tier(request.user) < access.Tier.NAMES:
        raise PermissionDenied
    rows = Expert.objects.all() if rows is None else rows
    expert = rows.filter(pk=pk).first()
    if expert is None or expert.removed_at is not None:
        raise Http404("No such card.")
    return expert


def require_permission(allowed, message="Your role does not do this."):
    """Raise PermissionDenied with this message unless something is allowed."""
    if not allowed:
        raise PermissionDenied(message)


def render_page(admin, request, template, title, *, status=200, **context):
    """Answer with a template of the source book in the frame of the desk."""
    shared = admin.admin_site.each_context(request) | {"opts": admin.opts, "title": title}
    return TemplateResponse(request, template, shared | context, status=status)
