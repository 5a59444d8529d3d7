"""Answering a request for a rendition; the caller has checked that this visitor may see the picture."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotModified, HttpResponseRedirect

from ..pictures import renditions
from .pages import has_copy
from .ranges import Unsatisfiable, part_asked

SIGNED_SECONDS = 60  # the longest that an address of the storage's own may be good for


def answer(request, picture, asked, *, cache_control, seconds=SIGNED_SECONDS):
    """A rendition of a picture: its bytes, an X-Accel-Redirect for nginx, or a redirect to a signed storage address.

    `asked` is what the address says: width and extension, and of a crop its shape, x and y. 404 where there is no
    such rendition, 503 where the storage does not answer. A crop around an earlier focal point leads to the present
    one. `seconds` is how much longer the
    visitor may see it.
    """
    width, extension = int(asked["width"]), asked["extension"]
    crop = picture.crop(asked["shape"]) if "shape" in asked else None
    try:
        if crop and (int(asked["x"]), int(asked["y"])) != (crop.x, crop.y):
            return _at_the_present_point(request, asked, crop)
        name = renditions.ready(picture, width, extension, crop)
    except FileNotFoundError as error:
        raise Http404("No such picture.") from error
    except renditions.Busy:
        return HttpResponse(status=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})
    if name is None:
        raise Http404("No such picture.")
    if getattr(default_storage, "querystring_auth", False):
        response = HttpResponse(status=302)
        response["Location"] = default_storage.url(name, expire=max(1, min(SIGNED_SECONDS, int(seconds))))
        response["Cache-Control"] = "no-store"  # a kept redirect would outlive the address
        return response
    etag = f'"{picture.token[:8]}-{f"{crop.name}-" if crop else ""}{width}{extension}-{renditions.VERSION}"'
    response = HttpResponseNotModified() if has_copy(request, etag) else _with_bytes(request, name, etag)
    response["ETag"] = etag
    response["Cache-Control"] = cache_control
    if response.status_code in (200, 206):
        response["Content-Type"] = renditions.TYPES[extension]
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _at_the_present_point(request, asked, crop):
    if int(asked["width"]) not in crop.widths:
        raise Http404("No such picture.")
    before = f"{asked['shape']}-{asked['x']}-{asked['y']}"
    response = HttpResponseRedirect(request.path.replace(f"-{before}-", f"-{crop.name}-"))
    response["Cache-Control"] = "no-store"  # the point may move back
    return response


def _with_bytes(request, name, etag):
    if settings.ACCEL_LOCATION:
        response = HttpResponse()
        response["X-Accel-Redirect"] = f"{settings.ACCEL_LOCATION.rstrip('/')}/{name}"
        return response
    taken = {"Accept-Ranges": "bytes"}
    if request.method == "HEAD":
        return HttpResponse(headers=taken | {"Content-Length": str(default_storage.size(name))})
    if "HTTP_RANGE" not in request.META:
        return FileResponse(default_storage.open(name), headers=taken)
    length = default_storage.size(name)
    try:
        part = part_asked(request, etag, length)
    except Unsatisfiable:
        return HttpResponse(status=416, headers=taken | {"Content-Range": f"bytes */{length}"})
    if part is None:
        return FileResponse(default_storage.open(name), headers=taken)
    first, count = part
    with default_storage.open(name) as file:
        file.seek(first)
        content = file.read(count)
    place = f"bytes {first}-{first + count - 1}/{length}"
    return HttpResponse(content, status=206, headers=taken | {"Content-Range": place})
