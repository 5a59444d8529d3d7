"""What the pages of planning share: the filters that their addresses carry, the header, and views that are saved."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from newsroom.desk.base import number, refuse_controls
from newsroom.desk.refusals import Attempt

from ... import roles
from ...actions import assignments, views
from ...models import SavedView, Section


def who_may_see(user):
    """Refuse whoever the news list is not for."""
    if not roles.may(user, "see the news list"):
        raise PermissionDenied


def staff():
    """Who may be given a story, by name."""
    return list(assignments.writers().only("first_name", "last_name", "username"))


@dataclass(frozen=True)
class Filters:
    """What an address asks for: a section with its parts, a person, and what the page adds."""

    section: int | None = None
    person: int | None = None

    @classmethod
    def of(cls, request):
        who = request.GET.get("who")
        person = request.user.pk if who == "me" else number(who)
        return cls(number(request.GET.get("section")), person)

    def as_dict(self):
        return {"section": self.section, "person": self.person}

    def query(self, **more):
        """The query of an address with these filters; what is None is left out."""
        pairs = {"section": self.section, "who": self.person} | more
        return urlencode({name: value for name, value in pairs.items() if value not in (None, "")})


def page_context(request, page, filters):
    """What every page of planning shows around its list: choices to filter by, and the views that one has saved."""
    return admin.site.each_context(request) | {
        "page": page,
        "filters": filters,
        "sections": list(Section.objects.only("name")),
        "people": staff(),
        "saved": list(request.user.saved_views.filter(page=page)),
        "address": request.get_full_path(),
    }


@require_safe
def saved_views(request):
    """All the views that somebody has kept, by page."""
    who_may_see(request.user)
    pages = {page: [] for page in dict(SavedView.PAGES)}
    for view in request.user.saved_views.all():
        view.address = views.address_of(view.page, view.query)
        pages[view.page].append(view)
    context = admin.site.each_context(request) | {
        "title": "Your views",
        "pages": [(name, views.address_of(page, ""), pages[page]) for page, name in SavedView.PAGES],
    }
    return TemplateResponse(request, "admin/planning/views.html", context)


@require_POST
def save_view(request, page):
    """Keep the view that a page shows under a name of one's own."""
    who_may_see(request.user)
    if page not in dict(SavedView.PAGES):
        raise Http404
    query = request.POST.get("query", "")
    with Attempt() as attempt:
        refuse_controls(request.POST.get("name", ""))
        views.save_view(request.user, page, name=request.POST.get("name", ""), query=query)
    attempt.tell(request, "Saved. Its address can be given to anybody on the desk.")
    return redirect(views.address_of(page, views.clean_query(query)))


@require_POST
def forget_view(request, pk):
    """Throw a saved view of one's own away."""
    view = SavedView.objects.filter(pk=pk, user=request.user).first()
    if view is None:
        raise Http404
    view.delete()
    messages.success(request, f"“{view}” is no longer among your views.")
    return redirect(views.address_of(view.page, ""))
