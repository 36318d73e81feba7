"""includes - `include "path";` gives way to the statements of that file.

    Includer(read).file("proxy.cfg")  ->  all statements; what was wrong is in `errors`

It may stand wherever a statement may; the path is relative to the including file.  A file that
includes itself, directly or not, is an error, and so are more than 16 levels.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Callable, List, Sequence, Tuple

from kernun_common.configuration import tree
from kernun_common.configuration.parser import parse
from kernun_common.errors import ConfigurationError, Where

INCLUDE = "include"  # the keyword

LEVELS = 16  # of files in one another: the specification's
FILES = 1000  # in all, so that files that include one another many times end

Read = Callable[[str, Where], str]  # the text of a file; raises ConfigurationError at the place


class Includer:
    """Reads one configuration file and all that it includes."""

    def __init__(self, read: Read) -> None:
        self.errors: List[ConfigurationError] = []
        self._read = read
        self._open: List[str] = []  # the files that are being read, the outermost first
        self._files = 0

    def file(self, path: str, where: Where) -> Tuple[tree.Statement, ...]:
        """The statements of the file, included from `where`."""
        try:
            self._check(path, where)
            text = self._read(path, where)
        except ConfigurationError as error:
            self.errors.append(error)
            return ()
        parsed = parse(text, path)
        self.errors += parsed.errors
        self._open.append(path)
        statements = self._expand(parsed.statements, path)
        self._open.pop()
        return statements

    def _check(self, path: str, where: Where) -> None:
        self._files += 1
        if path in self._open:
            raise ConfigurationError(where, f"{path} includes itself")
        if len(self._open) > LEVELS:
            raise ConfigurationError(where, f"more than {LEVELS} levels of included files")
        if self._files > FILES:
            raise ConfigurationError(where, f"more than {FILES} files are included")

    def _expand(
        self, statements: Sequence[tree.Statement], path: str
    ) -> Tuple[tree.Statement, ...]:
        expanded: List[tree.Statement] = []
        for statement in statements:
            if isinstance(statement, tree.Section):
                expanded.append(self._expand_section(statement, path))
            elif statement.keyword.lower() == INCLUDE:
                expanded += self._include(statement, path)
            else:
                expanded.append(statement)
        return tuple(expanded)

    def _expand_section(self, section: tree.Section, path: str) -> tree.Section:
        errors = len(self.errors)
        statements = self._expand(section.statements, path)
        broken = section.broken or len(self.errors) > errors
        return replace(section, statements=statements, broken=broken)

    def _include(self, item: tree.Item, path: str) -> Tuple[tree.Statement, ...]:
        element = item.elements[0] if len(item.elements) == 1 else None
        if not isinstance(element, (tree.String, tree.Word)) or not element.text:
            text = f"expected the path of one file behind `{INCLUDE}`"
            self.errors.append(ConfigurationError(item.where, text))
            return ()
        return self.file(str(PurePosixPath(path).parent / element.text), element.where)
