"""What the body editor calls: looking things up, notes among colleagues, a picture, an expert's card. All JSON."""

import re

from django import forms
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from experts import access
from experts.actions import cards, removal
from experts.finding import duplicates
from experts.models import Expert
from newsroom import clock
from newsroom.desk.base import CleanForm, without_controls
from newsroom.errors import NotAllowed, Refused

from ... import roles
from ...actions import images
from ...models import Article, DeskNote, Image
from . import lookup as finding


def refuse(message, status=400, **more):
    """An answer that says why not, in words for the person who asked."""
    return JsonResponse({"error": message} | more, status=status)


def first_error(form):
    """The first thing wrong with a form, naming its field."""
    name, errors = next(iter(form.errors.items()))
    return errors[0] if name == "__all__" else f"{form.fields[name].label}: {errors[0]}"


@require_safe
def lookup(request, kind):
    """Rows of one kind by words (q) or by ids (id=1,2,3), at most a few: {results, may_add}."""
    if kind not in finding.KINDS:
        raise Http404("Nothing of that kind.")
    if not finding.may_see(request.user, kind):
        return refuse("Your role does not see these.", 403)
    more = {"why": access.tier(request.user) >= access.Tier.STAFF} if kind == "expert" else {}
    if "id" in request.GET:
        ids = [
            int(part) for part in request.GET["id"].split(",")[: finding.AT_ONCE] if re.fullmatch(r"[0-9]{1,18}", part)
        ]
        return JsonResponse({"results": finding.by_ids(kind, ids, **more)})
    without = request.GET.get("except", "")
    results = finding.by_words(
        kind,
        request.GET.get("q", "")[:200],
        leaving_out=int(without) if re.fullmatch(r"[0-9]{1,18}", without) else 0,
        **more,
    )
    return JsonResponse({"results": results, "may_add": finding.may_add(request.user, kind)})


def _numbers(text):
    """The ids in "1,2,3"; what is none is left out, as an id that no row has would be."""
    return [int(part) for part in text.split(",")[: finding.AT_ONCE] if re.fullmatch(r"[0-9]{1,18}", part)]


# --- notes -----------------------------------------------------------------------------------


class NoteForm(CleanForm):
    uid = forms.RegexField(r"^[A-Za-z0-9_-]{8,40}$")

    class Meta:
        model = DeskNote
        fields = ["uid", "text"]


def _told(note):
    return {
        "uid": note.uid,
        "text": note.text,
        "by": str(note.by),
        "at": timezone.localtime(note.at).strftime("%-d %b, %H:%M"),
        "settled": note.resolved_at is not None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request, pk):
    """The notes of a story; by POST, a new one."""
    article = get_object_or_404(Article.objects.readable_by(request.user), pk=pk)
    if request.method != "POST":
        notes = article.notes.filter(is_task=False).select_related("by")
        return JsonResponse({"notes": [_told(note) for note in notes]})
    if not roles.may_leave_notes(request.user):
        return refuse("Your role does not write notes.", 403)
    form = NoteForm(request.POST, instance=DeskNote(article=article, by=request.user))
    if not form.is_valid():
        return refuse(first_error(form))
    return JsonResponse(_told(form.save()), status=201)


@require_POST
def settle(request, uid):
    """Settle a note: it stays on the record, and is no longer shown as open."""
    readable = Article.objects.readable_by(request.user).values("pk")
    note = get_object_or_404(DeskNote.objects.filter(article__in=readable).select_related("by"), uid=uid)
    if not roles.may_leave_notes(request.user):
        return refuse("Your role does not write notes.", 403)
    if note.resolved_at is None:
        note.resolved_at = clock.process_time()
        note.save(update_fields=["resolved_at"])
    return JsonResponse(_told(note))


# --- a picture, an expert ----------------------------------------------------------------------


class PictureForm(forms.ModelForm):
    file = forms.FileField()

    class Meta:
        model = Image
        fields = ["alt", "credit", "caption"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


@require_POST
def upload(request):
    """Take a picture into the library and answer with its row, as `lookup` tells it."""
    if not roles.may(request.user, "upload pictures"):
        return refuse("Your role does not upload pictures.", 403)
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return refuse(first_error(form))
    words = {name: form.cleaned_data[name] for name in PictureForm.Meta.fields}
    try:
        image = images.take_in(form.cleaned_data["file"], by=request.user, **words)
    except Refused as error:
        return refuse(str(error), 403 if isinstance(error, NotAllowed) else 400)
    row = finding.by_ids("image", [image.pk])[0]
    if image.duplicates:
        row["warning"] = f"The library has it already: no. {image.duplicates[0].pk}, {image.duplicates[0]}"
    return JsonResponse(row, status=201)


class CardForm(CleanForm):
    """The least a card needs: a name. A title and organisation become the person's role of today."""

    title = forms.CharField(max_length=160, required=False)
    organisation = forms.CharField(max_length=160, required=False)

    class Meta:
        model = Expert
        fields = ["display_name"]

    def clean(self):
        data = super().clean()
        if data.get("organisation") and not data.get("title"):
            self.add_error("title", "Say what they do there.")
        return data


@require_POST
def make_expert(request):
    """Make a card by name. Where one like it is there, say so first; `anyway` says that it is somebody else."""
    if not roles.may(request.user, "make an expert card"):
        return refuse("Your role does not make expert cards.", 403)
    form = CardForm(request.POST)
    if not form.is_valid():
        return refuse(first_error(form))
    name = form.cleaned_data["display_name"]
    if not request.POST.get("anyway") and (same := _known_as(name)):
        advice = "If it is the same person, cancel and choose that card."
        return refuse(f"The source book has somebody of that name or one like it: {same}. {advice}", 409, same=True)
    if not request.POST.get("anyway") and removal.suppressed(names=[name]):
        return refuse(removal.BACK, 409, same=True)
    data = form.cleaned_data
    expert = cards.make(name, by=request.user, title=data["title"], organisation=data["organisation"])
    return JsonResponse(finding.by_ids("expert", [expert.pk])[0], status=201)


def _known_as(name):
    """Who in the source book may be the same person, whatever the spelling and script, in a line; "" where nobody."""
    found = [candidate.expert.pk for candidate in duplicates.candidates(name=name, sealed=False)[:3]]
    rows = {row["id"]: row for row in finding.by_ids("expert", found)}
    return "; ".join(", ".join(filter(None, [rows[pk]["label"], rows[pk]["sub"]])) for pk in found if pk in rows)
