"""How a picture came about: IPTC's list of digital source types, as files and content credentials name them.

https://cv.iptc.org/newscodes/digitalsourcetype/ is the list. A code that is not in SOURCE_TYPES says nothing to us.
"""

from dataclasses import dataclass
from enum import StrEnum


class AI(StrEnum):
    """What artificial intelligence has to do with a picture."""

    NONE = ""
    ALTERED = "altered"
    MADE = "made"


CAMERA, DRAWN, OTHER = "camera", "drawn", "other"


@dataclass(frozen=True)
class SourceType:
    """One row: its name at the desk, the group in which the library finds it, and what AI did."""

    name: str
    group: str
    ai: AI = AI.NONE


SOURCE_TYPES = {
    "digitalCapture": SourceType("Photograph", CAMERA),
    "computationalCapture": SourceType("Photograph, of several exposures", CAMERA),
    "negativeFilm": SourceType("Photograph, from a negative", CAMERA),
    "positiveFilm": SourceType("Photograph, from a slide", CAMERA),
    "print": SourceType("Photograph, from a print", CAMERA),
    "humanEdits": SourceType("Photograph, edited by hand", CAMERA),
    "compositeCapture": SourceType("Composite of photographs", CAMERA),
    "algorithmicallyEnhanced": SourceType("Enhanced by a program", CAMERA),
    "digitalCreation": SourceType("Digital art, by hand", DRAWN),
    "dataDrivenMedia": SourceType("Drawn from data", DRAWN),
    "algorithmicMedia": SourceType("Drawn by a program, without AI", DRAWN),
    "composite": SourceType("Composite of several elements", OTHER),
    "screenCapture": SourceType("Picture of a screen", OTHER),
    "virtualRecording": SourceType("Recording of a virtual scene", OTHER),
    "compositeSynthetic": SourceType("Composite with synthetic elements", OTHER, AI.ALTERED),
    "compositeWithTrainedAlgorithmicMedia": SourceType("Altered with AI", OTHER, AI.ALTERED),
    "trainedAlgorithmicMedia": SourceType("Made with AI", OTHER, AI.MADE),
}
# Codes that IPTC has retired, or that C2PA names in its own list, under those that took their place.
OTHER_NAMES = {
    "minorHumanEdits": "humanEdits", "digitalArt": "digitalCreation", "softwareImage": "digitalCreation",
    "trainedAlgorithmicData": "trainedAlgorithmicMedia",
}  # fmt: skip
CHOICES = [(code, row.name) for code, row in SOURCE_TYPES.items()]


def code_of(text):
    """The code that an address of the list, or a bare code, names; "" for any other text."""
    code = (text or "").strip().rstrip("/").rpartition("/")[2]
    code = OTHER_NAMES.get(code, code)
    return code if code in SOURCE_TYPES else ""


def ai_of(code):
    """What AI did to a picture of this source type."""
    return SOURCE_TYPES[code].ai if code in SOURCE_TYPES else AI.NONE


def codes_in(group):
    """The codes of a group, those of AI left out."""
    return [code for code, row in SOURCE_TYPES.items() if row.group == group and not row.ai]


def strongest(*found):
    """Of several answers about AI, the one that says most."""
    order = list(AI)
    return max((AI(one or "") for one in found), key=order.index, default=AI.NONE)
