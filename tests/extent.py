"""How much a run tries: what every change has to pass, or, where EVERYTHING is set, all there is (`make test-all`)."""

import os

EVERYTHING = bool(os.environ.get("EVERYTHING"))
