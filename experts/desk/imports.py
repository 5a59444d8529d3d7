"""Importing cards on the desk: upload a file, map its columns, read the errors, write the cards, take them back."""

import re

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from newsroom.desk.base import number, without_controls

from .. import access
from ..files.importing import batches, columns, preview, tables
from ..models import ImportBatch
from . import base

PER_PAGE = 50
BATCHES_SHOWN = 50
MAY_NOT_IMPORT = "Your role does not import cards."


def urls(admin):
    return [
        base.route(admin, "import/", upload, "import"),
        base.route(admin, "import/<int:batch>/", batch_page, "batch"),
    ]


COUNTRY_SAID = "Two letters: JO. Empty: every number begins with + or the row names its country."
NOTES = [
    ("seal", "No: they go to the cards as restricted notes, sealed"),
    ("leave", "Yes, or nobody knows: they are left out"),
]
NOTES_ASKED = "Could a note in it put somebody at risk who is a confidential source?"


def country_of(text):
    """Two capital letters, or "". ValidationError for anything else."""
    country = text.strip().upper()
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise forms.ValidationError("Two letters, such as JO.")
    return country


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File", help_text=f"CSV, XLSX or vCard, up to {tables.MEGABYTES} MB and {tables.ROWS:,} rows. "
        "Nothing is written before you have seen what would be.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.vcf,text/csv,text/vcard"}),
    )  # fmt: skip
    country = forms.CharField(
        required=False, max_length=2, label="Numbers without + are from", help_text=COUNTRY_SAID,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 4}),
    )  # fmt: skip
    notes = forms.ChoiceField(
        required=False, label=NOTES_ASKED, choices=NOTES, widget=forms.RadioSelect,
        help_text="Asked once for the file, and needed only if it has notes. Confidential sources do not belong in any "
        "database: if one of them has a card in the file, take it out first.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        without_controls(self)

    def clean_country(self):
        return country_of(self.cleaned_data["country"])

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > tables.MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(f"The file is larger than {tables.MEGABYTES} MB. Split it and send the parts.")
        return file


class OptionsForm(forms.Form):
    country = forms.CharField(required=False, max_length=2, label="Numbers without + are from", help_text=COUNTRY_SAID)
    notes = forms.ChoiceField(required=False, label=NOTES_ASKED, choices=[("", "Not said yet"), *NOTES])
    month_first = forms.BooleanField(required=False, label="In 03/04/2021 the month comes first")
    former = forms.BooleanField(required=False, label="All roles in the file are former ones")
    all_or_nothing = forms.BooleanField(
        required=False, label="All or nothing: one row with a fault keeps all others out"
    )

    def __init__(self, *args, header=(), targets=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.places = []
        for n, (name, target) in enumerate(zip(header, targets, strict=True)):
            if name in columns.without_added([name]):
                label = name or f"column {n + 1}"
                self.fields[f"column{n}"] = forms.ChoiceField(
                    choices=columns.target_choices(), initial=target, required=False, label=label
                )
                self.places.append(n)
        without_controls(self)

    def clean_country(self):
        return country_of(self.cleaned_data["country"])

    @property
    def columns(self):
        return [self[f"column{n}"] for n in self.places]

    def targets(self, header):
        return [self.cleaned_data.get(f"column{n}", columns.IGNORED) for n in range(len(header))]


def upload(admin, request):
    """The uploaded files, and the form that uploads one."""
    base.require_permission(access.may_keep(request.user), MAY_NOT_IMPORT)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            options = {key: form.cleaned_data[key] for key in ("country", "notes") if form.cleaned_data[key]}
            batch = batches.take_in(file.read(), file.name, by=request.user, options=options)
        except batches.Unfit as error:
            form.add_error("file", str(error))
        else:
            return redirect("admin:experts_expert_batch", batch.pk)
    rows = ImportBatch.objects.select_related("by")[:BATCHES_SHOWN]
    status = 400 if form.errors else 200
    return base.render_page(
        admin, request, "experts/import.html", "Import cards", status=status, form=form, batches=rows
    )


def batch_page(admin, request, batch):
    """One file: its columns, the errors of its rows, and the actions on it."""
    base.require_permission(access.may_keep(request.user), MAY_NOT_IMPORT)
    found = ImportBatch.objects.select_related("by").filter(pk=batch).first() if batch < 2**63 else None
    if found is None:
        raise Http404("No such file.")
    if request.method != "POST":
        return _show_batch(admin, request, found)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        return _show_batch(admin, request, found, status=400, refused="Choose what to do with the file.")
    with base.attempt() as attempt:
        return act(admin, request, found)
    found.refresh_from_db()
    return _show_batch(admin, request, found, status=attempt.status, refused=attempt.words)


def _options_form(batch, data=None):
    kept = batch.mapping
    initial = kept["options"] | {"all_or_nothing": batch.all_or_nothing}
    return OptionsForm(data, initial=initial, header=kept["header"], targets=kept["targets"])


def _show_batch(admin, request, batch, *, form=None, status=200, refused=""):
    pages = Paginator(batch.rows.exclude(errors=[]).exclude(status="reverted"), PER_PAGE)
    page = pages.get_page(number(request.GET.get("page")) or 1)
    return base.render_page(
        admin, request, "experts/import_batch.html", f"Import of {batch.filename}", status=status,
        batch=batch, form=form or _options_form(batch), page=page, rows=_problem_rows(page), refused=refused, query="",
        dry=batch.status == ImportBatch.DRY, done=batch.status == ImportBatch.DONE, preview=preview.first_cards(batch),
        ask_notes=bool(batch.counts.get("notes")) and not batch.mapping["options"].get("notes"),
        faults=batch.counts["bad"] + batch.counts.get("mend", 0),
    )  # fmt: skip


def _problem_rows(page):
    return [{"line": row.line, "status": row.get_status_display(), "errors": row.errors} for row in page]


# --- what can be done with a file -------------------------------------------------------------------------


def _check_batch(admin, request, batch):
    form = _options_form(batch, request.POST)
    if not form.is_valid():
        return _show_batch(admin, request, batch, form=form, status=400)
    said = form.cleaned_data
    options = {key: said[key] for key in ("country", "notes", "month_first", "former") if said[key]}
    targets = form.targets(batch.mapping["header"])
    batches.remap(batch, targets, options, by=request.user, all_or_nothing=said["all_or_nothing"])
    messages.success(request, "Checked again.")
    return redirect("admin:experts_expert_batch", batch.pk)


def _commit_batch(admin, request, batch):
    batch = batches.commit(batch, by=request.user)
    counts = batch.counts
    said = f"{counts['new']:,} cards made, {counts['updated']:,} added to, {counts['same']:,} as they were."
    said += f" {counts['mend']:,} cards have something to mend." if counts.get("mend") else ""
    messages.success(request, said + (f" {counts['bad']:,} rows are left to be mended." if counts["bad"] else ""))
    return redirect("admin:experts_expert_batch", batch.pk)


def _send_failed_rows(admin, request, batch):
    answer = HttpResponse(batches.failed_rows(batch, by=request.user), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="faulty-rows-{batch.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _revert_batch(admin, request, batch):
    back = batches.revert(batch, by=request.user)
    messages.success(request, f"{back.rows:,} rows were taken back.")
    for line, why in back.kept[:20]:
        messages.warning(request, f"Line {line} stays: {why}.")
    if len(back.kept) > 20:
        messages.warning(request, f"And {len(back.kept) - 20:,} more stay, whose cards were changed or used since.")
    return redirect("admin:experts_expert_batch", batch.pk)


def _forget_batch(admin, request, batch):
    batches.forget(batch, by=request.user)
    messages.success(request, "What the file said is forgotten.")
    return redirect("admin:experts_expert_import")


ACTS = {
    "check": _check_batch,
    "commit": _commit_batch,
    "failed": _send_failed_rows,
    "revert": _revert_batch,
    "forget": _forget_batch,
}
