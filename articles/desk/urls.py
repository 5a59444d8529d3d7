"""What the body editor calls in JSON, pages about old titles, planning, and the source audit; all for staff alone."""

from django.contrib import admin
from django.urls import path

from .audit import page
from .editor import calls
from .people import old_titles, voices
from .planning import answers, calendar, news, views

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
        ("calendar/", calendar.calendar, "calendar"),
        ("news/", news.news_list, "news_list"),
        ("planning/<int:pk>/<slug:field>/", news.plan_cell, "plan"),
        ("views/", views.saved_views, "views"),
        ("views/<slug:page>/", views.save_view, "save_view"),
        ("views/<int:pk>/forget/", views.forget_view, "forget_view"),
        ("assignments/<int:pk>/", answers.assignment, "assignment"),
    ]
]
