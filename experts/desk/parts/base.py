"""What every part of a card is made of: a form of fields, rows that hang on the card, or one row at a time."""

import copy

from django.http import Http404

from newsroom.desk.base import number

from ...actions import cards
from .fields import PlainForm


class Part:
    """A part as somebody edits it. `save` writes through the book's verbs and may raise Refused or ValidationError."""

    title = words = button = ""
    form_class = None  # None: rows, or a button alone
    sets = {}
    lists = ()  # what its inputs offer while typing: languages, organisations, topics, zones

    def __init__(self, expert, request):
        self.expert, self.by = expert, request.user
        self.query = request.GET
        sent = request.method == "POST"
        self.data, self.files = (request.POST, request.FILES) if sent else (None, None)
        # A part of rows or of a button alone has a form without fields, which says what was refused.
        self.form = self.make_form() if self.form_class else PlainForm(self.data)
        # A form writes what it reads upon its row; what the page shows stays as it is.
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
    """A part that is fields of the card and rows that hang on it."""

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
    """A part whose form acts on one row of the card at a time, named by `?do=…&id=…`."""

    deeds = {"": ("", "", None)}  # deed → (title, button, form class; None: a button alone)

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
