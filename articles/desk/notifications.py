"""The bell in the desk's header, the page of all that somebody was told, and how they want it mailed."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Max
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom import clock
from newsroom.desk.base import number, without_controls

from ..models import MailChoice, Notification
from ..notifications import HOW_CHOICES, KINDS

IN_BELL, ON_PAGE = 12, 50


@never_cache
@require_safe
def news(request):
    """What the bell asks every so often: 204 unless there is something new since the mark that it sends.

    One query beside those that say who asks. It is no page: who is not signed in is refused and led nowhere.
    """
    if not admin.site.has_permission(request):
        return HttpResponse(status=403)
    found = Notification.objects.filter(user=request.user).unread().order_by()
    state = found.aggregate(count=Count("pk"), newest=Max("pk"))
    mark = f"{state['count']}-{state['newest'] or 0}"
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    return JsonResponse({"mark": mark, "unread": state["count"]})


@require_safe
def bell(request):
    """The newest lines, for the bell to show when it is opened."""
    rows = Notification.objects.of(request.user).with_stories()[:IN_BELL]
    return TemplateResponse(request, "admin/articles/notifications/lines.html", {"rows": rows})


@require_safe
def page(request):
    """All that somebody was told, newest first."""
    before = number(request.GET.get("before"))
    rows = Notification.objects.of(request.user).with_stories()
    rows = list((rows.filter(pk__lt=before) if before else rows)[: ON_PAGE + 1])
    context = admin.site.each_context(request) | {
        "title": "Notifications", "rows": rows[:ON_PAGE],
        "older": rows[ON_PAGE - 1].pk if len(rows) > ON_PAGE else None,
    }  # fmt: skip
    return TemplateResponse(request, "admin/articles/notifications/page.html", context)


@require_POST
def mark_read(request):
    """Mark one's own as read: those whose ids are sent, or all of them. Those of others stay as they are."""
    rows = Notification.objects.filter(user=request.user).unread()
    if "all" not in request.POST:
        rows = rows.filter(pk__in={number(pk) for pk in request.POST.getlist("id")} - {None})
    rows.update(read_at=clock.process_time())
    if request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=204)
    return redirect("desk:notifications")


class MailForm(forms.ModelForm):
    """How somebody wants to be mailed: one choice for everything, and where it differs another by kind."""

    class Meta:
        model = MailChoice
        fields = ["how"]
        widgets = {"how": forms.RadioSelect}
        labels = {"how": "Mail me what I am told on the desk"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = HOW_CHOICES
        for name, kind in KINDS.items():
            self.fields[f"kind {name}"] = forms.ChoiceField(
                choices=[("", "As above"), *HOW_CHOICES], required=False, label=kind.label,
                initial=self.instance.exceptions.get(name, ""),
            )  # fmt: skip
        without_controls(self)

    def by_kind(self):
        """The fields of the kinds, for the page."""
        return [field for field in self if field.name != "how"]

    def save(self, commit=True):
        asked = {name: self.cleaned_data.get(f"kind {name}") for name in KINDS}
        self.instance.exceptions = {name: how for name, how in asked.items() if how}
        return super().save(commit)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_choice(request):
    """The page on which somebody chooses how they are mailed; their own alone."""
    row = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    form = MailForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Kept. It counts for what you are told from now on.")
        return redirect("desk:mail_choice")
    context = admin.site.each_context(request) | {"title": "Mail to you", "form": form}
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/articles/notifications/mail.html", context, status=status)
