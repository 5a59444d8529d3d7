"""A move of the workflow on a page of its own: what will happen, what it asks, and one button that does it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Media as FormMedia
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from js_asset import Media

from newsroom import compat, paper
from newsroom.desk.dialogs import lead_to
from newsroom.desk.display import time_in_words
from newsroom.desk.refusals import Attempt, status_of
from newsroom.errors import Blocked, NotAllowed, WrongState

from ... import roles
from ...actions import corrections, gate, publish_moves, take, writing
from ...workflow import MOVES, ON_SITE, Situation
from ..base import pill_state, with_phrases
from .compared import LINES, SPOKEN_PARTS
from .conflict import changes_as_html
from .move_forms import FORMS, MoveForm

# The first of these that is possible is the bar's primary button; the others keep the table's order.
PRIMARY = ("confirm-correction", "accept", "publish", "publish-anew", "approve", "submit", "publish-now", "release",
           "revise", "revise-withdrawn", "unspike")  # fmt: skip
RARE = frozenset({"hold", "reinstate", "editors-note", "cancel-schedule", "take-back", "drop-update", "reschedule",
                  "approve-unseen", take.EXPRESS})  # fmt: skip


STOPPED_BY_HOLD = frozenset({"publish", "publish-anew", "publish-now", take.EXPRESS})


def find_move(name):
    return take.EXPRESS_MOVE if name == take.EXPRESS else MOVES.get(name)


def moves_for_bar(article, available):
    """The moves for a story's bar, of those available: the primary one, those beside it, and those behind “More”."""
    moves = [{"name": n, "label": m.label, "danger": m.danger, "asks": m.asks} for n, m in available]
    names = [m["name"] for m in moves if not (article.hold and m["name"] in STOPPED_BY_HOLD)]
    primary = next((name for name in PRIMARY if name in names), None)
    beside = [m for m in moves if m["name"] != primary and not m["danger"] and m["name"] not in RARE]
    more = [m for m in moves if m["name"] != primary and m not in beside]
    if len(beside) > 3:
        beside, more = beside[:3], beside[3:] + more
    return {"primary": next((m for m in moves if m["name"] == primary), None), "beside": beside, "more": more}


GATED = frozenset({"publish", "schedule", "publish-anew", take.EXPRESS})
CANCELS = frozenset({"publish", "schedule", "reschedule", "publish-now", "confirm-correction", "editors-note",
                     "withdraw", "hold", "cancel-schedule", take.EXPRESS})  # fmt: skip


# --- what will happen -------------------------------------------------------------------------------


def effects_of_move(article, name, drafts=()):
    """What the move will do, in sentences: to readers, to what waits, and to the desk's copy.

    `drafts` are the corrections that it may confirm.
    """
    lines = []
    waiting = article.editions.waiting().select_related("by").first()
    live = article.situation() in ON_SITE
    if waiting and name in CANCELS:
        verb = "Moves" if name == "reschedule" else "Publishes now" if name == "publish-now" else "Cancels"
        what = "the update" if article.situation() == Situation.LIVE_WAITING else "the edition"
        lines.append(f"{verb} {what} {waiting.by or 'somebody'} scheduled for {time_in_words(waiting.live_from)}.")
    if drafts and not any(draft.changes for draft in drafts):
        lines.append("The text stays as it is. Readers get the note alone, and it is listed on the corrections page.")
    elif name in EFFECTS:
        lines.append(EFFECTS[name][live] if isinstance(EFFECTS[name], tuple) else EFFECTS[name])
    return lines


_PUBLISH = (
    "Readers get the story at once.",
    "Readers get the new text at once. What an update changed stands in the history.",
)
EFFECTS = {
    "publish": _PUBLISH,
    take.EXPRESS: ("Submits, approves and publishes it in one step, in your name.",) * 2,
    "schedule": ("Readers get it at that moment and not before; nothing else has to happen.",
                 "Readers keep what they have until that moment."),
    "publish-now": _PUBLISH,
    "cancel-schedule": ("Readers will not get it. It goes back to the desk.", "Readers keep what they have now."),
    "correct": "Starts from what readers see now, not from the desk's copy. Another editor confirms it.",
    "confirm-correction": "Readers get the corrected text with the note, and it is listed on the corrections page.",
    "editors-note": "The note stands over the story at once.",
    "withdraw": "Readers get a notice in its place at once; it leaves every list, feed and search.",
    "reinstate": "Readers get the last text again, with a line saying when it was withdrawn.",
    "publish-anew": "Readers get the approved text in place of the notice, with a line saying when it was withdrawn.",
    "drop-update": "The working copy becomes the newest published text again. What you wrote stays among the versions.",
    "spike": "It leaves every queue and is read-only. An editor can bring it back.",
    "decline": "The pitch is closed, and its author is told why.",
    "hold": ("Nobody publishes it until it is released.",
             "Nothing live is touched; no update goes out until it is released."),
    "approve": "This very version may be published. A later change of words needs another look.",
    "approve-unseen": "It may be published without a second reader. Somebody else owes it a look within the hour.",
    "second-look": "Says that you have read it as it stands; what was owed since it was approved unseen is paid.",
    "send-back": "It goes back to its author with your note; an approval ends.",
    "submit": "It waits for an editor, and you cannot change it meanwhile.",
}  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------


