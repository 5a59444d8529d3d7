"""The pages of requests about data: the list by due date, adding one, deciding one."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from newsroom import paper
from newsroom.desk.base import CappedPaginator, number, without_controls

from .. import access
from ..actions import consent, requests
from ..models import DataRequest, Expert
from . import base

PER_PAGE = 50
SOON_DAYS = 7


class RequestForm(forms.Form):
    """A request that came by letter, mail or telephone."""

    kind = forms.ChoiceField(label="What they ask", choices=DataRequest.KINDS)
    received = forms.DateField(
        label="Received on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="It is due a month later.",
    )  # fmt: skip
    words = forms.CharField(label="What they wrote", max_length=4000, required=False, widget=forms.Textarea)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean_received(self):
        if self.cleaned_data["received"] > paper.today():
            raise forms.ValidationError("That day is still ahead.")
        if self.cleaned_data["received"].year < 2000:
            raise forms.ValidationError("Check the year.")
        return self.cleaned_data["received"]


class DecisionForm(forms.Form):
    """What was decided, and on what ground."""

    decision = forms.CharField(label="Decision", max_length=300)
    ground = forms.CharField(label="Ground", max_length=300, required=False,
                             help_text="The law or rule it rests on: Art. 15 GDPR.")  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


def requests_page(admin, request):
    """The open requests, the most urgent first, or with ?closed=1 the closed ones. Three queries."""
    base.require_permission(access.may_keep(request.user))
    closed = request.GET.get("closed") == "1"
    rows = DataRequest.objects.filter(closed_at__isnull=not closed).select_related("expert", "handler")
    pages = CappedPaginator(rows.order_by("-closed_at", "-pk") if closed else rows.order_by("due", "pk"), PER_PAGE)
    page = pages.get_page(number(request.GET.get("p")) or 1)
    for row in page:
        days = (row.due - paper.today()).days
        row.urgency = "" if closed else "late" if days < 0 else "soon" if days <= SOON_DAYS else ""
        row.left = days
    return base.render_page(admin, request, "experts/requests.html", "Requests about data", rows=page, closed=closed)


def add_request_page(admin, request, pk):
    """The form that adds a request of somebody who has a card."""
    base.require_permission(access.may_keep(request.user))
    expert = base.find_card(request, pk)
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"received": paper.today()})
    open_one, status = None, 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        with base.attempt() as attempt:
            return _keep_request(request, expert, form.cleaned_data)
        status, open_one = attempt.status, getattr(attempt.refusal, "request", None)
        if open_one is None:
            attempt.add_to(form)
    return base.render_page(
        admin, request, "experts/requests_add.html", "A request about data", status=status, expert=expert, form=form,
        open_one=open_one,
    )  # fmt: skip


def _keep_request(request, expert, said):
    """Add a new request or, where that was chosen, add the words to the open request of this kind."""
    same = expert.requests.filter(kind=said["kind"], closed_at=None).first()
    if request.POST.get("act") == "join" and same:
        row = requests.add_words(same, said["words"], by=request.user)
        messages.success(request, f"Added to what they wrote. It is due on {row.due:%-d %B %Y}, as before.")
        return redirect("admin:experts_expert_request", row.pk)
    row = requests.add_request(expert, by=request.user, **said)
    messages.success(request, f"Kept. It is due on {row.due:%-d %B %Y}.")
    return redirect("admin:experts_expert_change", expert.pk)


def decide_request(admin, request, pk):
    """One request: their words and corrections, and the decision on it."""
    base.require_permission(access.may_keep(request.user))
    row = DataRequest.objects.select_related("expert", "handler").filter(pk=pk).first()
    if row is None:
        raise Http404("No such request.")
    sent = request.method == "POST"
    form = DecisionForm(
        request.POST if sent and request.POST.get("act") != "accept" else None, initial={"decision": row.decision}
    )  # fmt: skip
    refusal, status = "", 400 if sent else 200
    if sent and row.closed_at:
        refusal, status = "This request was closed already.", 409
    elif sent and request.POST.get("act") == "accept":
        with base.attempt() as attempt:
            seen = number(request.POST.get("seen"))
            done = {"words_too": request.POST.get("words_too") == "on", "seen": seen}
            taken = consent.accept_correction(row, request.POST.getlist("take"), by=request.user, **done)
            if DataRequest.objects.filter(pk=row.pk, closed_at=None).exists():
                messages.success(request, "Taken over. The request stays open for what they wrote.")
                return redirect("admin:experts_expert_request", row.pk)
            messages.success(request, "Taken over." if taken else "Closed; nothing was taken over.")
            return redirect("admin:experts_expert_requests")
        refusal, status = attempt.words, attempt.status
    elif sent and form.is_valid():
        with base.attempt(form):
            requests.close_request(row, by=request.user, **form.cleaned_data)
            messages.success(request, "Closed.")
            return redirect("admin:experts_expert_requests")
    return base.render_page(
        admin, request, "experts/requests_one.html", row.get_kind_display(), status=status, row=row, form=form,
        expert=row.expert, proposals=_proposals(row), refusal=refusal,
    )  # fmt: skip


def _proposals(row):
    """[(name, label, value on the card, proposed value)] of their corrections."""
    if row.expert is None or row.closed_at:
        return []
    labels = {name: str(Expert._meta.get_field(name).verbose_name).capitalize() for name in row.proposed}
    return [(name, labels[name], getattr(row.expert, name), said) for name, said in row.proposed.items()]


def urls(admin):
    return [
        base.route(admin, "requests/", requests_page, "requests"),
        base.route(admin, "requests/<int:pk>/", decide_request, "request"),
        base.route(admin, "<int:pk>/requests/add/", add_request_page, "request_add"),
    ]
