"""A program of its own: reads the content credentials of one file from standard input and prints them as JSON.

The library is a large one in another language, which reads whatever a stranger sent. So it runs apart from the server,
for a few seconds, in little memory and without the network: if it stumbles, an upload loses its credentials and
nobody their page. `newsroom/pictures/credentials.py` starts it. Input: a line of JSON, then the file.
"""

import io
import json
import resource
import sys

MEMORY, SECONDS = 2 * 1024**3, 10
ENDED_WELL, NONE_INSIDE, UNREADABLE = 0, 3, 4


def main():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import c2pa

    asked = json.loads(sys.stdin.buffer.readline())
    settings = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
        "core": {"allowed_network_hosts": []},
    }
    if asked["anchors"]:
        settings["trust"] = {"trust_anchors": asked["anchors"]}
    try:
        context = c2pa.Context(c2pa.Settings.from_dict(settings))
        reader = c2pa.Reader(asked["type"], io.BytesIO(sys.stdin.buffer.read()), context=context)
        sys.stdout.write(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return NONE_INSIDE
    except Exception as error:
        sys.stderr.write(type(error).__name__)
        return UNREADABLE
    return ENDED_WELL


if __name__ == "__main__":
    sys.exit(main())
