"""catalogues - the texts of every language, read once by the parent; gettext catalogues.

    load()["CZ"][...]       the keys are the words of the item `language` (nls)

The English text stands in texts.py and is the msgid; locale/cs.po holds the
Czech one.  The variants of CZ differ in documents; a line of IMAP is UTF-8 or
ASCII, and with CZ-ASCII always ASCII.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Mapping

import polib

from .texts import ENGLISH, Catalogue

# nls -> the file, and whether its lines may ever be UTF-8
_FILES = {
    "CZ": ("cs.po", True),
    "CZ-ASCII": ("cs.po", False),
    "CZ-ISO-8859-2": ("cs.po", True),
    "CZ-WINDOWS-1250": ("cs.po", True),
}


def load() -> Mapping[str, Catalogue]:
    """A catalogue for each language."""
    catalogues = {"EN": ENGLISH}
    for language, (name, utf8) in _FILES.items():
        text = files(__package__).joinpath("locale", name).read_text("utf-8")
        translations = {entry.msgid: entry.msgstr for entry in polib.pofile(text)}
        catalogues[language] = Catalogue(translations, utf8)
    return catalogues
