"""Pictures for readers: those on a public page, as long as it is public and their rights last."""

from django.http import Http404
from django.views.decorators.http import require_safe

from articles.models import FormerFile, Image
from experts.models import Portrait
from newsroom.models import Logo
from newsroom.web import media as pictures

BROWSER_SECONDS, SHARED_SECONDS = 600, 60


@require_safe
def media(request, token, **asked):
    """A rendition, whole or a crop, or the same 404 as for a name that never existed. One query for a story's."""
    shown = (model.objects.public().filter(token=token).first() for model in (Image, Portrait, Logo, FormerFile))
    picture = next(filter(None, shown), None)
    if picture is None:
        raise Http404("No such picture.")
    left = _seconds_left(picture)
    response = pictures.answer(
        request, picture, asked, seconds=left,
        cache_control=f"public, max-age={min(BROWSER_SECONDS, left)}, s-maxage={min(SHARED_SECONDS, left)}",
    )  # fmt: skip
    # A reader's feed program shows pictures on a page of its own.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _seconds_left(picture):
    """Seconds until the picture may stop being public, by the clock that decided that it is."""
    ends = [at for at in (getattr(picture, "rights_until", None), getattr(picture, "use_until", None)) if at]
    return max(0, int((min(ends) - picture.asked_at).total_seconds())) if ends else BROWSER_SECONDS
