"""scalars - the types of single elements: numbers, words, strings; configuration(7).

    Scaled("size", SIZE_UNITS).read(Word(where, "33K"), context)  ->  33792

Numbers are decimal.  The types and their bounds are listed in kinds.py.
"""

from __future__ import annotations

import re
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any, Mapping, Optional, Sequence

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context, Kind
from kernun_common.configuration.text import quoted
from kernun_common.secret import Secret

LARGEST = 2**63 - 1  # of sizes and rates: what the system's calls take

SIZE_UNITS = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
RATE_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3}
SECONDS_UNITS = {"": 1, "m": 60, "h": 3600}
LONGEST = 2**31 - 1  # seconds: 68 years

_LISTED = 8  # an enumeration of at most so many words is listed in an error message

_NUMBER = re.compile(r"-?\d{1,20}", re.ASCII)
_SCALED = re.compile(r"(\d{1,20})([A-Za-z]?)", re.ASCII)
_SECONDS = re.compile(r"(\d{1,10}(?:\.\d{1,3})?)([A-Za-z]?)", re.ASCII)
_HHMM = re.compile(r"(\d\d)(\d\d)", re.ASCII)


class WordKind(Kind):
    """A type whose elements are bare words; `parse` returns None where the word is none."""

    def read(self, element: tree.Element, context: Context) -> Any:
        value = self.parse(element.text, context) if isinstance(element, tree.Word) else None
        if value is None:
            self.refuse(element)
        return value

    def parse(self, word: str, context: Context) -> Any:
        raise NotImplementedError


class Number(WordKind):
    """A whole number from `low` to `high`."""

    of = int

    def __init__(self, name: str, low: int, high: int) -> None:
        self.name = name
        self.expected = f"a number from {low} to {high}"
        self.low = low
        self.high = high

    def parse(self, word: str, context: Context) -> Optional[int]:
        if not _NUMBER.fullmatch(word):
            return None
        value = int(word)
        return value if self.low <= value <= self.high else None

    def write(self, value: int) -> str:
        return str(value)


class Scaled(WordKind):
    """A whole number with a unit behind it."""

    of = int

    def __init__(self, name: str, units: Mapping[str, int], what: str) -> None:
        self.name = name
        self.expected = f"{what}: a number, perhaps with {', '.join(filter(None, units))} behind it"
        self._units = units

    def parse(self, word: str, context: Context) -> Optional[int]:
        match = _SCALED.fullmatch(word)
        factor = self._units.get(match[2].upper()) if match else None
        if match is None or factor is None:
            return None
        value = int(match[1]) * factor
        return value if value <= LARGEST else None

    def write(self, value: int) -> str:
        for unit, factor in sorted(self._units.items(), key=itemgetter(1), reverse=True):
            if value and value % factor == 0:
                return f"{value // factor}{unit}"
        return str(value)


class Seconds(WordKind):
    """A time in seconds, to the millisecond, as a float."""

    name = "seconds"
    of = float
    expected = "a time: seconds such as 75 or 0.5, minutes such as 30m or hours such as 2h"

    def parse(self, word: str, context: Context) -> Optional[float]:
        match = _SECONDS.fullmatch(word)
        factor = SECONDS_UNITS.get(match[2].lower()) if match else None
        if match is None or factor is None:
            return None
        value = round(float(match[1]) * factor, 3)
        return value if value <= LONGEST else None

    def write(self, value: float) -> str:
        text = f"{value:.3f}"
        return text.rstrip("0").rstrip(".")


class Hhmm(WordKind):
    """A time of the day, as minutes since midnight; 2400 is the end of the day."""

    name = "hhmm"
    of = int
    expected = "a time of the day from 0000 to 2400"

    def parse(self, word: str, context: Context) -> Optional[int]:
        match = _HHMM.fullmatch(word)
        if match is None or int(match[2]) > 59:
            return None
        value = int(match[1]) * 60 + int(match[2])
        return value if value <= 24 * 60 else None

    def write(self, value: int) -> str:
        return f"{value // 60:02d}{value % 60:02d}"


class Enumeration(WordKind):
    """One of some words, without regard to case, as a str in the spelling of the table."""

    of: type = str

    def __init__(self, name: str, words: Sequence[str]) -> None:
        self.name = name
        self.words = tuple(words)
        self._spelled = {word.lower(): word for word in words}
        article = "an" if name[:1] in "aeiou" else "a"
        self.expected = _one_of(words) if len(words) <= _LISTED else f"{article} {name}"

    def parse(self, word: str, context: Context) -> Optional[str]:
        return self._spelled.get(word.lower())

    def write(self, value: str) -> str:
        return value


class Open(Enumeration):
    """An enumeration that also takes words that it does not know, as they are written."""

    def parse(self, word: str, context: Context) -> str:
        return super().parse(word, context) or word


class Numbered(Enumeration):
    """An enumeration whose words stand for numbers, which may be written instead; an int."""

    of = int

    def __init__(self, name: str, numbers: Mapping[str, int], cyclic: bool = False) -> None:
        super().__init__(name, tuple(numbers))
        self.cyclic = cyclic
        self.numbers = dict(numbers)
        self._names = {number: word for word, number in numbers.items()}
        self._number = Number(name, min(self._names), max(self._names))
        self.expected = f"{self.expected} ({self._number.low} to {self._number.high})"

    def parse(self, word: str, context: Context) -> Any:
        spelled = super().parse(word, context)
        return self._number.parse(word, context) if spelled is None else self.numbers[spelled]

    def write(self, value: Any) -> str:
        return self._names.get(value, str(value))


def _one_of(words: Sequence[str]) -> str:
    shown = [f"`{word}`" for word in words]
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


class YesNo(Enumeration):
    """yes or no, as a bool."""

    of = bool

    def __init__(self) -> None:
        super().__init__("yes-no", ("yes", "no"))

    def parse(self, word: str, context: Context) -> Any:
        return {"yes": True, "no": False}.get(word.lower())

    def write(self, value: Any) -> str:
        return "yes" if value else "no"


class Str(Kind):
    """Any text, as a word or quoted."""

    name = "str"
    of: type = str
    expected = "a word or a string"

    def read(self, element: tree.Element, context: Context) -> Any:
        if not isinstance(element, (tree.Word, tree.String)):
            self.refuse(element)
        return element.text

    def write(self, value: Any) -> str:
        return quoted(value)


class Path(Str):
    """The name of a file, made absolute against the configuration file's folder."""

    name = "path"
    expected = "a path"

    def read(self, element: tree.Element, context: Context) -> str:
        text = super().read(element, context)
        if not text or "\0" in text:
            self.refuse(element)
        return str(PurePosixPath(context.folder) / text)


class SecretText(Str):
    """A password: UTF-8 octets that nothing prints."""

    name = "secret"
    of = Secret

    def read(self, element: tree.Element, context: Context) -> Secret:
        return Secret(super().read(element, context).encode())

    def write(self, value: Secret) -> str:
        return str(value)


class Reference(Kind):
    """The name of a section `keyword`; the value is that section."""

    def __init__(self, keyword: str) -> None:
        self.name = keyword
        self.keyword = keyword
        self.expected = f"the name of a section {keyword}"

    def read(self, element: tree.Element, context: Context) -> Any:
        if not isinstance(element, tree.Word):
            self.refuse(element)
        return context.reference(self.keyword, element)

    def write(self, value: Any) -> str:
        return str(value.name)
