"""What the checklist asks of a story's pictures: a file, alternative text, a credit, rights, no AI without a word."""

from newsroom.pictures.source_types import AI

from .findings import error, warning


def check_pictures(story):
    """Every picture may be printed as it is, and there is a lead picture."""
    used = [(pk, "The lead picture") for pk in [story.lead] if pk]
    used += [(pk, f"Picture {pk}") for pk in sorted(story.references.images - {story.lead})]
    for pk, name in used:
        image = story.images.get(pk)
        if image is None:
            yield error("picture", f"{name} is no longer in the library.", "lead_image", overridable=False, about=pk)
            continue
        if not image.original:
            yield error("picture", f"{name} (“{image}”) has no file: it was only recorded.", "lead_image",
                        overridable=False, about=pk)  # fmt: skip
        if not image.alt and not image.decorative:
            yield error("alt", f"{name} (“{image}”) has no alternative text.", "lead_image", about=pk)
        if not image.credit:
            yield error("credit", f"{name} (“{image}”) has no credit.", "lead_image", about=pk)
        if image.restricted or (image.rights_until and image.rights_until <= story.at):
            yield rights_error(name, image)
        if not may_run(image, story.rulings):
            yield ai_error(name, image)
    if not story.lead:
        if "lead picture" in story.genre.checks:
            yield error("lead picture", "A feature needs a lead picture.", "lead_image")
        else:
            yield warning("lead picture", "It has no lead picture.", "lead_image")


def rights_error(name, image):
    """The error of a picture whose rights are over at the moment of publication, called by a name."""
    return error("rights", f"{name} (“{image}”) may not be published: its rights are over or restricted.",
                 "lead_image", about=image.pk)  # fmt: skip


def may_run(image, rulings):
    """Whether AI has nothing to do with a picture, or the picture desk's word in {id: PictureRuling} lets it run."""
    return not image.ai or (image.pk in rulings and rulings[image.pk].lets_it_run)


def ai_error(name, image):
    """The error of a picture that AI made or altered and that the picture desk does not let run, called by a name."""
    done = "was made by AI" if image.ai == AI.MADE else "was altered with AI"
    return error("made by ai", f"{name} (“{image}”) {done}: it does not run as a photograph without the picture"
                 " desk's word.", "lead_image", overridable=False, about=image.pk)  # fmt: skip
