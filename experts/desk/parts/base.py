"""The base classes of a card's parts: fields of the card with sets of rows, or one row at a time."""

import copy

from django.http import Http404

from newsroom.desk.base import number

from ...actions import cards
from .fields import PlainForm


class Part:
    """A part of a card being edited. `save` calls actions; it may raise Refused or ValidationError."""

    title = words = button = ""
    form_class = None  # None for a part of rows or a button only
    sets = {}
    lists = ()  # names of `offers.input_offers` that its inputs use

    def __init__(self, expert, request):
        self.expert, self.by = expert, request.user
        self.query = request.GET
        sent = request.method == "POST"
        self.data, self.files = (request.POST, request.FILES) if sent else (None, None)
        # A part without fields has an empty form, which shows why something was refused.
        self.form = self.make_form() if self.form_class else PlainForm(self.data)
        # A form writes what was typed into its instance: it gets a copy, and the page keeps showing the row.
        self.rows = [
            (title, rows(self.data, prefix=prefix, instance=copy.copy(expert)))
            for prefix, (title, rows) in self.sets.items()
        ]

    def make_form(self):
        return self.form_class(self.data, self.files, instance=copy.copy(self.expert))

    def is_valid(self):
        return all([self.form.is_valid(), *(rows.is_valid() for _, rows in self.rows)])

    def save(self):
        raise NotImplementedError


class FieldsPart(Part):
    """A part of fields of the card and of sets of its rows."""

    def save(self):
        changed = list(self.form.changed_data)
        if self.form_class:
            self.write(self.form)
        for title, rows in self.rows:
            if rows.has_changed():
                rows.save()
                changed.append(title or self.title.lower())
        if changed:
            labels = {name: field.label for name, field in self.form.fields.items()}
            what = ", ".join(str(labels.get(name) or name).lower() for name in changed)
            cards.record_change(self.expert, self.name, f"{self.title}: {what}", by=self.by)

    def write(self, form):
        form.save()


class OneRowPart(Part):
    """A part whose form is about one row of the card, named by ?do=…&id=…."""

    deeds = {"": ("", "", None)}  # {do: (title, button, form class or None for a button only)}

    def __init__(self, expert, request):
        self.do = request.GET.get("do", "")
        if self.do not in self.deeds:
            raise Http404("Nothing of that kind is done here.")
        self.title, self.button, self.form_class = self.deeds[self.do]
        self.row = self.find(expert, number(request.GET.get("id")))
        self.words = self.says()
        super().__init__(expert, request)

    def find(self, expert, pk):
        raise NotImplementedError

    def says(self):
        return ""

    def only(self, rows, pk):
        row = rows.filter(pk=pk).first() if pk else None
        if row is None:
            raise Http404("No such row on this card.")
        return row
