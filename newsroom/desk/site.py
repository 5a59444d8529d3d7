"""The admin as a newsroom's desk: its site, and the places that its header leads to."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR
from django.core.exceptions import SuspiciousOperation
from django.db.models.base import ModelBase
from django.shortcuts import redirect
from django.urls import path, reverse

from .. import clock, hooks, paper
from ..models import Publication, Pulse
from ..models.publication import held_publication
from . import today, worker
from .base import number


@dataclass(frozen=True)
class Place:
    """A page that the header of the desk leads to.

    A model's list ("articles.article") is open to whoever sees the model on the desk; for any other page `is_open`
    says whether a user may go there.
    """

    name: str
    url_name: str
    model: str = ""
    is_open: Callable | None = None

    @classmethod
    def list_of(cls, name, model):
        return cls(name, f"admin:{model.replace('.', '_')}_changelist", model)


def refuse_forged_parameters(request):
    """Answer 400 to what Django's admin would take from a request although no page of the desk sends it.

    To save a row as a new one, which makes one without what only our own form for a new row asks for; to hand back to
    a window another field of a row than its id; and to choose rows in a list by what is no id.
    """
    if "_saveasnew" in request.POST:
        raise SuspiciousOperation("Nothing is saved as new here.")
    if {*request.GET.getlist(TO_FIELD_VAR), *request.POST.getlist(TO_FIELD_VAR)} - {"", "id"}:
        raise SuspiciousOperation("A row is chosen by its id.")
    if any(number(chosen) is None for chosen in request.POST.getlist(ACTION_CHECKBOX_NAME)):
        raise SuspiciousOperation("A row of a list is chosen by its id.")


class DeskSite(AdminSite):
    """The admin as a newsroom's desk: the paper's name and zone on every page, no address by content type."""

    site_title = "Newsroom"
    index_title = "Today"
    empty_value_display = "—"
    enable_nav_sidebar = False

    # Groups are made from a table of roles and not kept by hand; Django's own page of people brings them in.
    left_out = frozenset({"auth.group"})

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register([m for m in models if m._meta.label_lower not in self.left_out], admin_class, **options)

    def get_urls(self):
        # r/<type>/<id>/ leads anybody of the staff to any row's address, and so shows which rows exist.
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [
            path("worker/", self.admin_view(worker.page), name="worker"),
            path("worker/again/", self.admin_view(worker.again), name="mail_again"),
            *urls,
        ]

    def admin_view(self, view, cacheable=False):
        return super().admin_view(self._in_zone(view), cacheable)

    def _in_zone(self, view):
        """Read and print times in the paper's zone, to the last line of the template."""

        @wraps(view)
        def inner(request, *args, **kwargs):
            refuse_forged_parameters(request)
            publication = self.publication(request)
            # A page that writes may write this very row, and asks for it anew.
            reads = request.method in ("GET", "HEAD") and not publication._state.adding
            with paper.in_zone(publication.zone), held_publication(publication) if reads else nullcontext():
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
            return response

        return inner

    def publication(self, request):
        """The paper, asked for once per request; an unsaved one before the first-run page has been filled in."""
        if not hasattr(request, "publication"):
            row = Publication.objects.filter(pk=1).annotate(clock_behind=clock.SecondsBehind()).first()
            request.publication = row or Publication(name="Newsroom")
        return request.publication

    def index(self, request, extra_context=None):
        # Whoever set the newspaper up is led to the page that opens it, until it is open.
        if self.publication(request)._state.adding and request.user.is_superuser:
            return redirect("first_run")
        return super().index(request, self._queues(request) | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        # The page of one room extends the front page, and shows what waits as it does.
        return super().app_index(request, app_label, self._queues(request) | (extra_context or {}))

    def _queues(self, request):
        queues = [queue for queues_of in hooks.desk_queues for queue in queues_of(request.user)]
        if not getattr(self.publication(request), "clock_behind", 0):
            return {"today": today.Today(queues)}
        return {"today": today.Today(queues), "clock_stands_at": Pulse.objects.get(pk=1).newest}

    def each_context(self, request):
        context = super().each_context(request)
        return context | {
            "site_header": self.publication(request).name,
            "desk_places": self._places(request, context["available_apps"]) if context["has_permission"] else [],
        }

    def _places(self, request, available_apps):
        """The pages that people go to most, of those open to this person: (name, address, whether they are there)."""
        models = {model["model"] for app in available_apps for model in app["models"] if model.get("admin_url")}
        addresses = [
            (place.name, reverse(place.url_name))
            for place in hooks.desk_places
            if (apps.get_model(place.model) in models if place.model else place.is_open(request.user))
        ]
        return [(name, address, request.path.startswith(address)) for name, address in addresses]