class MovePages:
    """The page of a move, mixed into the article's admin."""

    def move_view(self, request, pk, name):
        article = self.get_object(request, str(pk))
        move = find_move(name)
        if move is None:
            raise Http404
        if not self.has_view_permission(request, article) or not roles.granted(request.user, move.who, article):
            raise PermissionDenied
        if not take.is_available(article, name, request.user):
            return self._move_page(
                request, article, name, move, refusal=refusal_of_move(article, name, move, request.user)
            )
        findings = self._findings(article, name)
        form = FORMS.get(name, MoveForm)(
            # A move that asks nothing is sent with the story's token alone.
            request.POST if request.method == "POST" else None,
            article=article, user=request.user, move=move, findings=findings, initial=self._waived(request),
        )  # fmt: skip
        if request.method == "POST" and form.is_valid():
            with Attempt() as attempt:
                done = take.take(
                    article, name, by=request.user, seen=request.POST.get("seen", ""), **form.data_for_action()
                )
            if not attempt.refusal:
                self.message_user(request, done, messages.SUCCESS)
                return lead_to(request, reverse("admin:articles_article_change", args=[article.pk]))
            if isinstance(attempt.refusal, Blocked):
                # The edition's moment and kind are known only now, so the checklist may find more: ask again.
                asked = form.cleaned_data
                findings = self._findings(article, name, asked.get("at"), asked.get("kind", ""))
                form = type(form)(request.POST, article=article, user=request.user, move=move, findings=findings)
                form.full_clean()
            attempt.add_to(form)
            return self._move_page(request, article, name, move, form, findings, status=attempt.status)
        status = 400 if request.method == "POST" else 200
        return self._move_page(request, article, name, move, form, findings, status=status)

    def _waived(self, request):
        """What was waived in the form before the move, as the address says it."""
        waive, note = request.GET.getlist("waive"), request.GET.get("waive_note", "")
        return ({"waive": waive} if waive else {}) | ({"waive_note": note[:500]} if note else {})

    def _findings(self, article, name, at=None, kind=""):
        if name not in GATED:
            return []
        revision = article.approved
        content = writing.content_of(article) if revision is None or name == take.EXPRESS else revision.content
        return publish_moves.findings_for(article, content, kind=kind, live=gate.in_force(article), at=at)

    def _move_page(self, request, article, name, move, form=None, findings=(), refusal=None, status=200):
        with_phrases([article])
        if refusal is not None:
            status = status_of(refusal)
        context = self.admin_site.each_context(request) | {
            "title": f"{move.label}: {article}",
            "opts": self.opts,
            "original": article,
            "story": article,
            "tone": pill_state(article),
            "name": name,
            "move": move,
            "form": form,
            # Warnings that may be waived stand once, beside their boxes.
            "findings": sorted(
                (f for f in findings if f.level == "error" or form is None or "waive" not in form.fields),
                key=lambda f: f.level,
            ),
            "stopped": any(f.level == "error" for f in findings)
            and form is not None
            and "override_note" not in form.fields,
            # The errors that somebody publishes past are those that this page shows.
            "past": [f.key for f in findings if f.level == "error"] if form and "override_note" in form.fields else [],
            "refusal": refusal,
            "effects": effects_of_move(article, name, getattr(form, "drafts", ())) if refusal is None else [],
            "seen": request.POST.get("seen") or take.seen_token(article),
            "nonce": compat.csp_nonce(request),
            "zone": str(paper.zone()),
            "confirming": [self._draft_shown(d) for d in getattr(form, "drafts", [])],
            "media": Media.from_media(form.media if form else FormMedia()).with_nonce(compat.csp_nonce(request)),
        }
        return TemplateResponse(request, "admin/articles/article/move.html", context, status=status)

    def _draft_shown(self, draft):
        old = draft.edition.revision.content
        changes = [
            (LINES[field], changes_as_html(field, old.get(field), value))
            for field, value in draft.changes.items()
            if field in LINES
        ]
        if lead := draft.changes.get("lead_image"):
            was = draft.edition.text.data.get("lead_image") or {}
            changes += [
                (f"Main picture's {part}", changes_as_html(part, before, lead[part]))
                for part, before in (
                    ("caption", (old["lead_image"] or {}).get("caption")),
                    ("credit", was.get("credit")),
                )
                if part in lead and lead[part] != before
            ]
        for label, field in (("Bylines", "bylines"), ("Credit", "credit"), ("Titles as printed", "appearances")):
            if field in draft.changes:
                before, after = (SPOKEN_PARTS[label](side, {}) for side in (old, old | draft.changes))
                changes.append((label, changes_as_html("", before, after)))
        stands = corrections.where_words_stand(draft.was, old | draft.changes)
        return {"draft": draft, "changes": changes, "stands_in": " and ".join(stands)}


def refusal_of_move(article, name, move, user):
    """The refusal that a person would get for this move now."""
    if not move.fits(article.state, article.situation()):
        return WrongState(
            f"{move.label} is not possible for a story that is {article.get_state_display().lower()}"
            f" and {article.situation().label.lower()}."
        )
    extra = take.EXTRA_RULES.get(name)
    return NotAllowed((extra and extra(article, user)) or "You may not make this move now.")
