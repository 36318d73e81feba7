"""version - the first statement of a configuration: for which program it was written.

    version IMAP4-PROXY-1_0-RELEASE;

The name, the major and the minor number: another name or major number is an error, a newer minor
number a warning.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Sequence, Tuple

from kernun_common.configuration import tree
from kernun_common.errors import ConfigurationError, Where

VERSION = "version"  # the keyword

_TAG = re.compile(r"([A-Z0-9-]+)-(\d{1,9})_(\d{1,9})-([A-Z0-9]+)", re.ASCII | re.IGNORECASE)


class _Tag(NamedTuple):
    program: str
    major: int
    minor: int


def is_version(statement: tree.Statement) -> bool:
    """Whether this is a statement `version`."""
    return isinstance(statement, tree.Item) and statement.keyword.lower() == VERSION


def read_version(
    statements: Sequence[tree.Statement], file: str, own: str
) -> Tuple[str, Optional[ConfigurationError]]:
    """The tag that the first statement holds, and a warning about it.

    `own` is the tag of the program.  Raises ConfigurationError where the tag does not fit.
    """
    if not statements or not is_version(statements[0]):
        where = statements[0].where if statements else Where(file, 1, 1)
        raise ConfigurationError(where, f"the first statement must be `{VERSION} {own};`")
    element, tag = _parse(statements[0], own)
    mine = _split(own)
    assert mine is not None
    if (tag.program, tag.major) != (mine.program, mine.major):
        raise ConfigurationError(element.where, f"this is a configuration of another program or"
                                 f" version: expected {own}, not {element}")
    if tag.minor > mine.minor:
        text = f"{element} is newer than this program, {own}: something may be unknown to it"
        return element.text, ConfigurationError(element.where, text)
    return element.text, None


def _parse(statement: tree.Statement, own: str) -> Tuple[tree.Word, _Tag]:
    elements = statement.elements if isinstance(statement, tree.Item) else ()
    element = elements[0] if len(elements) == 1 else None
    tag = _split(element.text) if isinstance(element, tree.Word) else None
    if not isinstance(element, tree.Word) or tag is None:
        where = elements[0].where if elements else statement.where
        raise ConfigurationError(where, f"expected a version such as {own}")
    return element, tag


def _split(text: str) -> Optional[_Tag]:
    match = _TAG.fullmatch(text)
    return _Tag(match[1].upper(), int(match[2]), int(match[3])) if match else None
