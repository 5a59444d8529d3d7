"""Readers' comments: the moderation queue, and its three decisions."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db import transaction
from django.db.models import Prefetch
from django.utils.html import format_html

from newsroom.desk.base import refuse_controls
from newsroom.desk.refusals import Attempt

from .. import roles
from ..actions import discussion
from ..models import Comment, Edition
from .base import DeskAdmin
from .home import comments_moderated_by


class ReasonForm(ActionForm):
    """The choice of a decision, with the reason that a rejection needs."""

    reason = forms.CharField(
        required=False, max_length=200, label="Reason, if you reject", validators=[refuse_controls]
    )


def _decide_comments(model_admin, request, queryset, state):
    done, reason = 0, request.POST.get("reason", "")
    for comment in queryset.select_related("article__section")[:200]:
        with Attempt() as attempt, transaction.atomic():
            discussion.decide_comment(comment, state, by=request.user, reason=reason)
            done += 1
        if attempt.refusal:
            model_admin.message_user(request, f"{comment.name}: {attempt.words}", messages.ERROR)
    if done:
        model_admin.message_user(request, f"{Comment.State(state).label}: {done}.", messages.SUCCESS)


@admin.action(description="Publish")
def approve(model_admin, request, queryset):
    _decide_comments(model_admin, request, queryset, Comment.State.PUBLISHED)


@admin.action(description="Reject")
def reject(model_admin, request, queryset):
    _decide_comments(model_admin, request, queryset, Comment.State.REJECTED)


@admin.action(description="Mark as spam")
def spam(model_admin, request, queryset):
    _decide_comments(model_admin, request, queryset, Comment.State.SPAM)


class CommentState(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [*Comment.State.choices, ("all", "All")]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": (self.value() or Comment.State.PENDING) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(state=self.value() if self.value() in Comment.State.values else Comment.State.PENDING)


@admin.register(Comment)
class CommentAdmin(DeskAdmin):
    list_display = ["words", "name", "story", "state", "created_at"]
    list_display_links = None
    list_filter = [CommentState]
    sortable_by = ()
    search_fields = ["name"]
    ordering = ["-created_at"]
    action_form = ReasonForm
    actions = [approve, reject, spam]
    fields = readonly_fields = [
        "story",
        "name",
        "body",
        "state",
        "created_at",
        "moderated_by",
        "moderated_at",
        "reason",
    ]

    def get_queryset(self, request):
        live = Edition.objects.live().select_related("text").defer("text__body", "text__plain")
        found = super().get_queryset(request).select_related("moderated_by", "article__section")
        # Moderators read comments and published stories, never the copy in work.
        return (
            comments_moderated_by(request.user, found)
            .defer("article__body", "article__genre_facts")
            .prefetch_related(Prefetch("article__editions", queryset=live, to_attr="live_now"))
        )

    @admin.display(description="comment")
    def words(self, comment):
        return format_html('<div class="comment-words" dir="auto">{}</div>', comment.body)

    @admin.display(description="story")
    def story(self, comment):
        live = comment.article.live_now
        if not live:
            return "(not on the site now)"
        return format_html('<a href="{}"><bdi>{}</bdi></a>', live[0].path, live[0].text.headline)

    def get_actions(self, request):
        return super().get_actions(request) if roles.may(request.user, "moderate comments") else {}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        # The words are the reader's; decisions about them are the queue's actions.
        return obj is None and roles.may(request.user, "moderate comments")

    def has_view_permission(self, request, obj=None):
        return roles.may(request.user, "moderate comments")

    def has_delete_permission(self, request, obj=None):
        return False
