"""The list of cards on the desk, and the addresses of all other pages of the source book."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from newsroom import paper
from newsroom.desk.base import DeskAdmin, number
from newsroom.desk.refusals import not_allowed_as_403

from .. import access
from ..models import Bar, Expert
from ..models.verification import VERIFICATION_STATES
from . import card, consent, files, finder, imports, lists, log, making, merging, queues, removal, requests
from .boxes import CardBox, filled_boxes
from .parts import page

# Modules of this package whose `urls(admin)` lists their addresses (see base.route).
PAGE_MODULES = [
    card,
    page,
    log,
    making,
    queues,
    merging,
    removal,
    consent,
    requests,
    files,
    imports,
    finder,
]
# This room's own boxes on a card; the rooms above add theirs to hooks.card_boxes.
CARD_BOXES = [
    CardBox("Take it along", "experts/box_files.html", files.files_box),
    CardBox("Consent and requests", "experts/consent_box.html", consent.consent_box),
    CardBox("Merges", "experts/merge_box.html", merging.merges_box),
]


@admin.register(Expert)
class ExpertAdmin(DeskAdmin):
    """The list of cards. Cards are edited part by part and removed at the person's request; the admin deletes none."""

    list_display = ["name", "now", "verified", "topics_shown", "last_quoted", "flags"]
    list_display_links = ["name"]
    list_filter = lists.FILTERS
    search_fields = ["search_key"]
    search_help_text = "A name in any spelling, a place of work, a topic"
    sortable_by = ()
    ordering = ["sort_name", "pk"]
    change_list_template = "experts/change_list.html"

    def get_urls(self):
        return [url for module in PAGE_MODULES for url in module.urls(self)] + super().get_urls()

    def boxes_of(self, expert, request):
        """[(title, template, context)] of the boxes on a card's page for this person."""
        return filled_boxes(CARD_BOXES, expert, request)

    # --- the list ---------------------------------------------------------------------------------

    def get_queryset(self, request):
        return super().get_queryset(request).current()

    def get_changelist(self, request, **kwargs):
        return lists.CardList

    def get_search_results(self, request, queryset, search_term):
        found, request.found_cards = lists.find_cards(queryset, search_term)
        return found, False

    def changelist_view(self, request, extra_context=None):
        more = {"may_keep": access.may_keep(request.user), "may_reach": access.tier(request.user) >= access.Tier.STAFF}
        return super().changelist_view(request, more | (extra_context or {}))

    @admin.display(description="name")
    def name(self, expert):
        line = expert.line
        native = '<span class="quiet" dir="auto" lang="{}">{}</span>'
        shown = format_html(native, line["native_language"], line["native_name"]) if line["native_name"] else ""
        return format_html("<bdi>{}</bdi>{}", line["name"], shown)

    @admin.display(description="now")
    def now(self, expert):
        titles = "; ".join(expert.line["titles"][:2])
        return format_html("<bdi>{}</bdi>", titles) if titles else "—"

    @admin.display(description="identity")
    def verified(self, expert):
        state = expert.line["verification_state"]
        return format_html(
            '<span class="pill proof" data-proof="{}">{}</span>', state, dict(VERIFICATION_STATES)[state]
        )

    @admin.display(description="topics")
    def topics_shown(self, expert):
        topics = expert.line["topics"]
        more = f" and {len(topics) - 4} more" if len(topics) > 4 else ""
        return format_html("<bdi>{}</bdi>{}", ", ".join(topics[:4]), more) if topics else "—"

    @admin.display(description="last quoted")
    def last_quoted(self, expert):
        at = expert.line["last_quoted"]
        return f"{paper.day_of(at):%-d %b %Y}" if at else "—"

    @admin.display(description="terms")
    def flags(self, expert):
        def says(bar):
            narrow = bar["topic"] or bar["medium"]
            return f"{bar['says']}: {narrow}" if narrow else bar["says"]

        bars = [(bar["kind"] == Bar.CONTACT and "hold" or "stop", says(bar)) for bar in expert.line["bars"]]
        status = [("quiet", expert.get_status_display())] if expert.line["status"] != "active" else []
        return format_html_join(" ", '<span class="flag flag-{}">{}</span>', bars + status)

    # --- one card ---------------------------------------------------------------------------------

    @method_decorator([sensitive_post_parameters(), not_allowed_as_403])
    def add_view(self, request, form_url="", extra_context=None):
        return making.add_card(self, request)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        return card.card(self, request, self._pk(request, object_id))

    @method_decorator(require_safe)
    def history_view(self, request, object_id, extra_context=None):
        return card.history(self, request, self._pk(request, object_id))

    def _pk(self, request, object_id):
        if access.tier(request.user) >= access.Tier.NAMES and number(object_id) is None:
            raise Http404("No such card.")
        return number(object_id) or 0

    def response_add(self, request, obj, post_url_continue=None):
        if "_popup" in request.POST or "_popup" in request.GET:
            return super().response_add(request, obj)
        return redirect(reverse("admin:experts_expert_change", args=[obj.pk]))

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes a card: it is removed by the removal's page, which keeps what was printed."""
        return False
