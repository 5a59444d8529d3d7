"""The page on which a story is written, and the list of stories."""

from copy import copy
from functools import partial
from urllib.parse import urlencode, urlsplit

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.core.validators import slug_re
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from newsroom import compat, paper
from newsroom.desk.refusals import Attempt
from newsroom.errors import Stale, WrongState
from newsroom.models import Topic

from ... import genres, roles
from ...actions import marks, take, waiting, writing
from ...body import plain
from ...models import Article, Edition, Image
from ...rendering import structured
from ...workflow import ON_SITE
from ..base import DeskAdmin, pill_state, readable_stories, with_phrases, without_related_links
from ..editor.notes import open_threads
from ..keeping import page as keeping
from ..people import voices
from . import ai, lists, origins, panels, parts
from .both import put_together, say_so
from .checking import ChecklistPages
from .choices import KnownChoice, staff_of
from .conflict import conflicting_fields, merge_conflicts_shown, places_shown, settle, their_name, unsaved_words_page
from .editions import EditionPages
from .forms import FACT, RULE, BodyField, StartForm, StoryForm, with_new_topic
from .inlines import AppearanceInline, AttributionInline, BylineInline, editing_mode
from .lists import GenreFilter, MineFilter, SectionFilter, StateFilter, StoryList, file_under, find_stories
from .moves import GATED, MovePages, find_move, moves_for_bar
from .shown import ShownParts
from .signoffs import SignOffPages, place_of_source

PICTURE_FIELDS = ("lead_image", "lead_caption", "picture_wanted")


