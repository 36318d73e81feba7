"""reading - the value of an item's elements that stand in a text of their own.

    value("host-set", "{ [10.0.0.0/8] }")  ->  HostSet((IPv4Network("10.0.0.0/8"),))

For the defaults of rows, and handy in tests.  Raises ConfigurationError.
"""

from __future__ import annotations

from typing import Any

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context
from kernun_common.configuration.match import Elements, Into
from kernun_common.configuration.parser import parse
from kernun_common.errors import ConfigurationError, Where


def value(notation: str, text: str, into: Into = None, context: Context = Context()) -> Any:
    """What `text` means where the elements are those of `notation`."""
    return read(Elements(notation, into), text, context)


def read(elements: Elements, text: str, context: Context = Context()) -> Any:
    """What `text` means as `elements`."""
    file = parse(f"value {text};", text)
    if file.errors:
        raise file.errors[0]
    statement = file.statements[0]
    if len(file.statements) > 1 or not isinstance(statement, tree.Item):
        raise ConfigurationError(Where(text, 1, 1), "expected the elements of one item")
    return elements.read(statement, context)
