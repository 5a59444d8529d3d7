"""What a story may embed: how the address of a page elsewhere is recognised, and which frame readers get for it.

The desk keeps a list of hosts (`models.EmbedHost`); a rule here is one row of it, read. Rules are made of fixed text
and of a few kinds of placeholder, so that no row can say more than it seems to: the host of an address and of a frame
is compared letter by letter, and a placeholder never holds a sign that ends one part of an address and begins another.
Imports no model.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlencode

LONGEST_ADDRESS = 1000
# One name of a host after another in plain small letters. What an address writes in other scripts or in punycode
# (xn--) may look like another host; a port, a user's name before an @ or a number in place of a name do not match.
HOST = re.compile(r"(?!.*xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
ASKED = re.compile(r"https?://([^/?#]+)(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE | re.DOTALL)
PRINTABLE = re.compile(r"[!-~]+")
SAME_HOST = ("www.", "m.")  # what hosts put before their name for the same pages
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
FIXED_PATH = re.compile(r"[A-Za-z0-9@_.~:/-]*")
FIXED_QUERY = re.compile(r"[A-Za-z0-9_.~=&/:%-]*")
CHOICE = re.compile(r"[a-z0-9_-]{1,30}(?:\|[a-z0-9_-]{1,30})+")
SIZED_ID = re.compile(r"id:([1-9][0-9]?)")
PLACEHOLDERS = {
    "id": r"[A-Za-z0-9_-]{1,120}",
    "number": r"[0-9]{1,20}",
    "user": r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}",
    "path": r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,9}",
}
WHOLE = ("host", "address")  # what a frame may take over of the address as a whole
PARAMETER = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,29})(?:\s*>\s*([A-Za-z_][A-Za-z0-9_-]{0,29}))?\s*=\s*(number|word)")
VALUES = {"number": re.compile(r"([0-9]{1,6})s?"), "word": re.compile(r"([A-Za-z0-9_-]{1,60})")}


class Kind(StrEnum):
    """What readers get in place of an address."""

    FRAME = "frame"  # a button that opens the host's own frame
    POST = "post"  # the words of a post as the desk has typed them, and a link
    LINK = "link"  # a card that leads there


class Shape(StrEnum):
    """How much room a frame takes."""

    VIDEO = "video"
    CHART = "chart"
    POST = "post"
    AUDIO = "audio"


@dataclass(frozen=True)
class Embed:
    """What an address on the list stands for: `page` is where it leads, `player` what is loaded after a click."""

    host: str
    page: str
    player: str = ""
    kind: str = Kind.FRAME
    shape: str = Shape.VIDEO

    @property
    def place(self):
        """Where it is, as readers are told: a card with a link names the very host that it leads to."""
        return self.page.split("/")[2].removeprefix("www.") if self.kind == Kind.LINK else self.host


class BadRule(ValueError):
    """A row of the list that cannot be read; `field` names its box and the message says why."""

    def __init__(self, field, message):
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Address:
    """A pattern of addresses: one host, a path with placeholders, and the parameters that the pattern needs."""

    host: str
    path: re.Pattern
    names: tuple  # of the placeholders, in the order of the groups
    needed: dict  # parameter → (its pattern, names of its placeholders)

    def values_in(self, host, path, query):
        """{placeholder: what stands in its place} if an address is of this pattern, else None."""
        if host != self.host and host not in [before + self.host for before in SAME_HOST]:
            return None
        if not (found := self.path.fullmatch(path)):
            return None
        values = dict(zip(self.names, found.groups(), strict=True))
        for name, (pattern, names) in self.needed.items():
            if not (part := pattern.fullmatch(query.get(name, ""))):
                return None
            values |= dict(zip(names, part.groups(), strict=True))
        return values


@dataclass(frozen=True)
class Rule:
    """A row of the list: which addresses it recognises, and what becomes of them."""

    name: str
    kind: str
    addresses: tuple
    page: str = ""
    frame: str = ""
    parameters: tuple = ()  # (name, name in the frame, kind of value)
    shape: str = Shape.VIDEO
    is_on: bool = True
    as_typed: tuple = field(default=(), compare=False)  # the patterns as the desk wrote them

    @classmethod
    def read(cls, name, kind, addresses, page="", frame="", parameters="", shape=Shape.VIDEO, is_on=True):
        """The rule of a row's texts: a pattern on each line of `addresses`, a parameter on each of `parameters`.

        Raises BadRule.
        """
        lines = [line.strip() for line in addresses.splitlines() if line.strip()]
        if not lines:
            raise BadRule("addresses", "Write at least one address, such as example.org/watch/{id}.")
        patterns = tuple(read_address(line) for line in lines)
        known = [{*one.names, *(name for _, names in one.needed.values() for name in names)} for one in patterns]
        if kind == Kind.FRAME and not frame.strip():
            raise BadRule("frame", "Write the address of the frame: it is what readers load after their click.")
        if kind != Kind.FRAME and frame.strip():
            raise BadRule("frame", "Only a frame has an address of its own. Empty this, or choose “frame”.")
        for box, text in (("page", page.strip()), ("frame", frame.strip())):
            if text:
                _check_template(box, text, known)
        if frame.strip().startswith("https://{host}"):
            for one in patterns:
                _check_host("addresses", one.host)
        wanted = tuple(_read_parameter(line) for line in parameters.splitlines() if line.strip())
        return cls(name, kind, patterns, page.strip(), frame.strip(), wanted, shape, is_on, tuple(lines))

    @property
    def frame_hosts(self):
        """The hosts that its frames come from."""
        if not self.frame:
            return frozenset()
        host = self.frame.removeprefix("https://").split("/")[0]
        return frozenset(one.host for one in self.addresses) if host == "{host}" else frozenset({host})

    def embed_of(self, host, path, query):
        """The Embed of an address in parts if this rule recognises it, else None."""
        for pattern in self.addresses:
            values = pattern.values_in(host, path, query)
            if values is None:
                continue
            kept, given = [], []
            for name, inside, kind in self.parameters:
                if found := VALUES[kind].fullmatch(query.get(name, "")):
                    kept.append((name, found[1]))
                    given.append((inside, found[1]))
            typed = [(name, query[name]) for name in pattern.needed]
            plain = f"https://{pattern.host}{path}" + (f"?{urlencode(typed)}" if typed else "")
            values |= {"host": pattern.host, "address": plain}
            page = _filled(self.page, values) if self.page else plain
            player = _filled(self.frame, values) if self.frame else ""
            return Embed(
                self.name,
                _with_query(page, kept),
                player and _with_query(player, given),
                str(self.kind),
                str(self.shape),
            )
        return None


class AllowList:
    """The rules of the desk, asked in their order."""

    def __init__(self, rules):
        self.rules = tuple(rules)

    def embed_of(self, address, *, on=True):
        """The Embed of an address, or None for one that no rule recognises. Never raises.

        Without `on` rules that are switched off count as well: what was published with them keeps its form.
        """
        parts = parts_of(address)
        if parts is None:
            return None
        rules = [rule for rule in self.rules if rule.is_on or not on]
        return next(filter(None, (rule.embed_of(*parts) for rule in rules)), None)

    @property
    def frame_origins(self):
        """The origins whose frames readers may open, as a content policy names them."""
        return frozenset(f"https://{host}" for rule in self.rules if rule.is_on for host in rule.frame_hosts)

    def in_words(self):
        """The names of what is allowed, as one line."""
        return ", ".join(rule.name for rule in self.rules if rule.is_on)


def parts_of(address):
    """(host, path, {parameter: value}) of an address of the web, or None for one that is odd in any way.

    A backslash, a space, a user's name, a port, a step up ("..") or a parameter that is given twice makes it odd.
    """
    address = (address or "").strip()
    if len(address) > LONGEST_ADDRESS or not PRINTABLE.fullmatch(address) or "\\" in address:
        return None
    if not (found := ASKED.fullmatch(address)):
        return None
    host, path, query = found[1].lower(), found[2] or "/", found[3] or ""
    if not HOST.fullmatch(host) or "//" in path or any(step in (".", "..") for step in path.split("/")):
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    return (host, path, given) if len(given) == len(pairs) else None


def is_web_address(address):
    """Whether an address is one of a page on the web that nothing about is odd."""
    return parts_of(address) is not None


# --- reading a row -----------------------------------------------------------------------------------------------


def read_address(line):
    """The Address of a line such as “youtube.com/watch?v={id}”. Raises BadRule."""
    line = re.sub(r"^https?://", "", line.strip(), flags=re.IGNORECASE)
    for before in SAME_HOST:
        line = line.removeprefix(before)
    host, slash, rest = line.partition("/")
    _check_host("addresses", host)
    path, _, query = rest.partition("?")
    regex, names = _pattern_of("addresses", slash + path, FIXED_PATH, line)
    needed = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if not re.fullmatch(r"[A-Za-z_]{1,30}", name) or name in needed:
            raise BadRule("addresses", f"“{line}”: after the ? write parameters such as v={{id}}, each once.")
        part, inside = _pattern_of("addresses", value, FIXED_QUERY, line)
        needed[name] = (re.compile(part), tuple(inside))
    every = [*names, *(name for _, inside in needed.values() for name in inside)]
    if not every:
        raise BadRule(
            "addresses", f"“{line}” names one page alone. Put a placeholder such as {{id}} where pages differ."
        )
    if len(set(every)) < len(every):
        raise BadRule("addresses", f"“{line}” has a placeholder twice.")
    return Address(host, re.compile(f"{regex.rstrip('/')}/?"), tuple(names), needed)


def _check_host(box, host):
    if "xn--" in host or not host.isascii():
        raise BadRule(box, f"“{host}”: a host is written in plain letters here; names in other scripts can look alike.")
    if not HOST.fullmatch(host):
        raise BadRule(box, f"“{host}” is no name of a host, such as example.org, without a port or a user's name.")


def _pattern_of(box, text, fixed, line):
    """(a regular expression, the names of its groups) of a text with placeholders."""
    out, names, done = [], [], 0
    if "//" in text or any(step in (".", "..") for step in text.split("/")):
        raise BadRule(box, f"“{line}” has an empty or a dotted step in its path.")
    for found in PLACEHOLDER.finditer(text):
        _check_fixed(box, text[done : found.start()], fixed, line)
        # Two placeholders that touch would share out what stands there by chance.
        if done and found.start() == done:
            raise BadRule(box, f"“{line}”: put something between two placeholders.")
        out += [re.escape(text[done : found.start()]), f"({_placeholder(box, found[1], line)})"]
        names.append(found[1])
        done = found.end()
    _check_fixed(box, text[done:], fixed, line)
    return "".join([*out, re.escape(text[done:])]), names


def _check_fixed(box, text, fixed, line):
    if not fixed.fullmatch(text):
        raise BadRule(box, f"“{line}” has a sign that no address here may have: letters, digits and /@_.~:- may stand.")


def _placeholder(box, name, line):
    if name in PLACEHOLDERS:
        return PLACEHOLDERS[name]
    if sized := SIZED_ID.fullmatch(name):
        return rf"[A-Za-z0-9_-]{{{sized[1]}}}"
    if CHOICE.fullmatch(name):
        return name
    raise BadRule(
        box, f"“{line}”: {{{name}}} is no placeholder. There are {{id}}, {{id:11}}, {{number}}, {{user}}, {{path}} and"
        " a choice such as {story|chart}.",
    )  # fmt: skip


def _check_template(box, text, known):
    """Refuse the address of a frame or page that leads elsewhere than it says, or asks for what an address lacks."""
    if not text.startswith("https://"):
        raise BadRule(box, "It begins with https://")
    host, _, rest = text.removeprefix("https://").partition("/")
    if host != "{host}":
        _check_host(box, host)
    path, _, query = rest.partition("?")
    if "//" in f"/{path}" or any(step in (".", "..") for step in path.split("/")):
        raise BadRule(box, "There is an empty or a dotted step in its path.")
    for part, fixed, allowed in ((path, FIXED_PATH, ()), (query, FIXED_QUERY, ("address",))):
        if not fixed.fullmatch(PLACEHOLDER.sub("", part)):
            raise BadRule(box, "There is a sign that no address here may have: letters, digits and /@_.~:- may stand.")
        for name in PLACEHOLDER.findall(part):
            if name not in allowed and not all(name in names for names in known):
                raise BadRule(box, f"{{{name}}} does not stand in every address above.")


def _read_parameter(line):
    if not (found := PARAMETER.fullmatch(line.strip())):
        raise BadRule(
            "parameters", f"“{line.strip()}” should read as “t = number”, “h = word” or “t > start = number”."
        )
    return found[1], found[2] or found[1], found[3]


# --- filling one in ------------------------------------------------------------------------------------------------


def _filled(template, values):
    return PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe="" if found[1] == "address" else "/@:"), template)


def _with_query(address, pairs):
    if not pairs:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs)}"


# --- the list that a paper begins with -----------------------------------------------------------------------------

# Name, kind, addresses, page, frame, parameters, shape: kept by the desk from then on.
SEEDS = {
    "youtube": ("YouTube", Kind.FRAME, "youtube.com/watch?v={id:11}\nyoutu.be/{id:11}\n"
                "youtube.com/{embed|shorts|live|v}/{id:11}\nyoutube-nocookie.com/embed/{id:11}",
                "https://www.youtube.com/watch?v={id:11}", "https://www.youtube-nocookie.com/embed/{id:11}",
                "t > start = number\nstart = number", Shape.VIDEO),
    "vimeo": ("Vimeo", Kind.FRAME, "vimeo.com/{number}\nplayer.vimeo.com/video/{number}", "https://vimeo.com/{number}",
              "https://player.vimeo.com/video/{number}?dnt=1", "h = word", Shape.VIDEO),
    "datawrapper": ("Datawrapper", Kind.FRAME, "datawrapper.dwcdn.net/{id}\ndatawrapper.dwcdn.net/{id}/{number}\n"
                    "datawrapper.de/_/{id}", "https://www.datawrapper.de/_/{id}/",
                    "https://datawrapper.dwcdn.net/{id}/", "", Shape.CHART),
    "flourish": ("Flourish", Kind.FRAME, "public.flourish.studio/{visualisation|story}/{number}\n"
                 "flo.uri.sh/{visualisation|story}/{number}/embed",
                 "https://public.flourish.studio/{visualisation|story}/{number}/",
                 "https://flo.uri.sh/{visualisation|story}/{number}/embed", "", Shape.CHART),
    "infogram": ("Infogram", Kind.FRAME, "infogram.com/{id}\ne.infogram.com/{id}", "https://infogram.com/{id}",
                 "https://e.infogram.com/{id}?src=embed", "", Shape.CHART),
    "soundcloud": ("SoundCloud", Kind.FRAME, "soundcloud.com/{user}/{id}\nsoundcloud.com/{user}/sets/{id}", "",
                   "https://w.soundcloud.com/player/?url={address}", "", Shape.AUDIO),
    "mastodon": ("Mastodon", Kind.FRAME, "mastodon.social/@{user}/{number}", "",
                 "https://{host}/@{user}/{number}/embed", "", Shape.POST),
    "bluesky": ("Bluesky", Kind.FRAME, "bsky.app/profile/{user}/post/{id}", "",
                "https://embed.bsky.app/embed/{user}/app.bsky.feed.post/{id}", "", Shape.POST),
    "x": ("X", Kind.POST, "x.com/{user}/status/{number}\ntwitter.com/{user}/status/{number}",
          "https://x.com/{user}/status/{number}", "", "", Shape.POST),
    "documentcloud": ("DocumentCloud", Kind.FRAME, "documentcloud.org/documents/{id}",
                      "https://www.documentcloud.org/documents/{id}/",
                      "https://embed.documentcloud.org/documents/{id}/?embed=1", "", Shape.POST),
    "pdf": ("PDF documents", Kind.LINK, "assets.documentcloud.org/documents/{path}.pdf\n"
            "s3.documentcloud.org/documents/{path}.pdf", "", "", "", Shape.CHART),
}  # fmt: skip


def seeded_rules():
    """The rules that a paper begins with."""
    return AllowList(Rule.read(*row) for row in SEEDS.values())
