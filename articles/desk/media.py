"""Pictures for the desk: any of the library's for who sees the news list, any portrait for who sees experts."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import re_path
from django.views.decorators.http import require_safe

from experts.models import Portrait
from newsroom.models import Logo
from newsroom.pictures import renditions
from newsroom.web import media as pictures

from .. import roles
from ..models import Image


@admin.site.admin_view
@require_safe
def media(request, token, width, extension):
    """A rendition of a picture, whatever readers may see of it."""
    may = {
        model: roles.may(request.user, what)
        for model, what in ((Image, "see the news list"), (Portrait, "see experts"), (Logo, "see the news list"))
    }
    if not any(may.values()):
        raise PermissionDenied
    found = (model.objects.filter(token=token).first() for model, allowed in may.items() if allowed)
    picture = next(filter(None, found), None)
    if picture is None:
        raise Http404("No such picture.")
    return pictures.answer(request, picture, int(width), extension, cache_control="no-store")


urlpatterns = [re_path(rf"^{renditions.ADDRESS}$", media, name="desk_media")]
