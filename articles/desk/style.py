"""The house style on the desk: its list, a table brought in, and what the editor marks words by."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from experts.files.importing.tables import Unfit, read_table
from newsroom.desk.base import CleanForm
from newsroom.desk.refusals import refused_as_json
from newsroom.errors import NotAllowed

from .. import roles
from ..actions import house_style
from ..models import StyleRule
from ..models.article import LANGUAGE_TAG
from .base import DeskAdmin

MEGABYTES = 2


class StyleRuleForm(CleanForm):
    class Meta:
        model = StyleRule
        fields = ["term", "preferred", "reason", "language", "whole_word", "match_case", "in_quotes", "active"]

    def clean_term(self):
        return " ".join(self.cleaned_data["term"].split())


class ListForm(CleanForm):
    """A list as a file, or pasted."""

    file = forms.FileField(required=False, label="A file", widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}))
    text = forms.CharField(
        required=False, label="Or paste it", max_length=400_000, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )

    class Meta:
        model = StyleRule
        fields = []

    def clean(self):
        data = super().clean()
        file, text = data.get("file"), data.get("text", "")
        if not file and not text.strip() and not self.errors:
            raise forms.ValidationError("Choose a file, or paste the list.")
        if file and file.size > MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(f"The file is larger than {MEGABYTES} MB.")
        if not self.errors:
            try:
                data["table"] = read_table(file.read() if file else text.encode(), file.name if file else "")
            except Unfit as error:
                raise forms.ValidationError(str(error)) from error
        return data


@admin.register(StyleRule)
class StyleRuleAdmin(DeskAdmin):
    form = StyleRuleForm
    list_display = ["term", "preferred", "reason", "language", "active"]
    search_fields = ["term", "preferred", "reason"]
    list_filter = ["active"]
    change_list_template = "admin/articles/stylerule/change_list.html"

    def get_urls(self):
        own = path("bring-in/", self.admin_site.admin_view(self.import_view), name="articles_stylerule_import")
        return [own, *super().get_urls()]

    def import_view(self, request):
        """Bring in a table; by GET the page that asks for it."""
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
        wrong = []
        if request.method == "POST" and form.is_valid():
            table = form.cleaned_data["table"]
            try:
                new, changed = house_style.bring_in(table.header, [(row.line, row.cells) for row in table.rows])
            except house_style.WrongLines as error:
                wrong = error.said
            else:
                messages.success(request, f"Brought in: {new} new, {changed} that were there.")
                return redirect("admin:articles_stylerule_changelist")
        context = self.admin_site.each_context(request) | {
            "title": "Bring in a list of the house style",
            "opts": self.opts,
            "form": form,
            "wrong": wrong,
        }
        status = 400 if wrong or form.errors else 200
        return TemplateResponse(request, "admin/articles/stylerule/import.html", context, status=status)


@require_safe
@refused_as_json
def house_style_rules(request):
    """{rules: [{term, preferred, reason, whole, cased, quoted}]} in force for a `language`, for the editor to mark."""
    if not roles.may(request.user, "read copy"):
        raise NotAllowed("Your role does not read copy.")
    language = request.GET.get("language", "")[:20]
    if not LANGUAGE_TAG.regex.fullmatch(language or "en"):
        language = "en"
    rows = [
        {
            "term": rule.term,
            "preferred": rule.preferred,
            "reason": rule.reason,
            "whole": rule.whole_word,
            "cased": rule.match_case,
            "quoted": rule.in_quotes,
        }
        for rule in StyleRule.objects.in_force(language)
    ]
    return JsonResponse({"rules": rows})
