"""What the checklist asks of AI tools: that a story says for what they were used, and that somebody reviewed it."""

from newsroom.ai_use import KINDS

from .findings import error, warning


def check_ai_use(story):
    """It says how AI was used where its kind or its section asks; what a tool made was reviewed by a person.

    Words that a tool wrote and nobody reviewed are an error, for readers would get them; of other kinds a warning.
    """
    record = story.content.get("ai_use") or {}
    unsaid = [row.label.lower() for kind, row in KINDS.items() if not (record.get(kind) or {}).get("used")]
    if unsaid and (who := _who_asks(story)):
        yield warning("ai use", f"{who} says for what AI was used. Not said yet: {', '.join(unsaid)}.",
                      "ai_" + next(kind for kind in KINDS if not (record.get(kind) or {}).get("used")))  # fmt: skip
    for kind, row in KINDS.items():
        known = record.get(kind) or {}
        if known.get("used") == "yes" and not known.get("reviewed_by"):
            make = error if row.makes_words else warning
            message = f"{row.label} with {known.get('tool') or 'an AI tool'}: nobody is named who reviewed it."
            yield make("ai review", message, f"ai_{kind}", about=kind)


def _who_asks(story):
    """Who wants to know it, as a sentence begins; "" where nobody does."""
    section = story.article.section
    if section and section.ai_asked:
        return f"Every story in {section}"
    asked = story.publication.ai_genres if story.publication else []
    return f"Every story of the kind {story.genre.name}" if story.content["genre"] in asked else ""
