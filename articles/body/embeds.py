"""Videos that a story may embed: which addresses are allowed, and the hosts' players that set no tracking cookies."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
VIMEO_ID = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Embed:
    """A video on an allowed host: `page` is its address there, `player` what is loaded after the reader's click."""

    host: str
    page: str
    player: str


def embed_of_url(url):
    """The Embed of a YouTube or Vimeo address, or None for any other address or text. Never raises."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or port is not None or parts.username is not None:
        return None
    path = [part for part in parts.path.split("/") if part]
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be"):
        return _youtube(host, path, parse_qs(parts.query))
    if host in ("vimeo.com", "player.vimeo.com"):
        return _vimeo(path)
    return None


def _youtube(host, path, query):
    if host == "youtu.be":
        video = path[0] if len(path) == 1 else ""
    elif path == ["watch"]:
        video = query.get("v", [""])[0]
    else:
        video = path[1] if len(path) == 2 and path[0] in ("embed", "shorts", "live", "v") else ""
    if not YOUTUBE_ID.fullmatch(video):
        return None
    start = re.fullmatch(r"([0-9]{1,6})s?", query.get("t", query.get("start", [""]))[0])
    at = f"?start={start[1]}" if start else ""
    seconds = f"&t={start[1]}" if start else ""
    return Embed(
        "YouTube",
        f"https://www.youtube.com/watch?v={video}{seconds}",
        f"https://www.youtube-nocookie.com/embed/{video}{at}",
    )


def _vimeo(path):
    video = path[-1] if path and path[:-1] in ([], ["video"]) else ""
    if not VIMEO_ID.fullmatch(video):
        return None
    return Embed("Vimeo", f"https://vimeo.com/{video}", f"https://player.vimeo.com/video/{video}?dnt=1")
