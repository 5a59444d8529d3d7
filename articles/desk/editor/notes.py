"""The notes of a story as the page and the body editor call for them: JSON, and the list of threads as HTML."""

from django import forms
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom import paper
from newsroom.desk.base import without_controls
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import Refused

from ... import roles
from ...actions import notes as actions
from ...body import anchors
from ...models import Article, DeskNote

THREADS = 200  # of a story, so many are shown: open ones first
PLACES = {anchors.GONE: "Its words are gone.", anchors.STORY: "On the story as a whole."}


# --- showing ----------------------------------------------------------------------------------------------


def open_threads(article, body):
    """The open notes of a story, each with its `replies`, its `place` in a body and what is said of it; one query."""
    return _threads(article, body, Q(thread=None, resolved_at=None) | Q(thread__isnull=False, thread__resolved_at=None))


def _threads(article, body, which=None):
    rows = article.notes.filter(which or Q()).select_related("by", "resolved_by")
    notes, answers = [], {}
    for note in rows:
        note.html = said_as_html(note.text)
        if note.thread_id:
            answers.setdefault(note.thread_id, []).append(note)
        else:
            notes.append(note)
    places = anchors.places_in(body)
    for note in notes:
        note.replies = answers.get(note.pk, [])
        note.place = places.place_of(note)
        note.placed = PLACES.get(note.place, "")
    notes.sort(key=lambda note: (note.resolved_at is not None, *places.order_of(note), note.pk))
    return notes[:THREADS]


def said_as_html(text):
    """A note's text as safe HTML, with the names of those whom it mentions set off."""
    return mark_safe(actions.MENTION.sub(r'<b class="at">@\1</b>', escape(text)))


def _as_json(note):
    return {
        "uid": note.uid,
        "text": note.text,
        "by": str(note.who),
        "at": f"{paper.local(note.at):%-d %b, %H:%M}",
        "settled": note.resolved_at is not None,
        "quoted": note.quoted,
        "before": note.before,
        "after": note.after,
        "paragraph": note.paragraph,
        "answers": len(getattr(note, "replies", ())),
    }


# --- called -----------------------------------------------------------------------------------------------


class AnswerForm(forms.Form):
    text = forms.CharField(max_length=actions.TEXT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


class NoteForm(AnswerForm):
    """What a note is about comes from a selection on the page; of what is too long, the page sends a part."""

    uid = forms.CharField(max_length=40, required=False)
    quoted = forms.CharField(max_length=actions.QUOTED, required=False, strip=False)
    before = forms.CharField(max_length=actions.BESIDE, required=False, strip=False)
    after = forms.CharField(max_length=actions.BESIDE, required=False, strip=False)
    paragraph = forms.IntegerField(min_value=0, max_value=30_000, required=False)


def _story_or_404(request, pk):
    return get_object_or_404(Article.objects.readable_by(request.user), pk=pk)


def _note_or_404(request, uid):
    readable = Article.objects.readable_by(request.user).values("pk")
    rows = DeskNote.objects.select_related("by", "article", "thread__by", "thread__article")
    return get_object_or_404(rows.filter(article__in=readable), uid=uid)


def _cleaned(form):
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(errors[0] if name in ("__all__", "text") else f"{name.capitalize()}: {errors[0]}", field=name)
    return form.cleaned_data


@require_http_methods(["GET", "HEAD", "POST"])
@refused_as_json
def notes(request, pk):
    """The threads of a story, as data and as the list that the page shows; by POST, a new note."""
    article = _story_or_404(request, pk)
    if request.method == "POST":
        data = _cleaned(NoteForm(request.POST))
        note = actions.leave_note(article, data.pop("text"), by=request.user, **data)
        return JsonResponse(_as_json(note), status=201)
    threads = _threads(article, article.body, Q(is_task=False))
    context = {
        "open": [note for note in threads if not note.resolved_at],
        "resolved": [note for note in threads if note.resolved_at],
        "may_write": roles.may_leave_notes(request.user),
    }
    shown = render_to_string("admin/articles/article/threads.html", context)
    return JsonResponse({"notes": [_as_json(note) for note in threads], "shown": shown, "open": len(context["open"])})


@require_POST
@refused_as_json
def reply(request, uid):
    """Answer a note."""
    note = _note_or_404(request, uid)
    answer = actions.answer(note, _cleaned(AnswerForm(request.POST))["text"], by=request.user)
    return JsonResponse(_as_json(answer), status=201)


@require_POST
@refused_as_json
def settle(request, uid):
    """Resolve a note's thread: it is kept, and no longer shown as open."""
    return JsonResponse(_as_json(actions.resolve(_note_or_404(request, uid), by=request.user)))


@require_POST
@refused_as_json
def reopen(request, uid):
    """Open a note's thread again."""
    return JsonResponse(_as_json(actions.reopen(_note_or_404(request, uid), by=request.user)))


@require_safe
@refused_as_json
def colleagues(request, pk):
    """Whom a note on a story can mention, by the beginning of a name: {results: [{name, label}]}."""
    found = actions.colleagues(_story_or_404(request, pk), request.GET.get("q", "")[:60].replace("\0", ""))
    return JsonResponse({"results": [{"name": user.username, "label": str(user)} for user in found]})
