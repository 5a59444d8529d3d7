"""Files that nobody on the project wrote, for tests that want real ones; they are no part of the repository.

They lie under `TEST_DATA`, or, where that is unset, in `../shared/data` beside the checkout.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
USUAL = ROOT.parent / "shared" / "data"


def path(name):
    """Where a file or folder lies, such as "wxr/small.xml". Where it is missing the test skips, or
    fails if somebody named a folder in which it should be."""
    named = os.environ.get("TEST_DATA", "")
    found = Path(named or USUAL) / name
    if found.exists():
        return found
    if named:
        pytest.fail(f"TEST_DATA is {named}, and there is no {name} in it.")
    pytest.skip(f"TEST_DATA is not set, and {name} does not lie in ../shared/data.")
