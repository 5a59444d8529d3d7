"""What the checklist asks of the house style: each line of it that a story goes against, how often, and where."""

from ...body import quotations, style
from ...models import StyleRule
from .findings import warning


def check_house_style(story):
    """Headlines, standfirst and text are written as the house writes; quoted words only where a line says so."""
    content = story.content
    rules = StyleRule.objects.in_force(content["language"])
    if not rules:
        return
    own = quotations.text_outside(content["body"])
    for rule in rules:
        for field in ("headline", "standfirst", "body"):
            text = content[field] if field != "body" else story.text if rule.in_quotes else own
            if finding := _finding(rule, field, text):
                yield finding


def _finding(rule, field, text):
    """The warning of one line of the house style about one text, or None."""
    pattern = style.pattern_of(rule.term, whole_word=rule.whole_word, match_case=rule.match_case)
    found = [match[0] for match in pattern.finditer(text) if not style.stands(match, rule.preferred)]
    if not found:
        return None
    times = f", {len(found)} times" if len(found) > 1 else ""
    advice = f"write {rule.preferred}" if rule.preferred else "write it otherwise"
    reason = f" ({rule.reason.rstrip('.')})" if rule.reason else ""
    where = {"headline": " in the headline", "standfirst": " in the standfirst"}.get(field, "")
    message = f"House style: “{found[0]}”{where}{times}: {advice}{reason}."
    return warning("house style", message, field, about=f"{rule.pk} {field}")
