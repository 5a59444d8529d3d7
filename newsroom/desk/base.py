"""What the desk's forms and admin classes share: checks of what was typed, and lists and pages that show less."""

from django import forms
from django.contrib.admin import ModelAdmin, ShowFacets, display
from django.contrib.admin.options import InlineModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from js_asset import Media

from .. import compat, folding
from ..models import Pulse
from .alike import pks_by_name
from .links import link_for
from .moments import MomentField, MomentInput

# Controls that no text needs: C0 but for tab and line ends, and what reorders text behind the reader's back.
CONTROLS = frozenset(map(chr, [*range(0x20), 0x7F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])) - set("\t\n\r")
CAP = 1000
POPUP_DONE = "admin/popup_response.html"


def refuse_controls(value):
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
    """The whole number in what an address or a form sent; None where it is no number. Never raises."""
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def without_controls(form):
    """Make every text field of a form drop invisible marks and refuse controls; choices of rows accept numbers only.

    Passwords are left alone: they are compared sign by sign. So is markup, which its sanitiser cleans.
    """
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            _accept_numbers_only(field.widget)
        if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
            _direct(getattr(field.widget, "widget", field.widget))
        # Dynamic fields may share a validator list with their class; a second check does no harm but reads badly.
        if not isinstance(field, forms.CharField) or isinstance(field.widget, forms.PasswordInput):
            continue
        if not getattr(field, "is_markup", False):
            _keep_as_typed(field)
        if not isinstance(field, forms.SlugField | forms.EmailField | forms.URLField):
            _direct(field.widget)
        if refuse_controls not in field.validators:
            field.validators = [refuse_controls, *field.validators]


def _direct(widget):
    """Let a box that takes words of any script take their direction, whichever the page's is."""
    if isinstance(widget, forms.TextInput | forms.Textarea | forms.Select):
        widget.attrs.setdefault("dir", "auto")


def _keep_as_typed(field):
    """Let a text field read what was typed as it is kept: `folding.as_typed`."""
    if "to_python" in vars(field):
        return
    read = field.to_python

    def kept(value):
        value = read(value)
        if not isinstance(value, str):
            return value
        value = folding.as_typed(value)
        return (value.strip() or field.empty_value) if field.strip else value

    field.to_python = kept


def _accept_numbers_only(widget):
    """Let a choice of rows read anything that is no key as 0, which no row has.

    The field then answers “not one of the choices”; otherwise the admin's widgets raise when the form is shown again.
    """
    read = widget.value_from_datadict

    def numbers(*request):
        value = read(*request)
        if isinstance(value, list | tuple):
            return [item if number(str(item)) else "0" for item in value]
        return value if value in ("", None) or number(str(value)) else "0"

    widget.value_from_datadict = numbers


class CappedPaginator(Paginator):
    """Counts no further than CAP rows: nobody turns more pages, and counting a whole table takes seconds."""

    @cached_property
    def count(self):
        rows = self.object_list
        if not hasattr(rows, "query"):
            return min(len(rows), CAP)
        return rows.order_by()[:CAP].values("pk").count()


