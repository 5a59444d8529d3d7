"""The parts of a card, each with its form: in place by a script, and as a page of its own without."""

import copy

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from newsroom import languages, paper
from newsroom.desk.base import number
from newsroom.models import Pulse, Topic
from newsroom.pictures import uploads

from .. import access, serializer
from ..actions import bars, cards, channels, jobs, log, portraits, verification
from ..models import Expert, Organisation
from ..models.channel import tier_of
from . import base, part_forms

TOPICS_LISTED = ORGANISATIONS_LISTED = 2000


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
        self.form = self.make_form() if self.form_class else part_forms.PlainForm(self.data)
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


class Fields(Part):
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
            cards.changed(self.expert, self.name, f"{self.title}: {what}", by=self.by)

    def write(self, form):
        form.save()


class Names(Fields):
    title, form_class, lists = "Names", part_forms.NamesForm, ("languages",)
    sets = {"variants": ("Other names and spellings", part_forms.VARIANTS)}


class Readiness(Fields):
    title, form_class, lists = "When and how they speak", part_forms.ReadinessForm, ("languages", "zones")
    sets = {
        "languages": ("Languages", part_forms.LANGUAGE_ROWS),
        "windows": ("Hours, in their own time", part_forms.WINDOWS),
        "days-off": ("Time off", part_forms.DAYS_OFF),
    }


class Topics(Fields):
    title, lists = "Topics", ("topics",)
    sets = {"topics": ("", part_forms.TOPICS)}


class Disclosures(Fields):
    title, lists = "What readers have to be told", ("topics", "organisations")
    sets = {"disclosures": ("", part_forms.DISCLOSURES)}


class Identifiers(Fields):
    title = "Identifiers"
    sets = {"identifiers": ("", part_forms.IDENTIFIERS)}


class About(Fields):
    title, form_class = "About them", part_forms.AboutForm

    def write(self, form):
        words = {"alt": form.cleaned_data["portrait_alt"], "credit": form.cleaned_data["portrait_credit"]}
        expert = form.instance
        if file := form.cleaned_data["portrait_file"]:
            try:
                expert.portrait = portraits.take_in(file, by=self.by, **words)
            except uploads.Unfit as error:
                raise ValidationError({"portrait_file": str(error)}) from error
        elif form.cleaned_data.get("no_portrait"):
            expert.portrait = None
        elif expert.portrait_id:
            type(expert.portrait).objects.filter(pk=expert.portrait_id).update(**words)
        form.save()


class Standing(Fields):
    title, form_class = "Status and review", part_forms.StandingForm

    def write(self, form):
        form.instance.contact_via = form.via
        form.save()


class OneRow(Part):
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


class Roles(OneRow):
    lists = ("organisations",)
    deeds = {
        "": ("Another role", "Add it", part_forms.RoleForm),
        "mend": ("Mend a slip", "Mend it", part_forms.RoleForm),
        "changed": ("They changed role", "Close the old role and open the new", part_forms.ChangedRoleForm),
        "remove": ("Take a role off the card", "Take it off", None),
    }

    def find(self, expert, pk):
        return self.only(expert.affiliations.all(), pk) if self.do else None

    def says(self):
        if self.do == "mend":
            return f"For a slip of the pen in “{self.row}”. If they do something else now, use “They changed role”."
        if self.do == "changed":
            return f"“{self.row}” stays on the card with the day it ended: what stories printed of it was right then."
        return f"“{self.row}” goes. Only a role that no story printed can." if self.do else ""

    def make_form(self):
        if self.do == "changed":
            held = self.row.organisation.name if self.row.organisation_id else ""
            return part_forms.ChangedRoleForm(
                self.data, initial={"ended": paper.today().strftime("%Y-%m"), "organisation": held}
            )
        return part_forms.RoleForm(self.data, instance=copy.copy(self.row) if self.row else None)

    def save(self):
        data = self.form.cleaned_data
        if self.do == "mend":
            jobs.mend(self.row, by=self.by, **data)
        elif self.do == "changed":
            jobs.change(self.row, by=self.by, **data)
        elif self.do == "remove":
            jobs.remove(self.row, by=self.by)
        else:
            jobs.add(self.expert, by=self.by, **data)


class Channels(OneRow):
    risk = True
    deeds = {
        "": ("Another way to reach them", "Add it", part_forms.ChannelForm),
        "change": ("Change a way to reach them", "Save", part_forms.ChannelForm),
        "change-sealed": ("Change a restricted detail", "Save", part_forms.ChannelForm),
        "remove": ("Take a way to reach them off the card", "Take it off", None),
        "remove-sealed": ("Take a restricted detail off the card", "Take it off", None),
    }

    def find(self, expert, pk):
        if not self.do:
            return None
        return self.only(expert.private_channels.all() if self.do.endswith("sealed") else expert.channels.all(), pk)

    def says(self):
        return f"{self.row.get_kind_display()}: {self.row}" if self.do.startswith("remove") else ""

    def make_form(self):
        initial = None
        if self.row is not None:
            names = ("label", "preference", "hours_note", "source", "do_not_use")
            initial = {name: getattr(self.row, name) for name in names} | {"tier": tier_of(self.row)}
            initial["raw"] = getattr(self.row, "raw", "")
        return part_forms.ChannelForm(self.data, row=self.row, initial=initial)

    def save(self):
        if self.do.startswith("remove"):
            channels.remove_channel(self.row, by=self.by)
            return
        data = {name: value for name, value in self.form.cleaned_data.items() if name != "no_risk"}
        if self.row is None:
            channels.add_channel(self.expert, by=self.by, **data)
        else:
            channels.change_channel(self.row, by=self.by, **data)


