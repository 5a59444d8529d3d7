"""What one desk owes a story: Legal and the copy desk their word, pictures a picture, whoever can what ran early."""

from dataclasses import replace

from django.db.models import Q
from django.urls import reverse

from ... import roles
from ...actions.checklist.signoffs import signoffs_that_count
from ...models import Debt, Revision, Section, SignOff, State
from ...workflow import IN_WORK
from .base import queue_of, story_line, story_rows, where_may_make

LOOKED_THROUGH = 60  # stories that want a sign-off, of which those that have one are left out

# --- what ran early -----------------------------------------------------------------------------------

# Who pays what of a flash: the desk whose work it is; whoever is on duty and the managing editor see all of it.
DESKS = {"copy": roles.Role.COPY, "picture": roles.Role.PICTURE}


def debts(user):
    """Owed second looks, for whoever may give them, and what a flash left for later, the one due first at the head."""
    mine, held = Q(pk__in=()), roles.roles_of(user)
    looks = where_may_make(user, "second-look", "article__section")
    if looks is not None:
        mine |= Q(looks, kind="second_look") & ~Q(by=user)
    if user.is_superuser or held & {roles.Role.DUTY, roles.Role.MANAGING}:
        mine |= ~Q(kind="second_look")
    elif held:
        mine |= Q(kind__in=[kind for kind, role in DESKS.items() if role in held])
        mine |= Q(by=user) & ~Q(kind="second_look")
    if looks is None and not held & {roles.Role.DUTY, roles.Role.MANAGING, *DESKS.values()}:
        return None
    rows = (
        Debt.objects.owed().filter(mine).select_related("article", "article__section", "by")
        .defer("article__body", "article__genre_facts", "article__merge_conflict")
    )  # fmt: skip
    return queue_of("debts", "Owed", rows, _debt_line, empty="Nothing is owed.")


def _debt_line(debt):
    if debt.kind == "second_look":
        why, do = f"A second look is owed: approved unseen by {debt.by}.", "Look"
    else:
        why, do = f"{debt.get_kind_display()} owed: {debt.by} ran it as a flash.", "Mend"
    line = story_line(debt.article, why, when=debt.due_at, do=do)
    if debt.kind != "second_look":
        return line
    noted = reverse("admin:articles_article_move", args=[debt.article_id, "second-look"])
    return replace(line, links=(("I have looked", noted),))


# --- sign-offs and pictures that are wanted ----------------------------------------------------------


def legal(user):
    """Stories that want a legal sign-off and have none for their words as they stand."""
    if not roles.may(user, "sign off legal"):
        return None
    asking = _sections_asking("legal")
    wanted = story_rows().filter(legal_wanted=True, state__in=IN_WORK)
    rows = list(wanted.order_by("due_at", "pk")[:LOOKED_THROUGH])
    if asking:
        more = story_rows().filter(section__in=asking, state__in=[State.SUBMITTED, State.APPROVED], legal_wanted=False)
        rows += list(more.order_by("-updated_at", "-pk")[:LOOKED_THROUGH])
    queue = queue_of("legal", "Waits for your word", unsigned(rows, "legal"), _legal_line,
                     empty="No story waits for your word.")  # fmt: skip
    return queue


def _sections_asking(kind):
    """The sections that ask for a sign-off on every story."""
    return [pk for pk, kinds in Section.objects.values_list("pk", "required_signoffs") if kind in (kinds or ())]


def unsigned(articles, kind):
    """Those of a few stories whose words as they stand have no sign-off; `fell` is one that they had.

    At most four queries.
    """
    given = list(SignOff.objects.filter(article__in=[a.pk for a in articles], kind=kind).select_related("by"))
    signed = {signoff.article_id: signoff for signoff in sorted(given, key=lambda s: s.at)}
    counts = {}
    if signed:
        newest = Q(*(Q(article=a.pk, number=a.version) for a in articles if a.pk in signed), _connector=Q.OR)
        contents = [(r.article_id, r.article_id, r.content) for r in Revision.objects.filter(newest)]
        counts = signoffs_that_count(contents)
    for article in articles:
        article.fell = signed.get(article.pk)
    return [article for article in articles if kind not in counts.get(article.pk, ())]


def _legal_line(article):
    who = article.assignee or article.created_by
    about = ", ".join(filter(None, [str(who or ""), f"version {article.version}", article.get_state_display().lower()]))
    why = "The words have changed since you cleared them." if article.fell else "Your sign-off is wanted."
    return story_line(article, why, about=about, do="Read", links=_to_sign(article, "legal"))


def _to_sign(article, kind):
    return (("Sign off", reverse("admin:articles_article_signoff", args=[article.pk, kind])),)


def copy(user):
    """Stories that were submitted and that the copy desk has not read as they stand."""
    if not roles.may(user, "sign off copy"):
        return None
    submitted = story_rows().filter(state=State.SUBMITTED).order_by("due_at", "pk")[:LOOKED_THROUGH]
    return queue_of("copy", "To read", unsigned(list(submitted), "copy"), _copy_line, query="?state=submitted",
                    empty="Nothing waits for the copy desk.")  # fmt: skip


def _copy_line(article):
    why = "Changed since it was read." if article.fell else "Submitted, not read yet."
    return story_line(article, why, do="Read", links=_to_sign(article, "copy"))


def pictures(user):
    """Stories in work that want a picture and have none."""
    if not roles.may(user, "sign off pictures"):
        return None
    rows = story_rows().filter(picture_wanted=True, lead_image=None, state__in=[State.PITCH, *IN_WORK])
    return queue_of("pictures", "Pictures wanted", rows.order_by("due_at", "pk"), _picture_line,
                    empty="No story waits for a picture.")  # fmt: skip


def _picture_line(article):
    who = article.assignee or article.created_by
    return story_line(article, "A picture is wanted.", about=f"{who}" if who else "", do="Find one")
