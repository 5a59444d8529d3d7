"""What the desk answers when an action refuses: with which status, in which words, beside which field."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse

from ..errors import NoRoom, NotAllowed, Refused, Stale, Unavailable, WrongState


def status_of(refusal):
    """The HTTP status of a refusal."""
    if isinstance(refusal, Stale | WrongState):
        return 409
    if isinstance(refusal, Unavailable):
        return 503
    if isinstance(refusal, NoRoom):
        return 507
    return 403 if isinstance(refusal, NotAllowed) else 400


class Attempt:
    """Tries an action and keeps the refusal, for the page to answer; any other error is raised as usual.

        with Attempt() as attempt:
            story = writing.start_story(by=request.user, **form.cleaned_data)
        attempt.add_to(form)

    `refusal` is None where the action was done. A ValidationError of a model counts as a refusal, too. A `form` given
    at once shows it without `add_to`. With `raise_not_allowed`, NotAllowed is raised: see `not_allowed_as_403`.
    """

    def __init__(self, form=None, *, raise_not_allowed=False):
        self.form, self.raise_not_allowed = form, raise_not_allowed
        self.refusal, self.invalid = None, {}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, NotAllowed) and self.raise_not_allowed:
            return False
        if isinstance(error, ValidationError):
            self.refusal = Refused(" ".join(error.messages))
            self.invalid = getattr(error, "error_dict", {"": error})
        elif isinstance(error, Refused):
            self.refusal = error
        else:
            return False
        if self.form is not None:
            self.add_to(self.form)
        return True

    @property
    def words(self):
        """Why it was refused; "" where it was done."""
        return str(self.refusal or "")

    @property
    def status(self):
        """The status of the answer: 200 where the action was done."""
        return status_of(self.refusal) if self.refusal else 200

    def add_to(self, form, field=None):
        """Show the refusal in a form: beside `field`, else the field at fault, else above the whole form."""
        if not self.refusal:
            return
        told = {} if field else self.invalid
        for name, errors in (told or {field or self.refusal.field: self.words}).items():
            form.add_error(name if name in form.fields else None, errors)

    def tell(self, request, done):
        """Say what came of it on the next page: `done`, or why it was refused."""
        if self.refusal:
            messages.error(request, self.words)
        else:
            messages.success(request, done)


def not_allowed_as_403(view):
    """Let a view raise NotAllowed: the answer is the page of status 403 with its words."""

    @wraps(view)
    def inner(*args, **kwargs):
        try:
            return view(*args, **kwargs)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error

    return inner


def refused_as_json(view):
    """Let a view that scripts call raise its refusals: the answer is {"error": why} with the refusal's status."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        with Attempt() as attempt:
            return view(request, *args, **kwargs)
        return JsonResponse({"error": attempt.words}, status=attempt.status)

    return inner
