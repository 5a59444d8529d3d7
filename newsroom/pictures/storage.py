"""Pictures as files of this machine: on the disk before any row says so, and whole or not there at all."""

import contextlib
import os

from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Files survive a power cut once they are stored. Originals are for this process alone; a web server may hand
    out renditions."""

    def _save(self, name, content):
        path = self.path(name)
        try:
            name = super()._save(name, content)
            path = self.path(name)
            if not name.startswith("renditions/"):
                os.chmod(path, 0o600)
            sync(path)
        except OSError:
            # A full disk leaves a piece of it behind.
            with contextlib.suppress(OSError):
                os.remove(path)
            raise
        return name


def sync(path):
    """Write a file and its name through to the disk."""
    for one in (path, os.path.dirname(path)):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
