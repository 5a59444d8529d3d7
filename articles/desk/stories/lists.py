"""The list of stories. It never counts the table and sorts by indexed columns only, so it stays fast with millions."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from newsroom.desk.base import CAP, number
from newsroom.desk.refusals import Attempt
from newsroom.errors import Refused

from ... import genres, search
from ...actions import take, writing
from ...models import Article, Byline, Section
from ...workflow import State
from ..base import with_phrases

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
        self.result_list = with_phrases(rows[:size])
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
