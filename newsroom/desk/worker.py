"""For administrators: mail that could not be sent, with the reason, and what the worker does by itself."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from .. import hooks, mail, timed
from ..models import Mail, TimedWork
from .base import number

SHOWN = 200


def _must_administer(user):
    if not user.has_perm("newsroom.change_user"):
        raise PermissionDenied("Your role does not look after the worker.")


@require_safe
def page(request):
    """What could not be sent, to whom and why, without a word of it; and when each piece of timed work was done."""
    _must_administer(request.user)
    rows = {row.name: row for row in TimedWork.objects.all()}
    context = admin.site.each_context(request) | {
        "title": "Timed work and mail",
        "mails": Mail.objects.in_trouble().select_related("user").defer("subject", "text")[:SHOWN],
        "timetable": [(line, rows.get(line.name)) for line in hooks.timed_work],
        "silent": timed.is_silent(),
    }
    return TemplateResponse(request, "admin/newsroom/worker.html", context)


@require_POST
def again(request):
    """Send mails anew, or throw them away: those whose ids are sent, or all that are in trouble."""
    _must_administer(request.user)
    rows = Mail.objects.in_trouble()
    if "all" not in request.POST:
        rows = rows.filter(pk__in={number(pk) for pk in request.POST.getlist("id")} - {None})
    pks = list(rows.order_by().values_list("pk", flat=True))
    if "drop" in request.POST:
        Mail.objects.filter(pk__in=pks).delete()
        said = "thrown away"
    else:
        mail.try_again(pks)
        said = "tried again as soon as the worker looks"
    count = "1 mail is" if len(pks) == 1 else f"{len(pks)} mails are"
    messages.success(request, f"{count} {said}.")
    return redirect("admin:worker")
