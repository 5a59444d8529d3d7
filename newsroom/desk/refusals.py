"""What the desk answers when an action refuses: with which status, in which words, beside which field."""

from functools import wraps

from django.contrib import messages
from django.http import JsonResponse

from ..errors import NotAllowed, Refused, Stale, Unavailable, WrongState


def status_of(refusal):
    """The HTTP status of a refusal."""
    if isinstance(refusal, Stale | WrongState):
        return 409
    if isinstance(refusal, Unavailable):
        return 503
    return 403 if isinstance(refusal, NotAllowed) else 400


class Attempt:
    """Tries an action and keeps the refusal, for the page to answer; any other error is raised as usual.

        with Attempt() as attempt:
            story = writing.start_story(by=request.user, **form.cleaned_data)
        attempt.add_to(form)

    `refusal` is None where the action was done.
    """

    refusal = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, Refused):
            return False
        self.refusal = error
        return True

    @property
    def status(self):
        """The status of the answer: 200 where the action was done."""
        return status_of(self.refusal) if self.refusal else 200

    def add_to(self, form, field=None):
        """Show the refusal in a form: beside `field`, else the field at fault, else above the whole form."""
        if self.refusal:
            field = field or self.refusal.field
            form.add_error(field if field in form.fields else None, str(self.refusal))

    def tell(self, request, done):
        """Say what came of it on the next page: `done`, or why it was refused."""
        if self.refusal:
            messages.error(request, str(self.refusal))
        else:
            messages.success(request, done)


def refused_as_json(view):
    """Let a view that scripts call raise its refusals: the answer is {"error": why} with the refusal's status."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        with Attempt() as attempt:
            return view(request, *args, **kwargs)
        return JsonResponse({"error": str(attempt.refusal)}, status=attempt.status)

    return inner
