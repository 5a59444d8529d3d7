"""What every page of the source book starts from: its address, its card, the answer to a refusal, the desk's frame."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from newsroom.errors import NotAllowed, Refused, Stale, WrongState

from .. import access
from ..models import Expert


def forbidding(view):
    """A view that answers 403, with the verb's words, where a verb says that the person may not."""

    @wraps(view)
    def answered(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return answered


@dataclass
class Attempt:
    """What became of a verb: `error` is None where it was done; else its words, and the HTTP status that fits them."""

    error: Exception | None = None
    words: str = ""
    status: int = 200


@contextmanager
def attempt(form=None):
    """Call verbs within; what they refuse ends the block, and is told by the Attempt and beside the form's fields.

    409 where the card stands otherwise than the person thought, else 400. That somebody may not do it at all passes
    through: see `forbidding`.
    """
    tried = Attempt()
    try:
        yield tried
    except NotAllowed:
        raise
    except (Refused, ValidationError) as error:
        tried.error = error
        tried.words = str(error) if isinstance(error, Refused) else " ".join(error.messages)
        tried.status = 409 if isinstance(error, Stale | WrongState) else 400
        if form is not None:
            show_beside_fields(form, error)


def show_beside_fields(form, error):
    """Put a refusal beside the field that it is about, or above the form where it has no such field."""
    told = {error.field: str(error)} if isinstance(error, Refused) else getattr(error, "error_dict", {"": error})
    for name, messages in told.items():
        form.add_error(name if name in form.fields else None, messages)


def route(admin, address, view, name, *, looks=False):
    """A page under the list of cards: `view(admin, request, …)`, named admin:experts_expert_<name>.

    One that only `looks` is asked with GET or HEAD alone.
    """
    # What is typed here may be sealed in the next line: no report of an error repeats it.
    view = sensitive_post_parameters()(forbidding(partial(view, admin)))
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


def page(admin, request, template, title, *, status=200, **context):
    """A page of the source book within the desk's frame."""
    shared = admin.admin_site.each_context(request) | {"opts": admin.opts, "title": title}
    return TemplateResponse(request, template, shared | context, status=status)
