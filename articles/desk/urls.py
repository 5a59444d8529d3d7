"""What the body editor calls, answered in JSON, and the source audit; every view asks who is signed in."""

from django.contrib import admin
from django.urls import path

from . import audit, stale, views, voices

app_name = "desk"

urlpatterns = [
    path(address, admin.site.admin_view(view), name=name)
    for address, view, name in [
        ("lookup/<slug:kind>/", views.lookup, "lookup"),
        ("articles/<int:pk>/notes/", views.notes, "notes"),
        ("articles/<int:pk>/voices/", voices.count, "voices"),
        ("articles/<int:pk>/tasks/<str:uid>/done/", stale.task_done, "task_done"),
        ("experts/<int:pk>/stale-titles/", stale.stale_titles, "stale_titles"),
        ("notes/<str:uid>/settle/", views.settle, "settle"),
        ("images/", views.upload, "upload"),
        ("experts/", views.make_expert, "expert"),
        ("audit/", audit.source_audit, "audit"),
    ]
]
