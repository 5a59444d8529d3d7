"""What the database refuses in this room: an address that another topic or policy page had before."""

from .database.guards import address_guards
from .models import PolicyPage, Topic


def guards(connection):
    """This room's guards for an engine."""
    return [*address_guards(connection, Topic), *address_guards(connection, PolicyPage)]
