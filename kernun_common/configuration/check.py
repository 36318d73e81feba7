"""check - the statements of a tree become sections by their rows, or errors.

    check(statements, errors, file, root, version_tag, context)  ->  Configuration
    read_expressions("show-acl 2;", "-t", Expressions)           ->  (("show_acl", 2),)

Both raise ConfigurationErrors with everything that is wrong, each with its place.  A section with
an error in it has no value, and neither has one that refers to it.

See also: schema.py, where rows are declared; rows.py, which reads the statements of one section.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple, Type

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.configuration.rows import Failed, SectionReader
from kernun_common.configuration.schema import Section
from kernun_common.configuration.text import hint
from kernun_common.configuration.version import VERSION, is_version, read_version
from kernun_common.errors import ConfigurationError

DEPTH = 16  # references in one another; the deepest that means anything is 3

_Key = Tuple[str, str]  # keyword in lower case, name


def check(
    statements: Sequence[tree.Statement],
    errors: Sequence[ConfigurationError],
    file: str,
    root: Sequence[Type[Section]],
    version_tag: str,
    context: Context,
) -> Configuration:
    """The configuration that the statements of `file` are; `errors` are those of its syntax.

    `root` are the sections that may stand at the top, `version_tag` is the program's, `context`
    everything of a context but its references.
    """
    checker = _Checker(root, context)
    checker.errors += errors
    version, statements = checker.version(statements, file, version_tag)
    sections = checker.sections(statements)
    if checker.errors:
        raise ConfigurationErrors(checker.errors)
    return Configuration(version, sections, checker.warnings)


def read_expressions(
    text: str, file: str, rows: Type[Section], context: Context = Context()
) -> Tuple[Tuple[str, Any], ...]:
    """The items of `text` in their order, as pairs of the attribute and the value of its row.

    `file` is the name that places bear.  Raises ConfigurationErrors.
    """
    parsed = parse(text, file)
    errors = list(parsed.errors)
    reader = SectionReader(rows, context, errors)
    items = [reader.statement(statement) for statement in parsed.statements]
    if errors:
        raise ConfigurationErrors(errors)
    return tuple(item for item in items if item is not None)


class _Checker:
    """Reads the global statements of one configuration."""

    def __init__(self, root: Sequence[Type[Section]], context: Context) -> None:
        self.errors: List[ConfigurationError] = []
        self.warnings: List[ConfigurationError] = []
        self._root = {cls.TABLE.keyword: cls for cls in root}
        self._context = replace(context, reference=self._reference)
        self._nodes: Dict[_Key, tree.Section] = {}
        self._names: Dict[str, List[str]] = {}  # by keyword
        self._built: Dict[_Key, Optional[Section]] = {}
        self._building: Set[_Key] = set()

    def version(
        self, statements: Sequence[tree.Statement], file: str, own: str
    ) -> Tuple[str, Sequence[tree.Statement]]:
        """The tag in the first statement, and the statements behind it."""
        try:
            tag, warning = read_version(statements, file, own)
        except ConfigurationError as error:
            if not self._may_be_broken(statements, error):
                self.errors.append(error)
            tag, warning = "", None
        self.warnings += [warning] if warning is not None else []
        begin = 1 if statements and is_version(statements[0]) else 0
        return tag, statements[begin:]

    def _may_be_broken(
        self, statements: Sequence[tree.Statement], error: ConfigurationError
    ) -> bool:
        """Whether the version that is missed may stand in what could not be read."""
        if not statements:
            return bool(self.errors)
        return any(syntax.where <= error.where for syntax in self.errors)

    def sections(self, statements: Sequence[tree.Statement]) -> Tuple[Section, ...]:
        """The sections without errors; those with errors are told in `errors`."""
        for statement in statements:
            self._note(statement)
        built = [self._build(key) for key in self._nodes]
        return tuple(section for section in built if section is not None)

    def _note(self, statement: tree.Statement) -> None:
        keyword = statement.keyword.lower()
        if is_version(statement):
            self._complain(statement, f"`{VERSION}` stands once, before everything else")
        elif keyword not in self._root:
            meant = hint(statement.keyword, tuple(self._root))
            self._complain(statement, f"there is no `{statement.keyword}` at the top{meant}")
        elif isinstance(statement, tree.Item):
            self._complain(statement, f"`{keyword}` is a section: expected `{{`")
        else:
            self._note_section((keyword, statement.name), statement)

    def _note_section(self, key: _Key, node: tree.Section) -> None:
        first = self._nodes.setdefault(key, node)
        if first is not node:
            self._complain(node, f"`{' '.join(key)}` is defined twice, first at {first.where}")
        else:
            self._names.setdefault(key[0], []).append(key[1])

    def _build(self, key: _Key) -> Optional[Section]:
        if key not in self._built:
            self._building.add(key)
            reader = SectionReader(self._root[key[0]], self._context, self.errors)
            self._built[key] = reader.read(self._nodes[key])
            self._building.remove(key)
        return self._built[key]

    def _reference(self, keyword: str, name: tree.Word) -> Section:
        key = keyword, name.text
        if key not in self._nodes:
            meant = hint(name.text, self._names.get(keyword, ()))
            raise ConfigurationError(name.where, f"no {keyword} `{name}` is defined{meant}")
        if key in self._building or len(self._building) >= DEPTH:
            raise ConfigurationError(name.where, f"{keyword} `{name}` refers to itself")
        section = self._build(key)
        if section is None:
            raise Failed
        return section

    def _complain(self, statement: tree.Statement, text: str) -> None:
        self.errors.append(ConfigurationError(statement.where, text))
