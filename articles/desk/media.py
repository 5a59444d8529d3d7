"""Pictures for the desk: the library's for those who see the news list, portraits for those who see experts."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import re_path
from django.views.decorators.http import require_safe

from experts.models import Portrait
from newsroom.models import Logo
from newsroom.pictures import renditions
from newsroom.web import media as site_media

from .. import roles
from ..models import FormerFile, Image


@admin.site.admin_view
@require_safe
def desk_media(request, token, **asked):
    """A rendition of a picture, whole or a crop, also of one that readers may not see."""
    may = {
        model: roles.may(request.user, what)
        for model, what in (
            (Image, "see the news list"), (Portrait, "see experts"), (Logo, "see the news list"),
            (FormerFile, "see the news list"),
        )
    }  # fmt: skip
    if not any(may.values()):
        raise PermissionDenied
    found = (model.objects.filter(token=token).first() for model, allowed in may.items() if allowed)
    picture = next(filter(None, found), None)
    if picture is None:
        raise Http404("No such picture.")
    return site_media.answer(request, picture, asked, cache_control="no-store")


urlpatterns = [
    re_path(rf"^{renditions.ADDRESS}$", desk_media, name="desk_media"),
    re_path(rf"^{renditions.CROP_ADDRESS}$", desk_media, name="desk_media_crop"),
]
