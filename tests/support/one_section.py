"""one_section - a section through the checker of a language that has only those it needs.

    section = read("resolver R { server [192.0.2.53]; }", Resolver)
    complaint("resolver R { }", Resolver)           all that is wrong, as text; "" for nothing

The section is the last one of the text; paths start at /etc.
"""

from __future__ import annotations

from typing import Any, Type

from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section

_TAG = "ECHO-1_0-RELEASE"


def read(text: str, *root: Type[Section]) -> Any:
    """`root` are the classes that may stand there; ConfigurationErrors."""
    parsed = parse(f"version {_TAG}; {text}", "f")
    checked = check(parsed.statements, parsed.errors, "f", root, _TAG, Context(folder="/etc"))
    return checked.sections(root[-1].TABLE.keyword)[-1]


def complaint(text: str, *root: Type[Section]) -> str:
    try:
        read(text, *root)
    except ConfigurationErrors as errors:
        return str(errors)
    return ""
