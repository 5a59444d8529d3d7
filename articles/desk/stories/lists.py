"""The list of stories. It never counts the table and sorts by indexed columns only, so it stays fast with millions."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html

from newsroom import clock, paper
from newsroom.desk.base import CAP, number
from newsroom.desk.display import time_in_words
from newsroom.desk.refusals import Attempt
from newsroom.desk.today import in_a_word, is_past, lateness
from newsroom.errors import Refused
from newsroom.models import User

from ... import genres, search
from ...actions import take, writing
from ...models import Article, Byline, Section
from ...workflow import State
from ..base import with_phrases, with_writers

SEARCH_WINDOW = 5000  # beside the search index, the headlines of so many of the newest stories are searched


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "status", "state"

    def lookups(self, request, model_admin):
        return [*State.choices, ("open", "All in work")]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.filter(state__in=[s for s in State if s not in (State.PUBLISHED, State.SPIKED)])
        return queryset.filter(state=self.value()) if self.value() in State.values else queryset


class SectionFilter(admin.SimpleListFilter):
    title, parameter_name = "section", "section"

    def lookups(self, request, model_admin):
        return list(Section.objects.values_list("pk", "name"))

    def queryset(self, request, queryset):
        return queryset.filter(section=pk) if (pk := number(self.value())) else queryset


class GenreFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "genre"

    def lookups(self, request, model_admin):
        return genres.GENRE_CHOICES

    def queryset(self, request, queryset):
        return queryset.filter(genre=self.value()) if self.value() in genres.GENRES else queryset


class MineFilter(admin.SimpleListFilter):
    title, parameter_name = "whose", "mine"

    def lookups(self, request, model_admin):
        return [("1", "Mine")]

    def queryset(self, request, queryset):
        return queryset.filter(pk__in=own_story_ids(request.user)) if self.value() == "1" else queryset


class PersonFilter(admin.SimpleListFilter):
    """Stories that somebody writes or has to write. It offers nobody by itself: each row's writer leads there."""

    title, parameter_name = "person", "who"

    def lookups(self, request, model_admin):
        person = self._person(request)
        return [(self.value(), str(person))] if person else []

    def has_output(self):
        return bool(self.value())

    def _person(self, request):
        asked = self.used_parameters.get(self.parameter_name)
        pk = request.user.pk if asked == "me" else number(asked)
        return User.objects.filter(pk=pk).first() if pk else None

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        pk = request.user.pk if self.value() == "me" else number(self.value())
        return queryset.filter(pk__in=written_story_ids(pk)) if pk else queryset.none()


class TimeFilter(admin.SimpleListFilter):
    """Stories by the hour at which they are due."""

    title, parameter_name = "time", "time"

    def lookups(self, request, model_admin):
        return [("late", "Late"), ("today", "Due today"), ("week", "Due within a week")]

    def queryset(self, request, queryset):
        now, tomorrow = clock.process_time(), paper.start_of(paper.today() + timedelta(days=1))
        spans = {
            "late": {"due_at__lt": now, "state__in": [State.PITCH, State.DRAFT, State.NEEDS_CHANGES]},
            "today": {"due_at__gte": paper.start_of(paper.today()), "due_at__lt": tomorrow},
            "week": {"due_at__gte": now, "due_at__lt": now + timedelta(days=7)},
        }
        return queryset.filter(**spans[self.value()]) if self.value() in spans else queryset


def written_story_ids(pk):
    """The ids of the newest CAP stories that a person writes or is assigned; one query of two indexed parts."""
    written = Byline.objects.filter(contributor__user=pk, role="writer").values("article")
    parts = [Article.objects.filter(q).order_by().values_list("pk", "updated_at") for q in (
        Q(assignee=pk), Q(pk__in=written))]  # fmt: skip
    return [pk for pk, _ in parts[0].union(parts[1]).order_by("-updated_at")[:CAP]]


@admin.display(description="writer")
def writer(article):
    """Who writes a story: its bylines, or whose it is; leads to all that the assignee has."""
    if article.assignee_id:
        name = article.writer_names or article.assignee
        return format_html('<a href="?who={}"><bdi>{}</bdi></a>', article.assignee_id, name)
    return format_html("<bdi>{}</bdi>", article.writer_names or "–")


