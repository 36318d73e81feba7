"""load - what a doctype-identification needs from files, read once, before chroot and fork.

    load(section, ("magic",))  ->  Identification

The methods named are taken up whether or not the section's own orders have them: a doc-acl may
have an order of its own.  ConfigurationError at the item whose file is not there, or is not what it
should be.  See also: order.py, extension.py, magic.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterable, NoReturn

from kernun_common.errors import ConfigurationError

from . import content_type, extension
from .magic import Database
from .order import Answer, Identification, Subject
from .section import METHODS, DoctypeIdentification


def load(section: DoctypeIdentification, methods: Iterable[str] = ()) -> Identification:
    """The methods of a section, and those of `methods`, ready to be asked."""
    wanted = {method for method in METHODS if section.uses(method)}.union(methods)
    answers: Dict[str, Answer] = {"content-type": content_type.identify}
    if "extension" in wanted:
        answers["extension"] = _extension(section)
    if "magic" in wanted:
        answers["magic"] = _magic(section)
    return Identification(section, answers)


def _extension(section: DoctypeIdentification) -> Answer:
    try:
        text = Path(section.mime_types).read_text("utf-8", "replace")
    except OSError as error:
        _complain(section, "mime_types", f"{section.mime_types}: {error.strerror}")

    table = extension.parse(text.splitlines())

    def answer(subject: Subject) -> str:
        return extension.identify(table, subject)

    return answer


def _magic(section: DoctypeIdentification) -> Answer:
    try:
        return Database(section.magic.path, section.magic.octets).identify
    except OSError as error:
        path = section.magic.path
        reason = f"{path}: {error.strerror}" if path and error.strerror else str(error)
        _complain(section, "magic", reason)


def _complain(section: DoctypeIdentification, attribute: str, text: str) -> NoReturn:
    raise ConfigurationError(section.place(attribute), text)
