"""What the body editor calls, all JSON: rows to refer to, uploading a picture, making an expert's card."""

import re

from django import forms
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from experts import access
from experts.actions import cards, removal
from experts.finding import duplicates
from experts.models import Expert
from newsroom.desk.base import CleanForm, number
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import NotAllowed, Refused

from ... import roles
from ...actions import images
from ...models import Image
from ..pictures.forms import OneFileForm
from . import lookup

SHA256 = re.compile(r"[0-9a-f]{64}")


def first_error(form):
    """The first error of a form, with the name of its field."""
    name, errors = next(iter(form.errors.items()))
    return errors[0] if name == "__all__" else f"{form.fields[name].label}: {errors[0]}"


@require_safe
@refused_as_json
def find_rows(request, kind):
    """Rows of one kind by words (q) or by ids (id=1,2,3), at most a few: {results, may_add}."""
    if kind not in lookup.KINDS:
        raise Http404("Nothing of that kind.")
    if not lookup.may_see(request.user, kind):
        raise NotAllowed("Your role does not see these.")
    more = {"why": access.tier(request.user) >= access.Tier.STAFF} if kind == "expert" else {}
    if "id" in request.GET:
        ids = [number(part) for part in request.GET["id"].split(",")[: lookup.AT_ONCE]]
        return JsonResponse({"results": lookup.rows_by_ids(kind, [pk for pk in ids if pk is not None], **more)})
    words, leaving_out = request.GET.get("q", "")[:200], number(request.GET.get("except")) or 0
    results = lookup.rows_by_words(kind, words, leaving_out=leaving_out, **more)
    return JsonResponse({"results": results, "may_add": lookup.may_add(request.user, kind)})


# --- a picture, an expert ----------------------------------------------------------------------


@require_POST
@refused_as_json
def upload(request):
    """Take a picture into the library and answer with its row, as `find_rows` shows it; `alike` are others like it."""
    if not roles.may(request.user, "upload pictures"):
        raise NotAllowed("Your role does not upload pictures.")
    form = OneFileForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        raise Refused(first_error(form))
    image = images.take_in(form.cleaned_data["file"], by=request.user, **form.words())
    row = lookup.rows_by_ids("image", [image.pk])[0]
    if image.duplicates:
        row["warning"] = f"The library has it already: no. {image.duplicates[0].pk}, {image.duplicates[0]}"
        same = {other.pk for other in image.duplicates if other.sha256 == image.sha256}
        first = sorted(image.duplicates, key=lambda other: other.pk not in same)[: lookup.ALIKE]
        row["alike"] = [one | {"same": one["id"] in same} for one in lookup.image_rows(first)]
    return JsonResponse(row, status=201)


@require_POST
@refused_as_json
def use_instead(request, pk):
    """Throw out a picture that was just brought in, for another that the library had; answer with that one's row."""
    if not lookup.may_see(request.user, "image"):
        raise NotAllowed("Your role does not see these.")
    image = get_object_or_404(Image, pk=pk)
    other = Image.objects.filter(pk=number(request.POST.get("other"))).exclude(pk=pk).first()
    images.use_instead(image, other, by=request.user)
    return JsonResponse(lookup.rows_by_ids("image", [other.pk])[0])


@require_safe
@refused_as_json
def same_file(request):
    """The picture that the library has of a file with this digest (?sha256=), so that nobody sends it again: {row}."""
    if not roles.may(request.user, "upload pictures"):
        raise NotAllowed("Your role does not upload pictures.")
    digest = request.GET.get("sha256", "")
    found = (
        Image.objects.filter(sha256=digest).exclude(original="").order_by("pk")[:1] if SHA256.fullmatch(digest) else ()
    )
    return JsonResponse({"row": next(iter(lookup.image_rows(found)), None)})


class WordsForm(CleanForm):
    """What is printed of a picture, typed as it is brought in."""

    class Meta:
        model = Image
        fields = ["alt", "credit", "caption"]


@require_POST
@refused_as_json
def describe(request, pk):
    """Keep what somebody says of a picture that they have just brought in; answer with its row."""
    if not lookup.may_see(request.user, "image"):
        raise NotAllowed("Your role does not see these.")
    image = get_object_or_404(Image, pk=pk)
    form = WordsForm(request.POST, instance=image)
    if not form.is_valid():
        raise Refused(first_error(form))
    images.describe(image, by=request.user, **form.cleaned_data)
    return JsonResponse(lookup.rows_by_ids("image", [image.pk])[0])


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
@refused_as_json
def make_expert(request):
    """Make a card by name.

    Where similar ones exist the answer is 409 with them as `alike`, unless `anyway` says that it is somebody else.
    """
    if not roles.may(request.user, "make an expert card"):
        raise NotAllowed("Your role does not make expert cards.")
    form = CardForm(request.POST)
    if not form.is_valid():
        raise Refused(first_error(form))
    name = form.cleaned_data["display_name"]
    if not request.POST.get("anyway") and (alike := _known_as(name)):
        same = "; ".join(", ".join(filter(None, [row["label"], row["sub"]])) for row in alike)
        advice = "If it is the same person, use that card."
        return _ask_first(f"The source book has somebody of that name or one like it: {same}. {advice}", alike)
    if not request.POST.get("anyway") and removal.is_suppressed(names=[name]):
        return _ask_first(removal.SUPPRESSED_MESSAGE)
    data = form.cleaned_data
    expert = cards.make_card(name, by=request.user, title=data["title"], organisation=data["organisation"])
    return JsonResponse(lookup.rows_by_ids("expert", [expert.pk])[0], status=201)


def _ask_first(why, alike=()):
    """The answer where a card may be there already: `anyway` makes it all the same."""
    return JsonResponse({"error": why, "same": True, "alike": list(alike)}, status=409)


def _known_as(name):
    """The rows of those in the source book who may be the same person, in any spelling or script, likest first."""
    found = [candidate.expert.pk for candidate in duplicates.find_lookalikes(name=name, sealed=False)[:3]]
    rows = {row["id"]: row for row in lookup.rows_by_ids("expert", found)}
    return [rows[pk] for pk in found if pk in rows]