@admin.display(description="time")
def time(article):
    """The moment that counts next: when it goes out, is due or is planned for; else since when it is out or saved."""
    if article.waiting_at:
        return format_html("goes out <b>{}</b>", time_in_words(article.waiting_at))
    if article.state == State.PUBLISHED and article.live_since:
        return f"since {time_in_words(article.live_since)}"
    if article.due_at:
        late = lateness(article.due_at) if is_past(article.due_at) and article.state in WRITTEN_STILL else ""
        late = format_html(' <span class="late">{}</span>', late) if late else ""
        return format_html("due <b>{}</b>{}", time_in_words(article.due_at), late)
    if article.planned_for:
        return f"for {in_a_word(article.planned_for)}"
    return f"saved {time_in_words(article.updated_at)}"


WRITTEN_STILL = frozenset({State.PITCH, State.DRAFT, State.NEEDS_CHANGES})


def own_story_ids(user):
    """The ids of the newest CAP stories that are somebody's own; one query, a union of three indexed parts."""
    written = Byline.objects.filter(contributor__user=user, role="writer").values("article")
    parts = [Article.objects.filter(q).order_by().values_list("pk", "updated_at") for q in (
        Q(assignee=user), Q(created_by=user), Q(pk__in=written))]  # fmt: skip
    return [pk for pk, _ in parts[0].union(*parts[1:]).order_by("-updated_at")[:CAP]]


def find_stories(queryset, words):
    """Stories that hold the words: by the search index, and in the newest headlines and catchlines."""
    words = words.replace("\0", " ").strip()
    if not words:
        return queryset
    newest = Article.objects.order_by("-updated_at", "-pk").values("pk")[:SEARCH_WINDOW]
    named = Article.objects.filter(pk__in=newest)
    for word in words.split()[:8]:
        named = named.filter(Q(headline__icontains=word) | Q(catchline__icontains=word))
    # As a list, so that the database starts from these few rows and not from the newest of all.
    return queryset.filter(pk__in={*search.find_articles(words, limit=CAP), *named.values_list("pk", flat=True)[:CAP]})


class StoryList(ChangeList):
    """A page of stories, without counting them: one row more than it shows tells whether there are older ones."""

    def get_queryset(self, request, exclude_parameters=None):
        self.root_queryset = self.model_admin.get_list_queryset(request)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request):
        size = self.list_per_page
        if not 1 <= self.page_num <= CAP // size:
            raise IncorrectLookupParameters("Narrow the list with a filter instead of paging this far.")
        start = (self.page_num - 1) * size
        rows = list(self.queryset[start : start + size + 1])
        if not rows and self.page_num > 1:
            raise IncorrectLookupParameters("That page is empty.")
        self.has_older = len(rows) > size and self.page_num < CAP // size
        self.result_list = with_writers(with_phrases(rows[:size]))
        self.result_count = start + len(self.result_list)
        self.full_result_count = None
        self.show_full_result_count = self.show_admin_actions = True
        self.can_show_all = self.multi_page = self.show_all = False
        self.paginator = self.model_admin.get_paginator(request, self.result_list, size)

    @property
    def older(self):
        return self.get_query_string({PAGE_VAR: self.page_num + 1})

    @property
    def newer(self):
        return self.get_query_string({PAGE_VAR: self.page_num - 1})


@admin.action(description="File under a section…")
def file_under(model_admin, request, queryset):
    """File the chosen stories under one more section; a page of its own asks which."""
    chosen = list(queryset.values_list("pk", flat=True)[:100])
    articles = list(model_admin.get_queryset(request).filter(pk__in=chosen))
    section = number(request.POST.get("section"))
    if section is None:
        context = model_admin.admin_site.each_context(request) | {
            "title": "File under a section",
            "opts": model_admin.opts,
            "articles": articles,
            "sections": Section.objects.all(),
        }
        return TemplateResponse(request, "admin/articles/article/file_under.html", context)
    section = Section.objects.filter(pk=section).first()
    if section is None:
        model_admin.message_user(request, "That section is gone.", messages.ERROR)
        return redirect(request.get_full_path())
    filed, left = 0, []
    for article in articles:
        with Attempt() as attempt:
            filed += _file_under(article, section, request.user)
        if attempt.refusal:
            left.append(f"{article}: {attempt.words}")
    if filed:
        model_admin.message_user(request, f"Filed under {section}: {filed}.", messages.SUCCESS)
    for line in left[:10]:
        model_admin.message_user(request, line, messages.WARNING)
    return redirect(request.get_full_path())


def _file_under(article, section, user):
    with transaction.atomic():
        article = take.locked(article)
        if writing.may_edit(article, user) != "text":
            raise Refused("you may not change it as it stands.")
        if article.section_id == section.pk:
            return 0
        article.sections.add(section)
        writing.save_revision(article, by=user, seen_version=article.version, why=f"filed under {section}")
    return 1
