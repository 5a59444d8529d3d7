"""What the checklist asks of quotations: where their words come from, as strictly as the paper wants it."""

from .findings import error, warning


def check_origins(story):
    """Each quotation of a person with a card says what its words were taken from, and which other outlet."""
    setting = story.publication.quote_origins if story.publication else "off"
    if setting == "off":
        return
    make = error if setting == "block" else warning
    for quote in story.content["quotes"]:
        if quote["expert"] not in story.cards:
            continue
        words, who, uid = quote["words"][:60], story.cards[quote["expert"]], quote["uid"]
        if not quote.get("origin"):
            message = f"“{words}” of {who} has no origin: a recording, a transcript, a mail, notes?"
            yield make("no origin", message, f"said_from_{uid}", about=uid)
        elif quote["origin"] == "outlet" and not quote.get("recording_ref", "").strip():
            message = f"“{words}” of {who} is from another outlet: say which."
            yield make("no origin", message, f"said_at_{uid}", about=uid)
