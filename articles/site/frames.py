"""Frames from elsewhere: which of those that a stored page names readers may open, by the desk's list as it is now."""

import re

from articles.models import EmbedHost
from newsroom.web import pages

# As templates/blocks/embed.html writes it. No words of a story or a comment can: a "<" of theirs is escaped.
PLAYER = re.compile(r'(<div class="embed") data-player="(https://[a-z0-9.-]+)/[^"]*"')

_kept_origins = pages.Kept(size=1)


def only_allowed(html, beat):
    """(the page with the frames of hosts that are allowed, their origins); of other frames the link remains.

    One query if something has changed since the last page with a frame, else none.
    """
    if "data-player" not in html:
        return html, ()
    allowed = _kept_origins.get(beat.key, "", EmbedHost.objects.frame_origins)
    opened = set()

    def kept(found):
        if found[2] not in allowed:
            return found[1]
        opened.add(found[2])
        return found[0]

    return PLAYER.sub(kept, html), tuple(sorted(opened))
