"""Content credentials (C2PA): what a picture says under seal of where it comes from, read before renditions lose it.

A seal that holds says that the file is as its signer left it, not who the signer is: anybody can make a certificate in
any name. Only a signer whom one of the certificates in CREDENTIALS_TRUST vouches for is known to us.
"""

import json
import logging
import os
import subprocess
import sys
from enum import StrEnum
from pathlib import Path

from django.conf import settings

from . import credential_reader, picturewords
from .source_types import AI, ai_of, code_of, strongest

log = logging.getLogger(__name__)

MARKS = (b"jumb", b"c2pa")  # every file with credentials holds both, whatever its format
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
READER = Path(credential_reader.__file__)
SECONDS = 15
LARGEST_ANSWER = 5_000_000  # characters
DEPTH, STEPS, PARTS, LENGTH = 8, 20, 10, 160


class Seal(StrEnum):
    """How the credentials of a file stand."""

    KNOWN = "known"  # the seal holds, and we know the signer
    HOLDS = "holds"  # it holds; the signer is a name that we cannot check
    BROKEN = "broken"  # the file was changed after it was sealed, or the seal is no good
    UNREAD = "unread"  # there are credentials, and they could not be read here


# What was done to a picture, in the few kinds that a page has words for; any other action is "edited".
ACTIONS = {
    "c2pa.created": "created", "c2pa.opened": "opened", "c2pa.placed": "placed", "c2pa.cropped": "cropped",
    "c2pa.resized": "resized", "c2pa.resized.proportional": "resized", "c2pa.orientation": "resized",
    "c2pa.color_adjustments": "colours", "c2pa.adjustedColor": "colours", "c2pa.filtered": "filtered",
    "c2pa.drawing": "drawn", "c2pa.removed": "removed", "c2pa.redacted": "removed", "c2pa.converted": "saved",
    "c2pa.transcoded": "saved", "c2pa.repackaged": "saved", "c2pa.edited.metadata": "described",
    "c2pa.published": "published",
}  # fmt: skip


def read_credentials(data, kind):
    """What the credentials in a file say, as `summary_of`; {} where it has none. `kind` is Pillow's format."""
    if not all(mark in data for mark in MARKS) or kind not in TYPES:
        return {}
    ended, answer = _ask_reader(data, TYPES[kind])
    if ended == credential_reader.NONE_INSIDE:
        return {}
    try:
        return summary_of(json.loads(answer))
    except Exception:  # a manifest is whatever its maker wrote into it
        return {"seal": Seal.UNREAD}


def _ask_reader(data, kind):
    """(exit status, standard output) of the program that reads credentials; it gets nothing of our environment."""
    asked = json.dumps({"type": kind, "anchors": _anchors()}).encode() + b"\n"
    env = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        program = [sys.executable, "-P", READER]
        done = subprocess.run(program, input=asked + data, capture_output=True, timeout=SECONDS, env=env)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("content credentials were not read: %s", type(error).__name__)
        return None, ""
    if done.returncode not in (credential_reader.ENDED_WELL, credential_reader.NONE_INSIDE):
        log.warning("content credentials were not read: %s", done.stderr[-200:].decode("utf-8", "replace"))
    answer = done.stdout.decode("utf-8", "replace")
    return done.returncode, answer if len(answer) <= LARGEST_ANSWER else ""


def _anchors():
    """The certificates of signers whom the paper knows, in PEM; "" for none."""
    path = settings.CREDENTIALS_TRUST
    try:
        return Path(path).read_text() if path else ""
    except OSError as error:
        log.error("CREDENTIALS_TRUST cannot be read: %s", type(error).__name__)
        return ""


def summary_of(store):
    """The few facts that we keep of a manifest store as c2pa prints it: a dict of JSON.

    seal (Seal), signer, at (ISO time of the seal), program, authors, steps ([{action, program, source_type}], an
    action being one of ACTIONS or edited), parts (titles of what it was made from), source_type and ai (AI). A fact
    that is not there has no key.
    """
    manifests = store["manifests"]
    active = manifests[store["active_manifest"]]
    signed = active.get("signature_info") or {}
    actions = _actions(active)
    facts = {
        "seal": {"Trusted": Seal.KNOWN, "Valid": Seal.HOLDS}.get(store.get("validation_state"), Seal.BROKEN),
        "signer": _word(signed.get("common_name") or signed.get("issuer")),
        "at": _word(signed.get("time")),
        "program": _program(active),
        "authors": [_word(name) for name in _authors(active)][:PARTS],
        "steps": _steps(actions),
        "parts": [_word(part.get("title")) for part in active.get("ingredients") or []][:PARTS],
        "source_type": next((code for code in map(_source_type, actions) if code), ""),
        "ai": _ai_in(manifests, store["active_manifest"]),
    }
    return {name: value for name, value in facts.items() if value}


def _word(value):
    return picturewords.clean(value)[:LENGTH] if isinstance(value, str) else ""


def _program(manifest):
    named = [_word(info.get("name")) for info in manifest.get("claim_generator_info") or []]
    return next(filter(None, named), "") or _word((manifest.get("claim_generator") or "").partition("/")[0])


def _assertions(manifest, *beginnings):
    for row in manifest.get("assertions") or []:
        if row.get("label", "").startswith(beginnings) and isinstance(row.get("data"), dict):
            yield row["data"]


def _actions(manifest):
    return [action for data in _assertions(manifest, "c2pa.actions") for action in data.get("actions") or []]


def _authors(manifest):
    for data in _assertions(manifest, "stds.schema-org.CreativeWork"):
        authors = data.get("author") or []
        for author in authors if isinstance(authors, list) else [authors]:
            if isinstance(author, dict) and _word(author.get("name")):
                yield author["name"]


def _source_type(action):
    """The code of the source type that an action names, directly or among its parameters."""
    parameters = action.get("parameters") or {}
    named = (action.get("digitalSourceType"), parameters.get("digitalSourceType"), parameters.get("sourceType"))
    return next((code for value in named if isinstance(value, str) and (code := code_of(value))), "")


def _steps(actions):
    """The first steps, each told once where it is repeated."""
    steps = []
    for action in actions:
        agent = action.get("softwareAgent")
        step = {
            "action": ACTIONS.get(action.get("action"), "edited"),
            "program": _word(agent.get("name") if isinstance(agent, dict) else agent),
            "source_type": _source_type(action),
        }
        step = {name: value for name, value in step.items() if value}
        if step not in steps[-1:]:
            steps.append(step)
    return steps[:STEPS]


def _ai_in(manifests, name, depth=DEPTH):
    """What AI did to a picture, by its own actions and by what it was made from."""
    if depth == 0 or name not in manifests:
        return AI.NONE
    manifest = manifests[name]
    found = [ai_of(_source_type(action)) for action in _actions(manifest)]
    for part in manifest.get("ingredients") or []:
        inside = _ai_in(manifests, part.get("active_manifest"), depth - 1)
        # A picture that was made by AI is so still when it was cropped since; a piece of one alters a photograph.
        found.append(inside if part.get("relationship") == "parentOf" else inside and AI.ALTERED)
    return strongest(*found)
