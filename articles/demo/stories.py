"""Reading the demonstration's stories: a file each, with its facts in TOML above the body."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

STORIES_FOLDER = Path(__file__).parent / "stories"
KEY_ATTRIBUTE = re.compile(r'data-(expert|article|image)="([a-z][a-z0-9-]*)"')


@dataclass
class Story:
    """One file: its key, its facts as the TOML has them, its body with keys where rows are named."""

    key: str
    facts: dict
    body: str

    @property
    def state(self):
        return self.facts.get("state", "published")

    def keys(self, kind):
        """The keys of one kind that the body names, in order."""
        return [key for found, key in KEY_ATTRIBUTE.findall(self.body) if found == kind]

    def body_with(self, rows):
        """The body with primary keys for keys; `rows` is {kind: {key: row}}."""
        return with_primary_keys(self.body, rows)


def with_primary_keys(html, rows):
    """HTML with the primary keys of rows in place of their keys."""
    return KEY_ATTRIBUTE.sub(lambda m: f'data-{m[1]}="{rows[m[1]][m[2]].pk}"', html)


def load_stories():
    """Every story, oldest first; those without an age last."""
    stories = []
    for path in sorted(STORIES_FOLDER.glob("*.html")):
        _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        stories.append(Story(path.stem, tomllib.loads(head), body.strip()))
    return sorted(stories, key=lambda story: -story.facts.get("age", -1))
