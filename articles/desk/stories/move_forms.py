"""What each move asks of the person who makes it."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.html import format_html

from newsroom.desk.base import without_controls
from newsroom.desk.moments import MomentField
from newsroom.models import User

from ... import roles
from ...actions import assignments, corrections, debts, take, writing
from ...models import Agency, Byline, Contributor, FrontSlot
from ...workflow import ON_SITE, REQUIRED, WITHDRAWAL_REASONS, may_withdraw_for
from .forms import BodyField, in_language


class MoveForm(forms.Form):
    """A move that asks nothing but the click."""

    def __init__(self, *args, article, user, move, findings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.article, self.user, self.move, self.findings = article, user, move, findings
        self.prepare()
        without_controls(self)
        in_language(self, article.language)

    def prepare(self):
        if self.move.note:
            self.fields["note"] = forms.CharField(
                widget=forms.Textarea(attrs={"rows": 3}), required=self.move.note == REQUIRED, max_length=2000,
                label=NOTE_LABELS.get(self.move.label, "Note"),
                help_text="It goes to the colleagues concerned; readers never see it.",
            )  # fmt: skip

    def data_for_action(self):
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


NOTE_LABELS = {
    "Withdraw": "Why, for the record", "Send back": "What has to change",
    "Approve unseen": "Why nobody else can read it first",
}  # fmt: skip


class AcceptForm(MoveForm):
    assignee = forms.ModelChoiceField(
        User.objects.none(), label="Who writes it", error_messages={"invalid_choice": assignments.WRITES_NOTHING}
    )
    due_at = MomentField(required=False, label="Due")

    def prepare(self):
        super().prepare()
        self.fields["assignee"].queryset = assignments.writers()
        self.initial.setdefault("assignee", self.article.assignee_id or self.article.created_by_id)
        self.initial.setdefault("due_at", self.article.due_at)


class ReinstateForm(MoveForm):
    def prepare(self):
        super().prepare()
        _add_words_on_return(self)


def _add_words_on_return(form):
    """What readers are told of a withdrawal that ends; nothing where the order behind it forbids that."""
    form.fields["line"] = forms.CharField(
        required=False, max_length=300, label="A line for readers", help_text="Printed in the story's history."
    )
    gone = form.article.editions.in_force().first()
    if gone and gone.reason == "legal_order":
        form.fields["line"].help_text = "Printed in the story's history, unless the order forbids it."
        form.fields["order_forbids"] = forms.BooleanField(
            required=False,
            label="The order forbids saying that it was withdrawn",
            help_text="Neither the story nor its history says so then.",
        )


class WarningBoxes(forms.CheckboxSelectMultiple):
    """A box for each warning; those whose key is in `by_hand` are marked for the script that ticks the others."""

    by_hand = frozenset()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.by_hand:
            option["attrs"]["data-by-hand"] = ""
        return option


class GateForm(MoveForm):
    """Publishing: the kind of edition, waivers of the checklist's warnings, and a note to publish past its errors."""

    offers_flash = True

    def prepare(self):
        super().prepare()
        if self.offers_flash and debts.owed_of_flash({"genre": self.article.genre}, self.findings, offered=True):
            self.fields["flash"] = forms.BooleanField(
                required=False, label="Flash: it runs now",
                help_text="Standfirst, picture, topic and copy sign-off are owed in half an hour, not waived.",
            )  # fmt: skip
        if self.article.situation() in ON_SITE:
            self.fields["kind"] = forms.ChoiceField(
                choices=[("update", "Update: readers see that it changed"), ("minor", "Minor edit: no mark")],
                initial="update", widget=forms.RadioSelect, label="Kind",
            )  # fmt: skip
            self.fields["line"] = forms.CharField(
                required=False,
                max_length=300,
                label="What is new, for readers",
                help_text="“Adds the ministry's reply”. Printed in the history; a minor edit has no line.",
            )
        warnings = {f.key: f.message for f in self.findings if f.level == "warning"}
        errors = [f for f in self.findings if f.level == "error"]
        if warnings and roles.may(self.user, "waive a warning", self.article):
            self.fields["waive"] = forms.MultipleChoiceField(
                choices=list(warnings.items()), required=False, widget=WarningBoxes,
                label="Warnings: tick each one that you waive",
            )  # fmt: skip
            self.fields["waive"].widget.by_hand = frozenset(f.key for f in self.findings if f.by_hand)
            self.fields["waive_note"] = forms.CharField(
                required=False, max_length=500, label="Why they do not matter here"
            )
        if (
            errors
            and all(f.overridable for f in errors)
            and roles.may(self.user, "publish past an error", self.article)
        ):
            self.fields["override_note"] = forms.CharField(
                required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000,
                label="Publish past the errors: say at length why",
            )  # fmt: skip

    def data_for_action(self):
        data = super().data_for_action()
        # The page sends which errors it showed; one that came since is to be read first.
        return data | ({"past": self.data.getlist("past")} if "past" in self.data else {})


