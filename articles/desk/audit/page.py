"""The source audit's page: a period and a section in the address, charts on the screen, the same lines as CSV."""

import csv

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from experts.files.formulas import defused
from newsroom import clock
from newsroom.desk.base import without_controls

from ... import roles
from ...models import Section
from . import figures


class PeriodField(forms.ChoiceField):
    """A choice of the periods on offer that also accepts any other period in an address."""

    def valid_value(self, value):
        return True  # to_python has refused what is no period

    def to_python(self, value):
        value = super().to_python(value)
        try:
            return figures.period_of_key(value, self.zone)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class AuditForm(forms.Form):
    period = PeriodField(label="Period")
    section = forms.ModelChoiceField(
        Section.objects.none(), required=False, to_field_name="slug", empty_label="The whole paper"
    )

    def __init__(self, data, *, zone, now):
        offered = figures.periods_on_offer(now, zone)
        super().__init__(data)
        field = self.fields["period"]
        field.zone = zone
        field.choices = [(year, [(p.key, p.label) for p in rows]) for year, rows in offered]
        asked = data.get("period")
        if asked and not any(asked == p.key for _, rows in offered for p in rows):
            field.choices = [*field.choices, (asked, asked)]
        self.fields["section"].queryset = Section.objects.all()
        # A slug is text: one that no section has is “not one of the choices”, never an error.
        without_controls(self)
        self.fields["section"].widget = forms.Select({"dir": "auto"}, self.fields["section"].choices)


@require_safe
def source_audit(request):
    """The audit of a period (this month, unless told) and a section (all); `format=csv` gives it as a file."""
    if not roles.may(request.user, "see the source audit"):
        raise PermissionDenied("Your role does not see the source audit.")
    paper, now = admin.site.publication(request), clock.process_time()
    chosen = {"period": f"{now.astimezone(paper.zone):%Y-%m}"} | {
        name: value.replace("\0", " ") for name, value in request.GET.items() if name in ("period", "section") and value
    }
    form = AuditForm(chosen, zone=paper.zone, now=now)
    report = None
    if form.is_valid():
        asked = form.cleaned_data
        report = figures.audit_report(
            asked["period"], section=asked["section"], self_descriptions=paper.self_descriptions
        )  # fmt: skip
        if request.GET.get("format") == "csv":
            return report_as_csv(report)
    context = admin.site.each_context(request) | {"title": "Source audit", "form": form, "report": report}
    return TemplateResponse(request, "admin/audit.html", context, status=200 if report else 400)


def report_as_csv(report):
    """The lines of the audit as a file that a spreadsheet opens; nothing in it is a formula."""
    where = f"-{report.section.slug}" if report.section else ""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="source-audit-{report.period.key}{where}.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")  # or a spreadsheet reads it in the machine's own code page
    lines = csv.writer(response)
    lines.writerow(report.HEAD)
    lines.writerows([defused(str(cell)) for cell in line] for line in report.lines)
    return response
