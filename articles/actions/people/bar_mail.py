"""Word of a bar on an expert (do not quote, do not contact): who can act learns which stories it concerns."""

from django.urls import reverse

from experts.models import Bar
from newsroom import clock, paper

from ...models import Edition
from ..notify import tell, users_in
from . import terms

EDITIONS_NAMED = 40  # to one person; how many more there are is said
COLUMNS = ("live_from", "text__headline", "article__section__parent")  # what is said, and to whom


def editions_concerned_by(bar):
    """The editions that a bar concerns: first the scheduled ones, soonest first, then the live ones, newest first.

    A bar on quotation concerns editions that print the person's words under their name; a bar on contact concerns all
    that name them. An edition that does not print their name is never among them. Two queries.
    """
    at = clock.process_time()
    if bar.medium not in ("", "print"):
        return []  # a story is print
    named = bar.expert.quotes.filter(ground_rule=terms.ON_RECORD)
    theirs = named if bar.kind == Bar.QUOTE else bar.expert.edition_links
    rows = Edition.objects.filter(pk__in=theirs.order_by().values("edition"))
    if bar.topic_id is not None:  # by the rows that a merge of topics points anew, not by what was frozen
        rows = rows.filter(pk__in=bar.topic.edition_links.order_by().values("edition"))
    rows = rows.select_related("text", "article__section").only(*COLUMNS)
    ahead = [e for e in rows.waiting(at).order_by("live_from", "pk") if bar.stands_on(paper.day_of(e.live_from))]
    is_over = bar.until is not None and bar.until < paper.day_of(at)
    readers_see = [] if is_over else list(rows.live(at).order_by("-first_published_at", "-pk"))
    return ahead + readers_see


@paper.settled()
def tell_editors_about_bar(bar, *, by):
    """Tell each section editor, duty editor and managing editor of the stories that a bar concerns.

    They read the person's name and the stories, but not the reason for the bar: that is only on the card.
    """
    editions_of, by_section = {}, {}
    for edition in editions_concerned_by(bar):
        section = edition.article.section
        if section not in by_section:
            by_section[section] = list(users_in(section, but=by))
        for user in by_section[section]:
            editions_of.setdefault(user, []).append(edition)
    texts = {user: _text(bar, editions) for user, editions in editions_of.items()}
    tell("bar", to=texts, by=by, link=reverse("admin:experts_expert_change", args=[bar.expert_id]))


def _text(bar, editions):
    stories = len({edition.article_id for edition in editions})
    count = "1 story" if stories == 1 else f"{stories} stories"
    until = f" until {bar.until:%-d %B %Y}" if bar.until else ""
    topic = f", on {bar.topic}" if bar.topic_id else ""
    does = "print their words" if bar.kind == Bar.QUOTE else "name them"
    lines = [
        f"{bar.get_kind_display()}: {bar.expert}, in {count}{topic}, from {bar.since:%-d %B %Y}{until}."
        f" These stories {does}:",
        *(_line_of_edition(edition, bar.kind == Bar.QUOTE) for edition in editions[:EDITIONS_NAMED]),
    ]
    if len(editions) > EDITIONS_NAMED:
        lines.append(f"And {len(editions) - EDITIONS_NAMED} more.")
    does = "" if bar.kind == Bar.QUOTE else "The bar stops no schedule. "
    lines.append(f"{does}What readers see is for you to decide. Why it was set stands on the card.")
    return "\n".join(lines)


def _line_of_edition(edition, cancelled):
    """What is said of an edition; `cancelled`: one that is ahead will not go out."""
    hour = f"{paper.local(edition.live_from):%-d %B, %H:%M}"
    ahead = f"Cancelled, it was to go out {hour}" if cancelled else f"Goes out {hour}"
    when = ahead if edition.live_from > clock.process_time() else "Readers see it"
    return f"{when}: {edition.text.headline}"
