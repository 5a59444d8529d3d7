"""What the body editor calls, answered in JSON, pages about old titles, and the source audit; all for staff alone."""

from django.contrib import admin
from django.urls import path

from .audit import page
from .editor import calls, notes
from .people import old_titles, voices

app_name = "desk"

urlpatterns = [
    path(address, admin.site.admin_view(view), name=name)
    for address, view, name in [
        ("lookup/<slug:kind>/", calls.find_rows, "lookup"),
        ("articles/<int:pk>/notes/", notes.notes, "notes"),
        ("articles/<int:pk>/colleagues/", notes.colleagues, "colleagues"),
        ("articles/<int:pk>/voices/", voices.count_proposed, "voices"),
        ("articles/<int:pk>/tasks/<str:uid>/done/", old_titles.task_done, "task_done"),
        ("experts/<int:pk>/stale-titles/", old_titles.stale_titles, "stale_titles"),
        ("notes/<str:uid>/reply/", notes.reply, "reply"),
        ("notes/<str:uid>/settle/", notes.settle, "settle"),
        ("notes/<str:uid>/reopen/", notes.reopen, "reopen"),
        ("images/", calls.upload, "upload"),
        ("experts/", calls.make_expert, "expert"),
        ("audit/", page.source_audit, "audit"),
    ]
]