class Notes(OneRow):
    risk = True
    deeds = {
        "": ("A restricted note", "Seal it", part_forms.NoteForm),
        "remove": ("Remove a restricted note", "Remove it for good", None),
    }

    def __init__(self, expert, request):
        base.must(access.may_unseal(request.user))
        super().__init__(expert, request)

    def find(self, expert, pk):
        return self.only(expert.private_notes.all(), pk) if self.do else None

    def make_form(self):
        return part_forms.NoteForm(self.data)

    def save(self):
        if self.row is not None:
            log.remove_note(self.row, by=self.by)
        else:
            log.add_note(self.expert, self.form.cleaned_data["text"], by=self.by)


class Bars(OneRow):
    lists = ("topics",)
    deeds = {
        "": ("Do not contact, do not quote", "Set it", part_forms.BarForm),
        "lift": ("Lift a bar", "Lift it", None),
    }

    def find(self, expert, pk):
        return self.only(expert.bars.filter(lifted_at=None), pk) if self.do else None

    def says(self):
        return str(self.row) if self.do else ""

    def make_form(self):
        return part_forms.BarForm(self.data, initial={"kind": self.query.get("kind", "")})

    def save(self):
        if self.do:
            bars.lift(self.row, by=self.by)
        else:
            data = dict(self.form.cleaned_data)
            bars.put_up(self.expert, by=self.by, topic=data.pop("on_topic"), **data)


class Checks(OneRow):
    deeds = {"": ("A check of who they are", "Write it down", part_forms.VerificationForm)}

    def find(self, expert, pk):
        return None

    def says(self):
        return "Written into the ledger for good, with your name. E-mail alone never counts as proof."

    def make_form(self):
        return part_forms.VerificationForm(self.data)

    def save(self):
        verification.record(self.expert, by=self.by, **self.form.cleaned_data)


PARTS = {
    "names": Names, "about": About, "standing": Standing, "roles": Roles, "channels": Channels, "notes": Notes,
    "readiness": Readiness, "topics": Topics, "disclosures": Disclosures, "identifiers": Identifiers, "bars": Bars,
    "verification": Checks,
}  # fmt: skip
for _name, _part in PARTS.items():
    _part.name = _name


def part(admin, request, pk, part):
    """One part's form. A copy that is behind is answered 409, with all that was typed."""
    base.must(access.may_keep(request.user), "Your role does not keep cards.")
    if part not in PARTS:
        raise Http404("A card has no such part.")
    expert = base.find(request, pk)
    if expert.merged_into_id:
        return redirect("admin:experts_expert_change", expert.merged_into_id)
    stale, status = [], 200
    if request.method == "POST":
        with transaction.atomic():
            expert = Expert.objects.select_for_update().get(pk=expert.pk)
            form = PARTS[part](expert, request)
            stale = since(expert, request)
            valid = form.is_valid()
            status = 409 if stale else 400
            if valid and not stale and (status := _save(form, expert)) == 302:
                where = reverse("admin:experts_expert_change", args=[pk])
                return redirect(f"{where}#{part}")
    else:
        form = PARTS[part](expert, request)
    context = {"expert": expert, "part": form, "stale": stale, "lists": offered(form.lists)}
    context["risk"] = part_forms.AT_RISK if getattr(form, "risk", False) else ""
    return base.page(admin, request, "experts/part.html", form.title, status=status, **context)


def _save(form, expert):
    """Write a part, all of it or nothing: the status of the answer."""
    try:
        with base.attempt(form.form) as tried, transaction.atomic():
            form.save()
            if hasattr(expert, "profile"):
                Pulse.objects.beat(rendering=True)
        return tried.status if tried.error else 302
    except IntegrityError:
        form.form.add_error(None, "Somebody wrote the same a moment ago. Look at the card, and try again.")
        return 409


def since(expert, request):
    """What others did to a card after the copy that this form was made from; [] where it is the newest."""
    seen = number(request.POST.get("seen"))
    if seen == expert.version:
        return []
    behind = expert.version - seen if seen is not None and seen < expert.version else 1
    # A version is a moment: an import counts one for each card, and writes up to three lines of it.
    at = expert.changes.exclude(by=None).values_list("at", flat=True)[:20]
    moments = list(dict.fromkeys(at))[: min(behind, 5)]
    lines = serializer.changes(expert, access.tier(request.user)).exclude(by=None)
    return list(lines.filter(at__in=moments)) or [None]


def offered(lists):
    """What inputs offer while somebody types: {name of the list: [(value, label)]}."""
    offers = {
        "languages": lambda: languages.OFFERED,
        "organisations": organisations_offered,
        "zones": lambda: [(zone, "") for zone in part_forms.ZONES],
        "topics": lambda: [
            (name, "") for name in Topic.objects.in_use().values_list("name", flat=True)[:TOPICS_LISTED]
        ],
    }
    return {name: offers[name]() for name in lists}


def organisations_offered():
    """The organisations that most roles are in, each with its name in its own script."""
    known = Organisation.objects.annotate(roles=Count("affiliations")).order_by("-roles", "name")
    return list(known.values_list("name", "native_name")[:ORGANISATIONS_LISTED])


def urls(admin):
    return [base.route(admin, "<int:pk>/part/<slug:part>/", part, "part")]
