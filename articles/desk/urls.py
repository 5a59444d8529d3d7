"""What the body editor calls, answered in JSON, old titles, previews, and the source audit; all for staff alone."""

from django.contrib import admin
from django.urls import path

from .audit import page
from .editor import calls
from .people import old_titles, voices
from .previews import links, live

app_name = "desk"

urlpatterns = [
    path(address, admin.site.admin_view(view), name=name)
    for address, view, name in [
        ("lookup/<slug:kind>/", calls.find_rows, "lookup"),
        ("articles/<int:pk>/notes/", calls.notes, "notes"),
        ("articles/<int:pk>/voices/", voices.count_proposed, "voices"),
        ("articles/<int:pk>/tasks/<str:uid>/done/", old_titles.task_done, "task_done"),
        ("experts/<int:pk>/stale-titles/", old_titles.stale_titles, "stale_titles"),
        ("notes/<str:uid>/settle/", calls.settle, "settle"),
        ("images/", calls.upload, "upload"),
        ("experts/", calls.make_expert, "expert"),
        ("audit/", page.source_audit, "audit"),
        ("articles/<int:pk>/preview/", live.preview, "preview"),
        ("articles/<int:pk>/links/", links.links, "preview_links"),
        ("articles/<int:pk>/links/<int:link>/<slug:act>/", links.act, "preview_link"),
    ]
]
