from django.contrib import admin
from django.urls import include, path

from .web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/first-run/", include("articles.desk.firstrun")),
    path("admin/password/", include("newsroom.accounts")),
    path("admin/media/", include("articles.desk.media")),
    path("admin/desk/", include("articles.desk.urls")),
    path("admin/", admin.site.urls),
    path("your-card/", include("experts.site.urls")),
    path("", include("articles.site.urls")),
]

handler400 = "articles.site.errors.bad_request"
handler403 = "articles.site.errors.forbidden"
handler404 = "articles.site.errors.not_found"
handler500 = "articles.site.errors.server_error"
