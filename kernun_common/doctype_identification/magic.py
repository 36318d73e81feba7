"""magic - the type of a document by its first octets, as libmagic knows them.

    look = Database(None, 65536)     loads the database: before chroot and fork
    look.identify(subject)  ->  "application/zip"; "" where libmagic does not know either

What it knows is in memory from then on; no file is opened for a document.  OSError where there is
no libmagic, or no database that it can read.  See also: load.py; magic(5), libmagic(3).
"""

from __future__ import annotations

from pathlib import Path

from .order import Subject

# What libmagic says of what it does not know.
UNKNOWN = frozenset(("application/octet-stream", "application/x-empty", "inode/x-empty"))


class Database:
    """A database of libmagic."""

    def __init__(self, path: str | None, octets: int) -> None:
        if path is not None:
            Path(path).stat()  # says why, where libmagic only says that it could not
        try:
            import magic  # finds the library, which who does not ask for it need not have

            self._known = magic.Magic(mime=True, magic_file=path)
        except ImportError as error:
            raise OSError("libmagic is not installed") from error
        except magic.MagicException as error:
            raise OSError(str(error.message).strip()) from error
        self._failure = magic.MagicException
        self._octets = octets

    def identify(self, subject: Subject) -> str:
        """The type of what begins like that."""
        try:
            found: str = self._known.from_buffer(subject.octets[: self._octets])
        except self._failure:
            return ""
        return "" if found in UNKNOWN or "/" not in found else found.lower()