class AnewForm(GateForm):
    offers_flash = False

    def prepare(self):
        super().prepare()
        _add_words_on_return(self)


def when_field():
    return MomentField(label="When", help_text="In the paper's own time zone.")


class ScheduleForm(GateForm):
    offers_flash = False
    at = when_field()

    field_order = ["at"]


class RescheduleForm(MoveForm):
    at = when_field()

    def prepare(self):
        super().prepare()
        waiting = self.article.editions.waiting().first()
        self.initial.setdefault("at", waiting and waiting.live_from)


TITLE, BYLINE, ROLE = "title_", "byline_", "byline_role_"
TEXT = ("headline", "short_headline", "label", "standfirst", "dateline")


class CorrectForm(MoveForm):
    """A correction on the words that readers have now, with what they are told about it."""

    kind = forms.ChoiceField(
        choices=[("correction", "Correction: something was wrong"), ("clarification", "Clarification: it was unclear")],
        widget=forms.RadioSelect, initial="correction",
    )  # fmt: skip
    was = forms.CharField(
        required=False, max_length=2000, label="What was printed", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Readers see this and the next one with the note; both may stay empty.",
    )  # fmt: skip
    became = forms.CharField(
        required=False, max_length=2000, label="What is right", widget=forms.Textarea(attrs={"rows": 2})
    )
    words_stay = forms.BooleanField(required=False, label="The words stay; only the note is added")
    reader_text = forms.CharField(
        max_length=2000, label="What readers are told", widget=forms.Textarea(attrs={"rows": 3}),
        help_text="“An earlier version said seven ports had signed. The number is six.”",
    )  # fmt: skip
    asked_by = forms.CharField(required=False, max_length=200, label="Who asked", help_text="Never printed.")
    headline = forms.CharField(max_length=160, required=False)
    short_headline = forms.CharField(max_length=80, required=False)
    label = forms.CharField(max_length=40, required=False, label="Label override")
    standfirst = forms.CharField(max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    dateline = forms.CharField(max_length=80, required=False)
    lead_caption = forms.CharField(
        max_length=600, required=False, label="Caption of the main picture", widget=forms.Textarea(attrs={"rows": 2})
    )
    lead_credit = forms.CharField(max_length=160, required=False, label="Credit of the main picture")
    credit = forms.ModelChoiceField(Agency.objects.all(), required=False, label="Agency or source credited")
    live_text = BodyField(label="Text as readers have it")

    note_fields = ("kind", "was", "became", "reader_text", "asked_by")

    def prepare(self):
        super().prepare()
        live = self.article.editions.live().select_related("revision", "text").first()
        self.live = live.revision.content if live else {}
        for name in TEXT:
            self.initial.setdefault(name, self.live.get(name, ""))
        self.initial.setdefault("live_text", self.live.get("body", ""))
        self.printed = (live.text.data.get("lead_image") or {}) if live else {}
        lead = self.live.get("lead_image") or {}
        self.initial.setdefault("lead_caption", lead.get("caption", ""))
        self.initial.setdefault("lead_credit", self.printed.get("credit", ""))
        self.initial.setdefault("credit", (self.live.get("credit") or {}).get("id", ""))
        if not self.printed:
            del self.fields["lead_caption"], self.fields["lead_credit"]
        for row in self.live.get("appearances", []):
            label = format_html("Title of <bdi>{}</bdi>, as printed", row["name"])
            self.fields[TITLE + str(row["expert"])] = forms.CharField(
                max_length=300, required=False, initial=row["attribution"], label=label
            )
        for n, line in enumerate([*self.live.get("bylines", []), {}]):
            self.fields[f"{BYLINE}{n}"] = forms.ModelChoiceField(
                Contributor.objects.all(), required=False, initial=line.get("contributor", ""),
                widget=AutocompleteSelect(Byline._meta.get_field("contributor"), admin.site),
                label=f"Byline {n + 1}" if line else "One more byline",
            )  # fmt: skip
            self.fields[f"{ROLE}{n}"] = forms.ChoiceField(
                choices=Byline.ROLES, required=False, initial=line.get("role", "writer"), label="as"
            )
        self.order_fields([name for name in self.fields if name != "live_text"])
        if not self.is_bound:
            self.fields.pop("words_stay", None)  # asked only of what would leave wrong words standing

    def clean(self):
        data = super().clean()
        # The action refuses a correction without both of these, and says so beside them.
        whole = not self.errors and (data.get("kind") != "correction" or (data["was"] and data["became"]))
        stays = self._why_words_stay() if whole and "words_stay" in self.fields else ""
        if stays and not data["words_stay"]:
            self.add_error("words_stay", stays)
        elif not stays and not data.get("words_stay"):
            self.fields.pop("words_stay", None)
        return data

    def _why_words_stay(self):
        """What this would leave wrong in the story, in words; "" where it leaves nothing."""
        changes = corrections.changes_of(self.live, self.data_for_action()["changes"])
        was = " ".join(self.cleaned_data["was"].split())
        places = " and ".join(corrections.where_words_stand(was, self.live | changes))
        if not changes:
            stands = f": “{was}” still stands in {places}" if places else ""
            return f"Nothing of the story is changed below{stands}. Mend it there, or tick this knowingly."
        if places:
            return f"“{was}” still stands in {places}. Mend it there too, or tick this if it is right there."
        return ""

    def data_for_action(self):
        data = self.cleaned_data
        changes = {name: data[name] for name in TEXT if name in data}
        changes["body"] = data["live_text"]
        if self.printed and (lead := self.live.get("lead_image")):
            changes["lead_image"] = lead | {"caption": data.get("lead_caption", "")}
            if self._sent("lead_credit") and data["lead_credit"] != self.printed.get("credit", ""):
                changes["lead_image"]["credit"] = data["lead_credit"]
        credit = data.get("credit")
        if self._sent("credit") and (credit and credit.pk) != (self.live.get("credit") or {}).get("id"):
            changes["credit"] = credit and {"id": credit.pk, "name": credit.name}
        changes["appearances"] = [
            row | {"attribution": data[name]} if self._sent(name := TITLE + str(row["expert"])) else row
            for row in self.live.get("appearances", [])
        ]
        changes["bylines"] = self._bylines(data)
        return {name: data.get(name, "") for name in self.note_fields} | {"changes": changes}

    def _sent(self, name):
        """Whether the box of a field was sent: what was not is left as it was printed."""
        return self.add_prefix(name) in self.data

    def _bylines(self, data):
        """The bylines as they are to be printed: a row that was left alone is as it was printed."""
        lines = []
        for n, line in enumerate([*self.live.get("bylines", []), {}]):
            if line and not self._sent(f"{BYLINE}{n}"):
                lines.append(line)
                continue
            who, role = data.get(f"{BYLINE}{n}"), data.get(f"{ROLE}{n}") or line.get("role", "writer")
            if who is None:
                continue
            if who.pk != line.get("contributor"):
                line = {"contributor": who.pk, "name": who.name, "slug": who.slug, "line": who.line}
            lines.append(line | {"role": role})
        return lines


class EditorsNoteForm(CorrectForm):
    kind = was = became = asked_by = words_stay = None
    note_fields = ("reader_text",)


class ConfirmForm(MoveForm):
    """Someone else's correction: publish it, or send it back to them."""

    draft = forms.ModelChoiceField(None, label="Which", empty_label=None)
    note = forms.CharField(required=False, max_length=500, label="A word to the drafter, if you refuse it")

    def prepare(self):
        drafts = self.article.correction_drafts.filter(closed_at=None).select_related("by").order_by("at")
        if writing.four_eyes():
            drafts = drafts.exclude(by=self.user)
        self.drafts = list(drafts)
        self.fields["draft"].queryset = drafts
        self.initial.setdefault("draft", self.drafts[0].pk if self.drafts else None)
        if len(self.drafts) < 2:
            self.fields["draft"].widget = forms.HiddenInput()

    def data_for_action(self):
        draft = self.cleaned_data["draft"]
        return {"draft": draft.pk, "refuse": "_refuse" in self.data, "note": self.cleaned_data["note"]}


class WithdrawForm(MoveForm):
    reason = forms.ChoiceField(label="Reason class, printed")
    reader_text = forms.CharField(
        label="What readers are told", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    show_headline = forms.BooleanField(
        required=False, label="Print its headline on the notice",
        help_text="And on the corrections page, if it is named there. Its address stays as it is, with the slug.",
    )  # fmt: skip
    list_publicly = forms.BooleanField(
        required=False, label="Name it on the corrections page",
        help_text="While it is withdrawn; a retraction is named in any case. If the story comes back, its history says"
        " when it was gone.",
    )  # fmt: skip
    replacement = forms.ModelChoiceField(
        None, required=False, label="Leads to another story", help_text="Only where it was published in error.",
        widget=AutocompleteSelect(FrontSlot._meta.get_field("article"), admin.site),
    )  # fmt: skip

    def prepare(self):
        super().prepare()
        self.fields["reason"].choices = [("", "Choose…")] + [
            (code, f"{reason.label} (answers {reason.status})")
            for code, reason in WITHDRAWAL_REASONS.items()
            if may_withdraw_for(self.user, reason)
        ]
        self.fields["replacement"].queryset = type(self.article).objects.only("headline", "catchline")


FORMS = {
    "accept": AcceptForm,
    "publish": GateForm,
    "schedule": ScheduleForm,
    "reschedule": RescheduleForm,
    "correct": CorrectForm,
    "editors-note": EditorsNoteForm,
    "confirm-correction": ConfirmForm,
    "withdraw": WithdrawForm,
    "reinstate": ReinstateForm,
    "publish-anew": AnewForm,
    take.EXPRESS: GateForm,
}
