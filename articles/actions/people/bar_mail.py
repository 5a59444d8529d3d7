"""Mail about a bar on an expert (do not quote, do not contact): who can act learns which stories it concerns."""

from django.conf import settings
from django.urls import reverse

from experts.models import Bar
from newsroom import clock, paper

from ...models import Edition
from ..notify import mail_colleague, who_can_act
from . import terms

EDITIONS_NAMED = 40  # in one mail; how many more there are is said
MAIL_COLUMNS = ("live_from", "text__headline", "article__section__parent")  # what a mail says, and who gets it


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
    rows = rows.select_related("text", "article__section").only(*MAIL_COLUMNS)
    ahead = [e for e in rows.waiting(at).order_by("live_from", "pk") if bar.stands_on(paper.day_of(e.live_from))]
    is_over = bar.until is not None and bar.until < paper.day_of(at)
    readers_see = [] if is_over else list(rows.live(at).order_by("-first_published_at", "-pk"))
    return ahead + readers_see


@paper.settled()
def mail_editors_about_bar(bar, *, by):
    """Mail each section editor, duty editor and managing editor of the stories that a bar concerns, one mail each.

    The mail names the person and the stories, but not the reason for the bar: that is only on the card.
    """
    editions_of, by_section = {}, {}
    for edition in editions_concerned_by(bar):
        section = edition.article.section
        if section not in by_section:
            by_section[section] = list(who_can_act(section, but=by))
        for user in by_section[section]:
            editions_of.setdefault(user, []).append(edition)
    for user, editions in editions_of.items():
        stories = len({edition.article_id for edition in editions})
        count = "1 story" if stories == 1 else f"{stories} stories"
        mail_colleague(user, f"{bar.get_kind_display()}: {bar.expert}, in {count}", _mail_text(bar, editions, by))


def _mail_text(bar, editions, by):
    until = f" until {bar.until:%-d %B %Y}" if bar.until else ""
    topic = f", on {bar.topic}" if bar.topic_id else ""
    does = "print their words" if bar.kind == Bar.QUOTE else "name them"
    card = settings.SITE_URL + reverse("admin:experts_expert_change", args=[bar.expert_id])
    lines = [
        f"{by or 'The source desk'} set “{bar.get_kind_display()}” for {bar.expert}{topic},"
        f" from {bar.since:%-d %B %Y}{until}. These stories {does}:",
        *(_line_of_edition(edition) for edition in editions[:EDITIONS_NAMED]),
    ]
    if len(editions) > EDITIONS_NAMED:
        lines.append(f"And {len(editions) - EDITIONS_NAMED} more.")
    lines.append(f"The bar changes no story and stops no schedule: that is for you to decide. Why it was set: {card}")
    return "\n\n".join(lines)


def _line_of_edition(edition):
    ahead = edition.live_from > clock.process_time()
    when = f"Goes out {paper.local(edition.live_from):%-d %B, %H:%M}" if ahead else "Readers see it"
    return f"{when}: {edition.text.headline}\n{settings.SITE_URL}{edition.article.get_absolute_url()}"