class CleanForm(forms.ModelForm):
    """A model form that refuses control characters beside the field that holds them.

    A slug that its model needs may be left empty: it is then made from the name or title, in whatever script.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)
        slug = self.fields.get("slug")
        self._makes_slug = slug is not None and slug.required
        if self._makes_slug:
            slug.required = False

    def clean(self):
        data = super().clean()
        if self._makes_slug and "slug" not in self.errors and not self.cleaned_data.get("slug"):
            named = self.cleaned_data.get("name") or self.cleaned_data.get("title") or ""
            slug = self.cleaned_data["slug"] = folding.slug_of(named)
            if named and not slug:
                self.add_error("slug", "The name gives no letters for an address. Type a slug.")
        return data


# Native inputs need no script, use the browser's language and bring up the right keyboard on a phone.
WIDGETS = {
    models.DateTimeField: {"form_class": MomentField, "widget": MomentInput},
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
}


class DeskInline(InlineModelAdmin):
    """Rows on their parent's page: who may change the parent may change them."""

    form = CleanForm
    formfield_overrides = WIDGETS
    extra = 0

    def _may_change_parent(self, request, obj):
        parent = self.admin_site.get_model_admin(self.parent_model)
        return parent.has_change_permission(request, obj) if obj else parent.has_add_permission(request)

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return self._may_change_parent(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_change_parent(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_change_parent(request, obj)


class DeskRows(BaseInlineFormSet):
    """Rows of which a new one may not say what a saved one says already."""

    def validate_unique(self):
        super().validate_unique()
        if self.deleted_forms:  # a new row may take the place of one that goes
            return
        for form in self.extra_forms:
            if form.is_valid() and form.has_changed():
                try:
                    # Django leaves out of a row's own check every constraint that names the row it belongs to.
                    form.instance.validate_constraints()
                except ValidationError as twice:
                    form.add_error(None, twice)


class NamedCells(DeskRows):
    """Rows of a table have no labels beside their inputs, so each input names its column for screen readers."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            field.widget.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ").capitalize()))


class DeskTable(DeskInline):
    template = "admin/tabular.html"
    formset = NamedCells


class DeskStack(DeskInline):
    template = "admin/stacked.html"
    formset = DeskRows


class DeskAdmin(ModelAdmin):
    """An admin class of the desk: each view checks permissions by object, and only listed lookups are allowed.

    `filterable` names the lookups that an address may carry beyond the filters shown. A class whose rows readers
    can see sets `readers_see`: saving or deleting one then makes the site's stored pages old. One whose rows are known
    by their names sets `finds_by_name`: its search box then finds them in any spelling.
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
    finds_by_name = False

    def lookup_allowed(self, lookup, value, request=None):
        """Allow only what is listed: whoever may filter by a column can find out what it holds."""
        # Our own filters take one parameter each and ignore what they do not know.
        if lookup in {f.parameter_name for f in self.list_filter if hasattr(f, "parameter_name")}:
            return True
        named = {f for f in self.list_filter if isinstance(f, str)} | set(self.filterable)
        return lookup in named | {f"{name}{end}" for name in named for end in ("__exact", "__id__exact", "__isnull")}

    def get_list_display(self, request):
        return [self._in_own_direction(name) for name in super().get_list_display(request)]

    def _in_own_direction(self, name):
        """A column of words with a direction of its own for each; any other column as it is."""
        field = next((f for f in self.opts.fields if f.name == name), None)
        words = isinstance(field, models.CharField | models.TextField) and not field.choices
        # Django loads what a relation names for a column of its own alone; ours has to be loaded by the list.
        named = isinstance(field, models.ForeignKey) and name in (self.list_select_related or ())
        own = name != "__str__" and hasattr(self, str(name))
        if own or name in self.list_editable or not (words or named or name == "__str__"):
            return name

        @display(description=field.verbose_name if field else self.opts.verbose_name, ordering=field and name)
        def shown(row):
            text = str(row) if field is None else getattr(row, name)
            return format_html("<bdi>{}</bdi>", text) if text else None

        shown.__name__ = str(name)
        return shown

    def get_object(self, request, object_id, from_field=None):
        # A hidden row and a missing one answer alike, and nobody learns which rows exist of a kind they may not see.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if (obj := super().get_object(request, object_id, from_field)) is None:
            raise Http404
        return obj

    def get_search_results(self, request, queryset, search_term):
        if self.finds_by_name and (pks := pks_by_name(self.model, self.search_fields, search_term)) is not None:
            return queryset.filter(pk__in=pks), False
        # PostgreSQL refuses to compare with NUL, which an address can carry.
        return super().get_search_results(request, queryset, search_term.replace("\0", " "))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        response = super().changeform_view(request, object_id, form_url, extra_context)
        # Done, a form in a window of its own answers with a page as well, which tells the form that opened it.
        done = POPUP_DONE in (getattr(response, "template_name", None) or ())
        if request.method == "POST" and hasattr(response, "render") and not done:
            response.status_code = getattr(request, "refused_with", 400)
        return response

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def render_change_form(self, request, context, *args, **kwargs):
        # The editor's import map is the only inline script of the desk, so it carries the nonce.
        context["media"] = Media.from_media(context["media"]).with_nonce(compat.csp_nonce(request))
        rows = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        link_for([context["adminform"].form, *rows], request)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if self.readers_see and (not change or form.has_changed() or any(f.has_changed() for f in formsets)):
            Pulse.objects.beat(rendering=True)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        if self.readers_see:
            Pulse.objects.beat(rendering=True)
