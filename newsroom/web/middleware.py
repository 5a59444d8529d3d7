"""Headers that every answer carries beside those of Django's own middleware, and the early 304."""

from django.http import HttpResponse

from . import health, pages


class HealthMiddleware:
    """Health is answered before anything else asks: a probe on loopback knows neither our host's name nor https."""

    views = {"/healthz": health.healthz, "/readyz": health.readyz}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = self.views.get(request.path_info)
        return view(request) if view else self.get_response(request)


class HeadersMiddleware:
    """Isolation headers on every page, and no indexing of the desk; 304 at once for a reader who has the page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = pages.unchanged(request) or self.get_response(request)
        if request.method == "OPTIONS" and response.status_code == 405:
            # Asking what may be done is always allowed; the view has said what.
            response = HttpResponse(status=204, headers={"Allow": f"{response.headers['Allow']}, OPTIONS"})
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()"
        )
        if request.path.startswith("/admin/"):
            response.headers["X-Robots-Tag"] = "noindex"
            response.headers["Cache-Control"] = "no-store"
        return response
