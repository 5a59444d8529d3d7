"""A story's page and what is kept of it: what its script has to know, and a draft put back into the form."""

import json

from django.conf import settings
from django.urls import reverse

from newsroom import paper
from newsroom.desk.base import number
from newsroom.errors import Refused

from ...actions import keeping, take
from ..stories import sides
from .offers import as_posted


class PutBack(Refused):
    """Not saved, because it is to be looked at first: what was typed earlier stands in the form again."""

    is_note = True


def mount(request, article=None, form=None):
    """What a page with a story's form tells its script: templates/admin/articles/article/keeping.html."""
    restored, typed = getattr(request, "restored", None), request.POST
    shown = typed.get(sides.SHOWN, "")
    if article is not None and not (shown and form.is_bound):
        shown = json.dumps(sides.planning_now(type(form)(instance=article) if form.is_bound else form))
    window = {
        "tab": typed.get("draft_tab", ""),
        "seq": typed.get("draft_seq", ""),
        "taken": typed.get("draft_taken", ""),
    }
    return window | {
        "taken": restored.tab if restored else window["taken"],
        "restored": restored,
        "drafts": reverse("desk:drafts"),
        "presence": reverse("desk:presence", args=[article.pk]) if article else "",
        "login": reverse("admin:login"),
        "story": article.pk if article else "",
        "version": form["base_version"].value() if article else 0,
        "seen": take.seen_token(article) if article else "",
        "person": request.user.pk,
        "username": request.user.get_username(),
        "unsaved": request.method == "POST",
        "shown": shown,
        "draft_ms": int(settings.DRAFT_SECONDS * 1000),
        "presence_ms": int(settings.PRESENCE_SECONDS * 1000),
    }


def put_back(request, article):
    """Let a request that asks for a draft (`_restore`) send what the draft holds; its refusal says so.

    Nothing is saved: what comes back is looked at first. Returns whether the person has that draft.
    """
    draft = keeping.drafts_of(request.user, article).filter(pk=number(request.POST["_restore"]) or 0).first()
    if draft is None:
        return False
    typed = as_posted(draft)
    typed._mutable = True
    request.POST, request.restored = typed, draft
    request.refusal = PutBack(
        f"What you typed until {paper.local(draft.at):%H:%M on %-d %B} is back in the form. It is not saved yet."
    )
    request.refused_with = 200
    return True


def show_as_note(context, form, refusal):
    """Take a refusal that is no fault out of a form's errors: the page says it by itself."""
    others = [error for error in form.non_field_errors() if error != str(refusal)]
    form.errors.pop("__all__", None)
    if others:
        form.errors["__all__"] = form.error_class(others)
    context["errors"] = [told for told in context["errors"] if list(told) != [str(refusal)]]


def note_saved(request, article):
    """After a save: what stood in the window is in the story, so its draft goes."""
    keeping.note_saved(
        article,
        by=request.user,
        tab=request.POST.get("draft_tab", "")[:40],
        seq=number(request.POST.get("draft_seq")) or 0,
        taken=request.POST.get("draft_taken", "").split(),
    )
