"""What the editor calls in JSON; old titles, notifications, planning, previews, source audit. All for staff alone."""

from django.contrib import admin
from django.urls import path

from . import embeds, notifications, style
from .audit import page
from .editor import calls, notes
from .keeping import calls as keeping
from .people import old_titles, voices
from .planning import answers, calendar, news, views
from .previews import links, live

app_name = "desk"

urlpatterns = [
    path(address, admin.site.admin_view(view), name=name)
    for address, view, name in [
        ("house-style/", style.house_style_rules, "house_style"),
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
        ("images/same/", calls.same_file, "same_file"),
        ("images/<int:pk>/words/", calls.describe, "describe"),
        ("images/<int:pk>/instead/", calls.use_instead, "instead"),
        ("embeds/", embeds.recognise, "embed"),
        ("experts/", calls.make_expert, "expert"),
        ("drafts/", keeping.drafts, "drafts"),
        ("drafts/<int:pk>/discard/", keeping.discard, "discard"),
        ("articles/<int:pk>/presence/", keeping.presence, "presence"),
        ("audit/", page.source_audit, "audit"),
        ("notifications/", notifications.page, "notifications"),
        ("notifications/bell/", notifications.bell, "bell"),
        ("notifications/read/", notifications.mark_read, "read"),
        ("notifications/mail/", notifications.mail_choice, "mail_choice"),
        ("calendar/", calendar.calendar, "calendar"),
        ("news/", news.news_list, "news_list"),
        ("planning/<int:pk>/<slug:field>/", news.plan_cell, "plan"),
        ("views/", views.saved_views, "views"),
        ("views/<slug:page>/", views.save_view, "save_view"),
        ("views/<int:pk>/forget/", views.forget_view, "forget_view"),
        ("assignments/<int:pk>/", answers.assignment, "assignment"),
        ("articles/<int:pk>/preview/", live.preview, "preview"),
        ("articles/<int:pk>/links/", links.links, "preview_links"),
        ("articles/<int:pk>/links/<int:link>/<slug:act>/", links.act, "preview_link"),
    ]
] + [path("notifications/news/", notifications.news, name="news")]  # asked often: with no query of a page's
