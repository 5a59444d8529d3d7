"""The lead picture of a story as its page and card print it: in crops around the point that the picture desk marked."""

from ..models import FormerFile, Image

CARD_WIDTH = 1280  # pixels: what a card shows at the most, on a screen with two to each of ours
SHAPES_FOR_MACHINES = ("16x9", "4x3", "1x1")


def with_crops(lead):
    """A frozen lead picture with its present crops, a dict under "crops"; None for no picture. At most two queries.

    The words and the rights to print them were frozen, and so was the file, though the picture may have another by
    now; which point stays in sight is the picture desk's to mend later.
    """
    if not lead:
        return None
    row = Image.objects.filter(pk=lead["id"]).first()
    if row and row.token != lead["token"]:
        row = FormerFile.objects.filter(token=lead["token"]).first()
    row = row or Image(token=lead["token"], width=lead["width"], height=lead["height"])
    shapes = {"hero": "3x2", "square": "1x1", "sharing": "40x21"} | {shape: shape for shape in SHAPES_FOR_MACHINES}
    crops = {use: row.crop(shape) for use, shape in shapes.items()}
    return lead | {"crops": crops | {"card": crops["hero"].at_most(CARD_WIDTH)}}
