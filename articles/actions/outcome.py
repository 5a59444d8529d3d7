"""What a verb of the workflow answers with."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """What a move did.

    `message` is the sentence for the person who made it; where it is empty, the move's own is used. `details` are what
    the Transition keeps beside the plain values that were asked for, such as the id of a row that was made.
    """

    message: str = ""
    details: dict = field(default_factory=dict)