@admin.register(Article)
class ArticleAdmin(ShownParts, MovePages, ChecklistPages, EditionPages, SignOffPages, DeskAdmin):
    form = StoryForm
    inlines = [BylineInline, AppearanceInline, AttributionInline]
    list_display = ["story", "section", "phrase", lists.writer, lists.time]
    list_display_links = None
    list_filter = [StateFilter, SectionFilter, GenreFilter, MineFilter, lists.TimeFilter, lists.PersonFilter]
    list_select_related = ["section", "assignee"]
    sortable_by = ()
    search_fields = ["headline", "catchline"]
    search_help_text = "Words of the headline, catchline or text"
    actions = [file_under]
    autocomplete_fields = ["credit", "lead_image", "translation_of"]
    change_form_template = "admin/articles/article/desk_form.html"
    object_history_template = "admin/articles/article/history.html"

    # --- who sees and does what -------------------------------------------------------------

    def get_queryset(self, request):
        newest = Edition.objects.filter(article=OuterRef("pk")).order_by("-number")
        return (
            readable_stories(request.user)
            .select_related(
                "section", "section__parent", "assignee", "credit", "lead_image", "hold_by", "updated_by", "created_by"
            )
            .annotate(newest_number=Subquery(newest.values("number")[:1]))
        )

    def get_list_queryset(self, request):
        return readable_stories(request.user).defer(
            "body", "genre_facts", "merge_conflict", "standfirst", "lead_caption", "hold_reason", "embargo_terms"
        )

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        with_phrases([article])
        return article

    def has_module_permission(self, request):
        return roles.may(request.user, "see the news list")

    def has_view_permission(self, request, obj=None):
        if roles.may(request.user, "read copy"):
            return True
        if roles.Role.SOURCE not in roles.roles_of(request.user):
            return False
        return obj is None or readable_stories(request.user).filter(pk=obj.pk).exists()

    def has_add_permission(self, request):
        return roles.may(request.user, "start")

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return roles.may(request.user, "see the news list")
        return bool(editing_mode(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        return False  # spike it; what was public stays for ever

    # --- the list ---------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        if not roles.may(request.user, "see the news list"):
            raise PermissionDenied
        may_start = self.has_add_permission(request)
        return super().changelist_view(request, (extra_context or {}) | {"title": "Stories", "may_start": may_start})

    def get_changelist(self, request, **kwargs):
        return StoryList

    def get_search_results(self, request, queryset, search_term):
        return find_stories(queryset, search_term), False

    @admin.display(description="story")
    def story(self, article):
        hold = format_html(' <span class="flag flag-hold">{}</span>', "Hold") if article.hold else ""
        genre = genres.GENRES[article.genre].name
        name = format_html(" · <bdi>{}</bdi>", article.catchline) if article.headline and article.catchline else ""
        return format_html(
            '<a class="story-link" href="{}"><bdi>{}</bdi></a>{}<span class="quiet">{}{}</span>',
            article.get_absolute_url(), str(article), hold, genre, name,
        )  # fmt: skip

    @admin.display(description="status")
    def phrase(self, article):
        return format_html('<span class="pill" data-state="{}">{}</span>', pill_state(article), article.phrase_now)

    # --- beginning --------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        may_pitch = roles.may(request.user, "pitch")
        if not self.has_add_permission(request) and not may_pitch:
            raise PermissionDenied
        form = StartForm(request.POST or None, initial={"section": self._last_section(request.user)})
        if request.method == "POST" and form.is_valid():
            pitch = "_pitch" in request.POST
            with Attempt() as attempt:
                fields = {"language": self.admin_site.publication(request).language[:2]} | form.given()
                article = writing.start_story(by=request.user, pitch=pitch, **fields)
            attempt.add_to(form)
            if not attempt.refusal:
                keeping.note_saved(request, article)
                self.message_user(request, "Pitched." if pitch else "Started.", messages.SUCCESS)
                return redirect("admin:articles_article_change", article.pk)
        context = self.admin_site.each_context(request) | {
            "title": "New story",
            "opts": self.opts,
            "form": form,
            "may_pitch": may_pitch,
            "pitching": "pitch" in request.GET,
            "keeping": keeping.mount(request),
        }
        return TemplateResponse(
            request, "admin/articles/article/start.html", context, status=400 if form.errors else 200
        )

    def _last_section(self, user):
        """The section of the story that somebody began last, for the next is often headed there too."""
        return Article.objects.filter(created_by=user).values_list("section", flat=True).order_by("-pk").first()

    # --- the form ---------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        text = obj is not None and editing_mode(obj, request.user) == "text"
        facts = genres.GENRES[obj.genre].facts
        where = ["section", "sections", "topics"] if text else ["section", "sections_shown", "topics_shown"]
        asked = [FACT + fact.name for fact in facts] if text else ["facts_shown"] if facts else []
        # Which fields there are; where each is drawn, the templates say.
        parts = {
            "sheet": ["headline", "standfirst", "body" if text else "body_shown", "lead_caption"],
            "filing": [*where, "genre", *asked, "label", "origin", "dateline", "catchline", "language",
                       "translation_of", "discussion"],
            "pictures": ["lead_image", "lead_shown", "picture_wanted"],
            "byline": ["credit"],
            "share": ["short_headline", "seo_title", "social_title", "slug"],
            "planning": ["assignee", "priority", "due_at", "planned_for", "planned_length", "budget_line",
                         "legal_wanted", "embargo_until", "embargo_terms"],
        }  # fmt: skip
        if text and (obj.legal_wanted or obj.embargo_until) and roles.may(request.user, "publish", obj):
            parts["planning"].append("why_lifted")
        return [(name, {"fields": fields}) for name, fields in parts.items() if fields]

    def get_readonly_fields(self, request, obj=None):
        shown = ["body_shown", "facts_shown", "lead_shown", "sections_shown", "topics_shown"]
        if obj is None:
            return shown
        if editing_mode(obj, request.user) == "pictures":
            names = [f for _, box in self.get_fieldsets(request, obj) for f in _field_names(box["fields"])]
            return [name for name in names if name not in PICTURE_FIELDS]
        if not roles.may(request.user, "assign", obj):
            shown.append("assignee")
        if not roles.may(request.user, "publish", obj):
            # Whoever writes may ask for an embargo or a lawyer; lifting either is for those who publish.
            shown += ["embargo_until", "embargo_terms"] if obj.embargo_until else []
            shown += ["legal_wanted"] if obj.legal_wanted else []
        return shown

    def get_form(self, request, obj=None, change=False, **kwargs):
        if fields := kwargs.get("fields"):
            kwargs["fields"] = [name for name in fields if not name.startswith((FACT, RULE, ai.AI, origins.SAID))]
        form = super().get_form(request, obj, change, **kwargs)
        text = obj is not None and editing_mode(obj, request.user) == "text"

        more = {"whole": text, "refusal": getattr(request, "refusal", None)}
        more["colleagues"] = staticmethod(partial(staff_of, request))
        if text and self.admin_site.get_model_admin(Topic).has_add_permission(request):
            more["topics"] = with_new_topic(form.base_fields["topics"], self.admin_site)
        return type("Form", (form,), more)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("section", "assignee", "credit", "translation_of"):
            without_related_links(field)
        if db_field.name == "lead_image" and field is not None:
            field.widget.can_change_related = field.widget.can_view_related = False  # the panel leads to each
        return field

    # --- answering --------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id is not None:
            article = self.get_object(request, object_id)
            if not self.has_view_permission(request, article):
                raise PermissionDenied
            if "_restore" in request.POST and not keeping.put_back(request, article):
                return self._to_story(article)
            if not self.has_change_permission(request, article):
                return unsaved_words_page(self, request, article)
            with transaction.atomic():
                # Whoever saves waits here for whoever saves now, and finds their words.
                Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
                self._put_together(request, self.get_object(request, object_id))
                return self._answer(request, object_id, form_url, extra_context)
        return self._answer(request, object_id, form_url, extra_context)

    def _put_together(self, request, article):
        """Let the request send what was typed together with what others saved meanwhile."""
        if "settle" in request.POST:
            settle(request, article)
        if request.POST.get("base_version") == str(article.version):
            return
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        put_together(request, article, self.get_form(request, article, change=True, fields=fields))

    def _answer(self, request, object_id, form_url, extra_context):
        with Attempt() as attempt:
            return super().changeform_view(request, object_id, form_url, extra_context)
        # Nothing was saved. Once more, with the reason in the form, and everything typed still there.
        request.refusal, request.refused_with = attempt.refusal, attempt.status
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        if form.has_changed():
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        article = form.instance
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            super().save_related(request, form, formsets, change)
            form.save_rules()
        why = form.cleaned_data.get("why_lifted", "")
        writing.save_revision(article, by=request.user, seen_version=form.seen_version, why_lifted=why)
        keeping.note_saved(request, article)
        say_so(request)
        if article.stopped:
            self.message_user(request, waiting.said_of_stopped(article.stopped), messages.WARNING)

    def construct_change_message(self, request, form, formsets, add=False):
        return ""  # see log_change; and rows that nobody changed were not saved

    def log_change(self, request, obj, message):
        return None  # revisions and transitions say more, and nobody can edit them

    def response_change(self, request, article):
        article = self.get_object(request, str(article.pk))
        if name := request.POST.get("_move"):
            return self._make_move(request, article, name)
        if kind := request.POST.get("_sign"):
            return self._attempt(request, article, lambda: self._sign(article, kind, request.user), "status-title")
        if row := request.POST.get("_approve_source"):
            place = place_of_source(article, row)
            return self._attempt(request, article, lambda: self._approve_source(article, row, request.user), place)
        if "_looked" in request.POST:
            return self._attempt(request, article, lambda: self._look_at_both(article, request.user))
        if "_unmark" in request.POST:
            return self._attempt(request, article, lambda: self._take_marks_out(article, request.user))
        self.message_user(request, f"Saved version {article.version}.", messages.SUCCESS)
        if "_people" in request.POST:
            return redirect("admin:articles_article_people", article.pk)
        return self._to_story(article)

    def _make_move(self, request, article, name):
        """After the save: ask what the move needs on a page of its own, or make it at once."""
        move = find_move(name)
        if (move is None and is_slug(name)) or (move and move.asks):
            page = reverse("admin:articles_article_move", args=[article.pk, name])
            waived = [("waive", key) for key in request.POST.getlist("waive")]
            waived += [("waive_note", note)] if (note := request.POST.get("waive_note", "").strip()) else []
            return redirect(f"{page}?{urlencode(waived)}" if waived and name in GATED else page)

        def act():
            if move is None:  # nor any address that could be made of it
                raise WrongState("There is no such move.")
            self._check_unmoved(request)
            return take.take(article, name, by=request.user, seen=take.seen_token(article))

        return self._attempt(request, article, act)

    def _check_unmoved(self, request):
        """Raise Stale where state or editions have changed since the page was made; the version is checked already."""
        shown = request.POST.get("seen", "").split(".")[1:]
        if shown != request.seen_before.split(".")[1:]:
            raise Stale()

    def _attempt(self, request, article, act, place=""):
        """Run an action that says what it did; where it refuses, show the saved story again with the reason.

        Done, it leads back to the `place` of the form where its button stood: the id of an element.
        """
        with Attempt() as attempt, transaction.atomic():
            done = act()
        if not attempt.refusal:
            self.message_user(request, done, messages.SUCCESS)
            return self._to_story(article, place)
        request.refused_with = attempt.status
        again = copy(request)
        again.method, again.POST, again.refusal = "GET", QueryDict(), attempt.refusal
        return self._changeform_view(again, str(article.pk), "", None)

    def _to_story(self, article, place=""):
        page = reverse("admin:articles_article_change", args=[article.pk])
        return HttpResponseRedirect(f"{page}#{place}" if place else page)

    def _take_marks_out(self, article, user):
        number = marks.take_marks_out(article, by=user, seen_version=article.version)
        return f"Taken out: {number} mark{'' if number == 1 else 's'}." if number else "There was no mark to take out."

    def _look_at_both(self, article, user):
        take.look_at_both(article, by=user, seen_version=article.version)
        return "Noted: you have looked at both."

    def _changeform_view(self, request, object_id, form_url, extra_context):
        if request.method == "POST" and object_id is not None and not hasattr(request, "seen_before"):
            request.seen_before = take.seen_token(self.get_object(request, object_id))
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        # As saved, whatever a form that was sent has put on its copy.
        article = self.get_object(request, str(obj.pk)) if form.is_bound else obj
        refusal = getattr(request, "refusal", None)
        if refusal is not None and not form.is_bound:
            field = refusal.field if refusal.field in form.fields else None
            form._errors = {field: form.error_class([str(refusal)])} if field else {}
        if form.is_bound and form.has_error("__all__", "stale"):
            request.refused_with = 409
        if not form.is_bound:
            rows = (inline.formset for inline in context["inline_admin_formsets"] if inline.formset.prefix == "bylines")
            lines = [row.instance for formset in rows for row in formset.initial_forms]
            article.writer_ids = {line.contributor.user_id for line in lines if line.role == "writer"}
        if getattr(refusal, "is_note", False):
            keeping.show_as_note(context, form, refusal)
        notes = open_threads(article, article.body)
        moves = list(take.available(article, request.user))
        context |= {
            "title": str(article),
            "subtitle": None,
            "story": article,
            "tone": pill_state(article),
            "mode": editing_mode(article, request.user),
            "refusal": refusal,
            "conflict": getattr(form, "conflict", None),
            "sides": conflicting_fields(form),
            "places": places_shown(request, form),
            "their_name": their_name(article, request.user),
            "merged": merge_conflicts_shown(article),
            "bar": moves_for_bar(article, moves),
            "corrections": self._corrections_waiting(article),
            "may_confirm": any(name == "confirm-correction" for name, _ in moves),
            "why_not_theirs": take.why_not_theirs(article, request.user),
            "notes": [note for note in notes if not note.is_task],
            "tasks": [note for note in notes if note.is_task],
            "last_note": self._last_note(article),
            "story_waiting": waiting.edition_a_save_may_cancel(article) if article.waiting_at else None,
            "sees_editions": roles.may(request.user, "see editions", article),
            "keeping": keeping.mount(request, article, form),
            "nonce": compat.csp_nonce(request),
        }
        self._lay_out(request, context, article)
        if context["mode"] == "pictures":
            context["media"] = context["media"] + BodyField().widget.media  # for its dialog of pictures
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _lay_out(self, request, context, article):
        """Put into the page's context where each part of the form stands: its fields, its rows and its panels."""
        form = context["adminform"].form
        part = parts.fields_by_name(context["adminform"])
        tables = parts.rows_by_table(context["inline_admin_formsets"])
        if not getattr(form, "whole", False):
            parts.load_shown_rows(article)
        tables["appearances"], unplaced = parts.with_quotations(tables["appearances"], form)
        wrong = [*form.errors, *(name for name, table in tables.items() if table.wrong)]
        content = writing.content_of(article, parts.rows_of_form(form, tables))
        known_topics = form.initial["topics"] if "topics" in form.initial else article.topics.all()
        topics = [topic.name for topic in known_topics]
        known = panels.Known(article, content, len(context["notes"]), topics=topics)
        back = "articles_article_changelist" if self.has_module_permission(request) else "index"
        context |= {
            "part": part,
            "facts": [field for name, field in part.items() if name.startswith(FACT) or name == "facts_shown"],
            "tables": tables,
            "ai_kinds": ai.shown(form, content["ai_use"]),
            "unplaced": unplaced,
            "pictures": self._pictures(article, content),
            "sees_pictures": self.admin_site.get_model_admin(Image).has_view_or_change_permission(request),
            "panels": panels.panels_of(known, wrong),
            "back": reverse(f"admin:{back}"),
            "sees_experts": roles.may(request.user, "see experts"),
            "zone": str(paper.zone()),
            "site_host": urlsplit(structured.absolute_url("/")).hostname,
            "words": plain.word_count(article.body),
            "public_address": structured.absolute_url(article.path_now) if article.path_now else "",
        }

    def _pictures(self, article, content):
        """The pictures that a story shows, its main one first."""
        others = [pk for pk in content["pictures"] if pk != str(article.lead_image_id)]
        shown = list(Image.objects.filter(pk__in=others).order_by("pk")) if others else []
        return [*([article.lead_image] if article.lead_image_id else []), *shown]

    def _last_note(self, article):
        """Why the story was sent back, for as long as it needs changes."""
        if article.state != "needs_changes":
            return None
        return article.transitions.filter(move="send-back").select_related("by").first()

    def _corrections_waiting(self, article):
        """The corrections that somebody has drafted and nobody has confirmed yet; only a story on the site has any."""
        if article.situation() not in ON_SITE:
            return []
        return list(article.correction_drafts.filter(closed_at=None).select_related("by").order_by("at"))

    def get_urls(self):
        return [*self.own_urls(), *super().get_urls()]

    def own_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/move/<slug:name>/", wrap(self.move_view), name="articles_article_move"),
            path("<int:pk>/checklist/", wrap(self.checklist_view), name="articles_article_checklist"),
            path("<int:pk>/sign/<slug:kind>/", wrap(self.signoff_view), name="articles_article_signoff"),
            path("<int:pk>/people/", wrap(partial(voices.people_page, self)), name="articles_article_people"),
            path("<int:pk>/editions/", wrap(self.editions_view), name="articles_article_editions"),
            path("<int:pk>/editions/<int:number>/", wrap(self.edition_view), name="articles_article_edition"),
            path("<int:pk>/versions/", wrap(self.versions_view), name="articles_article_versions"),
            path("<int:pk>/versions/<int:number>/", wrap(self.version_view), name="articles_article_version"),
        ]


def is_slug(name):
    """Whether a name can stand in an address as it is."""
    return bool(slug_re.match(name))


def _field_names(fields):
    for field in fields:
        yield from field if isinstance(field, (list, tuple)) else [field]
