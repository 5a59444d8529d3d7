"""What each part of a card lets readers see, line by line: what a person agrees to, and what is compared with that."""


def role_line(role):
    """A role with its span, as far as it is known."""
    return f"{role} ({role.start}–{role.end})" if role.start or role.end else str(role)


# A part of PublicProfile.FIELDS → a function from a card to its lines, some of them perhaps empty.
LINES = {
    "native_name": lambda card: [card.native_name],
    "bio": lambda card: [card.short_bio, card.bio],
    "roles": lambda card: [role_line(role) for role in card.affiliations.all()],
    "interests": lambda card: [row.print_text for row in card.disclosures.all()],
    "languages": lambda card: [row.tag for row in card.languages.all()],
    "topics": lambda card: [topic.name for topic in card.topics.all()],
    "links": lambda card: [str(row) for row in card.external_ids.all()],
    "channels": lambda card: [row.raw for row in card.channels.filter(visibility="public", do_not_use=False)],
    "portrait": lambda card: [card.portrait.token] if card.portrait_id else [],
}


def lines_of_part(card, part):
    """The lines of a part as they stand on a card now, without empty ones."""
    return [line for line in LINES[part](card) if line]
