"""kind - how one type of element is read from the tree, written back and described.

    Number("uint8", 0, 255).read(Word(where, "300"), context)
        -> ConfigurationError(where, "expected a number from 0 to 255, not 300")

What the language calls a type (uint8, host-set) is an object of a class derived from `Kind`
(scalars.py, hosts.py, sets.py), so as not to be mixed up with Python's types.  `write` is the
inverse of `read`: what it returns reads as an equal value, but for secrets.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Callable, NoReturn, Optional, Sequence

from kernun_common.configuration import tree
from kernun_common.configuration.text import hint
from kernun_common.errors import ConfigurationError


def no_service(name: str) -> Optional[int]:
    """Knows no service name."""
    return None


def no_reference(keyword: str, name: tree.Word) -> NoReturn:
    """Knows no section."""
    raise ConfigurationError(name.where, f"no {keyword} `{name}` is defined")


@dataclass(frozen=True)
class Context:
    """What reading an element may depend on beside the element."""

    folder: str = "/"  # of the configuration file, absolute; paths start there
    service: Callable[[str], Optional[int]] = no_service  # the port of a service's name
    reference: Callable[[str, tree.Word], Any] = no_reference  # the section keyword NAME


class Kind(ABC):
    """A type of element.  `name` is what the notation calls it, `expected` what errors do."""

    name: str
    expected: str
    of: type = object  # the class of its values
    words: tuple[str, ...] = ()  # those that it takes, where it takes no others

    @abstractmethod
    def read(self, element: tree.Element, context: Context) -> Any:
        """The value; raises ConfigurationError at the element."""

    @abstractmethod
    def write(self, value: Any) -> str:
        """The value in the language."""

    def refuse(self, element: tree.Element, why: str = "") -> NoReturn:
        """Raise the error that `element` is none of this kind; `why` is put behind it."""
        reason = f": {why}" if why else ""
        meant = hint(element.text, self.words) if isinstance(element, tree.Word) else ""
        text = f"expected {self.expected}, not `{element}`{reason}{meant}"
        raise ConfigurationError(element.where, text)


class OneOf(Kind):
    """An element that is of one of several types, such as sock|path: of the first that takes it.

    The values of these types are of different classes, by which `write` finds the type again.
    """

    def __init__(self, name: str, kinds: Sequence[Kind]) -> None:
        self.name = name
        self.kinds = tuple(kinds)
        self.expected = " or ".join(kind.expected for kind in kinds)

    def read(self, element: tree.Element, context: Context) -> Any:
        for kind in self.kinds:
            try:
                return kind.read(element, context)
            except ConfigurationError:
                continue
        self.refuse(element)

    def write(self, value: Any) -> str:
        return next(kind for kind in self.kinds if isinstance(value, kind.of)).write(value)
