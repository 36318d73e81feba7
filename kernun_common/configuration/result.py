"""result - what reading a configuration ends in: a Configuration, or ConfigurationErrors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator, List, Tuple

from kernun_common.configuration.schema import Section
from kernun_common.errors import ConfigurationError


class ConfigurationErrors(Exception):
    """All that is wrong with a configuration; iterates over it in the order of the places."""

    def __init__(self, errors: Iterable[ConfigurationError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.where))
        super().__init__("\n".join(map(str, self.errors)))

    def __iter__(self) -> Iterator[ConfigurationError]:
        return iter(self.errors)


@dataclass(frozen=True)
class Configuration:
    """The global sections in file order; two that were written differently may be equal."""

    version: str  # the tag of its first statement
    members: Tuple[Section, ...]
    warnings: List[ConfigurationError] = field(default_factory=list, compare=False)

    def sections(self, keyword: str) -> Tuple[Any, ...]:
        """The sections `keyword`, in file order."""
        return tuple(member for member in self.members if member.TABLE.keyword == keyword)

    def section(self, keyword: str, name: str) -> Any:
        """The section `keyword` `name`; KeyError where there is none."""
        for member in self.sections(keyword):
            if member.name == name:
                return member
        raise KeyError(f"{keyword} {name}")
