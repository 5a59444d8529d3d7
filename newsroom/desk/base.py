"""The ground that every admin page stands on: the desk's site, and an admin class that hides what Django's shows."""

from functools import wraps

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models.base import ModelBase
from django.forms.models import BaseInlineFormSet
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from js_asset import Media

from .. import compat, paper
from ..models import Publication, Pulse

# Controls that no text needs: C0 but for tab and line ends, and what reorders text behind the reader's back.
CONTROLS = frozenset(map(chr, [*range(0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])) - set("\t\n\r")
CAP = 1000


def plain_text(value):
    """Refuse invisible control characters, and say where the first one stands."""
    if not isinstance(value, str):
        return
    for place, sign in enumerate(value):
        if sign in CONTROLS:
            before = "".join(c for c in value[:place] if c not in CONTROLS).rstrip()[-20:]
            where = f"after “…{before}”" if before else "at the beginning"
            raise ValidationError(
                f"There is an invisible control character (U+{ord(sign):04X}) {where}. Take it out.", code="control"
            )


def number(text):
    """The whole number that an address or a form sent, or None: never an error."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def without_controls(form):
    """Give every text field of a form the check for control characters, and every choice of rows none but numbers."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            _take_numbers(field.widget)
        # Dynamic fields may share a validator list with their class; a second check does no harm but reads badly.
        if isinstance(field, forms.CharField) and plain_text not in field.validators:
            field.validators = [plain_text, *field.validators]


def _take_numbers(widget):
    """Let a choice of rows read what no key can be as 0, a row that never is.

    The field then answers “not one of the choices”; the admin's own widgets would break on it as they are shown again.
    """
    read = widget.value_from_datadict

    def numbers(*request):
        value = read(*request)
        if isinstance(value, list | tuple):
            return [item if number(str(item)) else "0" for item in value]
        return value if value in ("", None) or number(str(value)) else "0"

    widget.value_from_datadict = numbers


class DeskSite(AdminSite):
    """The admin as a newsroom's desk: the paper's name and zone on every page, no address by content type."""

    site_title = "Newsroom"
    index_title = "Today"
    empty_value_display = "—"
    enable_nav_sidebar = False

    # Groups are made from a table of roles and not kept by hand; Django's own page of people brings them in.
    left_out = frozenset({"auth.group"})

    def register(self, model_or_iterable, admin_class=None, **options):
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register([m for m in models if m._meta.label_lower not in self.left_out], admin_class, **options)

    def get_urls(self):
        # r/<type>/<id>/ sends anybody of the staff to any row's address, and so tells which rows exist.
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        return super().admin_view(self._in_zone(view), cacheable)

    def _in_zone(self, view):
        """Read and print times in the paper's zone, to the last line of the template."""

        @wraps(view)
        def inner(request, *args, **kwargs):
            zone = self.publication(request).zone
            with paper.in_zone(zone):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response = response.render()
            return response

        return inner

    def publication(self, request):
        """The paper, asked for once per request; an unsaved one before the first-run page has been filled in."""
        if not hasattr(request, "publication"):
            request.publication = Publication.objects.current() or Publication(name="Newsroom")
        return request.publication

    def index(self, request, extra_context=None):
        # Who has set up a newspaper that is not open yet is led to opening it.
        if self.publication(request)._state.adding and request.user.is_superuser:
            return redirect("first_run")
        return super().index(request, extra_context)

    def each_context(self, request):
        return super().each_context(request) | {"site_header": self.publication(request).name}


class CappedPaginator(Paginator):
    """Counts no further than a thousand rows: nobody turns more pages, and a table's count costs seconds."""

    @cached_property
    def count(self):
        rows = self.object_list
        if not hasattr(rows, "query"):
            return min(len(rows), CAP)
        return rows.order_by()[:CAP].values("pk").count()


class CleanForm(forms.ModelForm):
    """A model form that refuses control characters beside the field that holds them."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)


# Native inputs: they need no script, speak the reader's language and know a phone's keyboard.
WIDGETS = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    },
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
}


class DeskInline(InlineModelAdmin):
    """Rows on their parent's page: who may change the parent may change them."""

    form = CleanForm
    formfield_overrides = WIDGETS
    extra = 0

    def _parent_may(self, request, obj):
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return self._parent_may(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._parent_may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._parent_may(request, obj)


class NamedCells(BaseInlineFormSet):
    """Rows of a table, whose inputs have no label beside them: each says its column's name to who cannot see it."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ").capitalize()))


class DeskTable(DeskInline):
    template = "admin/edit_inline/tabular.html"
    formset = NamedCells


class DeskStack(DeskInline):
    template = "admin/edit_inline/stacked.html"


class DeskAdmin(ModelAdmin):
    """What all pages of the desk keep: objects are checked on every view, and queries only as listed.

    `filterable` names the lookups that an address may carry beyond the filters shown. A class
    whose rows readers can see sets `readers_see`: a save then tells the site's caches.
    """

    form = CleanForm
    formfield_overrides = WIDGETS
    view_on_site = False
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_facets = ShowFacets.NEVER
    actions = None
    filterable = ()
    readers_see = False

    def lookup_allowed(self, lookup, value, request=None):
        """Allow only what is listed: a filter by any column is an oracle for what it holds."""
        # Our own filters take one parameter each and ignore what they do not know.
        if lookup in {f.parameter_name for f in self.list_filter if hasattr(f, "parameter_name")}:
            return True
        named = {f for f in self.list_filter if isinstance(f, str)} | set(self.filterable)
        return lookup in named | {f"{name}{end}" for name in named for end in ("__exact", "__id__exact", "__isnull")}

    def get_object(self, request, object_id, from_field=None):
        # Hidden and never there answer alike; who sees none of a kind is not told which of them exist.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if (obj := super().get_object(request, object_id, from_field)) is None:
            raise Http404
        return obj

    def get_search_results(self, request, queryset, search_term):
        # PostgreSQL refuses to compare with NUL, which an address can carry.
        return super().get_search_results(request, queryset, search_term.replace("\0", " "))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and hasattr(response, "render"):
            response.status_code = getattr(request, "refused_with", 400)
        return response

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def render_change_form(self, request, context, *args, **kwargs):
        # The editor's import map is the one inline script of the house, so it carries the nonce.
        context["media"] = Media.from_media(context["media"]).with_nonce(compat.csp_nonce(request))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if self.readers_see and (not change or form.has_changed() or any(f.has_changed() for f in formsets)):
            Pulse.objects.beat(rendering=True)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        if self.readers_see:
            Pulse.objects.beat(rendering=True)
