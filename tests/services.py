"""Which services answer on this machine, for the tests: prints the address of the one that is named.

`TEST_POSTGRESQL` and `TEST_REDIS` name others than the ones on loopback's usual ports.
"""

import os
import socket
import sys

USUAL = {
    "postgresql": ("TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/postgres", 5432),
    "redis": ("TEST_REDIS", "rediscache://127.0.0.1:6379/9", 6379),
}


def address(name):
    """The service's URL, or "" where none answers."""
    variable, url, port = USUAL[name]
    if variable in os.environ:
        return os.environ[variable]
    with socket.socket() as probe:
        probe.settimeout(1)
        return url if probe.connect_ex(("127.0.0.1", port)) == 0 else ""


if __name__ == "__main__":
    print(address(sys.argv[1]))
