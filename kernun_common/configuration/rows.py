"""rows - the statements of one section become its value by its rows.

    SectionReader(SockOpt, context, errors).read(node)  ->  SockOpt(...) or None

What is wrong is appended to `errors`.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Type

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context
from kernun_common.configuration.schema import ItemRow, PartRow, Row, Section
from kernun_common.configuration.text import hint, keyword_of
from kernun_common.errors import ConfigurationError, Where


class Failed(Exception):
    """Something has no value, for a reason that has already been told."""


class SectionReader:
    """Reads one section of the class `cls`."""

    def __init__(
        self, cls: Type[Section], context: Context, errors: List[ConfigurationError]
    ) -> None:
        self._cls = cls
        self._table = cls.TABLE
        self._context = context
        self._errors = errors
        self._values: Dict[str, List[Any]] = {}
        self._places: Dict[str, List[Where]] = {}
        self._names: Dict[Tuple[str, str], tree.Section] = {}
        self._failed = False

    def read(self, node: tree.Section) -> Optional[Section]:
        """The section; None where something in it is wrong."""
        self._failed = node.broken
        self._check_name(node)
        for statement in node.statements:
            self.statement(statement)
        if not node.broken:
            self._check_presence(node)
            if not node.statements:
                self._complain(node.where, f"nothing stands in `{_title(node)}`")
        return None if self._failed else self._section(node)

    def statement(self, statement: tree.Statement) -> Optional[Tuple[str, Any]]:
        """The attribute and value of one statement; None where it is wrong."""
        try:
            attribute = self._attribute(statement)
            row = self._table.rows[attribute]
            self._note_place(attribute, row, statement)
            value = self._read(row, statement)
        except ConfigurationError as error:
            self._complain(error.where, error.text)
            return None
        except Failed:
            self._failed = True
            return None
        self._values.setdefault(attribute, []).append(value)
        return attribute, value

    def _attribute(self, statement: tree.Statement) -> str:
        attribute = self._table.attributes.get(statement.keyword.lower())
        if attribute is None:
            meant = hint(statement.keyword, tuple(self._table.attributes))
            text = f"there is no `{statement.keyword}` in `{self._table.keyword}`{meant}"
            raise ConfigurationError(statement.where, text)
        return attribute

    def _note_place(self, attribute: str, row: Row, statement: tree.Statement) -> None:
        places = self._places.setdefault(attribute, [])
        places.append(statement.where)
        if len(places) > 1 and not row.repeatable:
            raise _twice(statement, places[0])

    def _read(self, row: Row, statement: tree.Statement) -> Any:
        if isinstance(row, PartRow):
            return self._read_part(row, statement)
        if isinstance(statement, tree.Section):
            if statement.broken and not statement.statements:
                raise Failed  # a set that is not closed looks like that
            raise ConfigurationError(
                statement.where, f"`{statement.keyword}` is an item, not a section"
            )
        if isinstance(row, ItemRow):
            return self._read_item(row, statement)
        if statement.elements:
            where = statement.elements[0].where
            raise ConfigurationError(where, f"expected `;` behind `{statement.keyword}`")
        return True

    def _read_item(self, row: ItemRow, item: tree.Item) -> Any:
        value = row.elements.read(item, self._context)
        complaint = row.complaint(value)
        if complaint is not None:
            raise _complaint(item.where, item.keyword.lower(), complaint)
        return value

    def _read_part(self, row: PartRow, statement: tree.Statement) -> Section:
        if isinstance(statement, tree.Item):
            raise ConfigurationError(
                statement.where, f"`{statement.keyword}` is a section: expected `{{`"
            )
        if row.section.TABLE.named:
            self._note_name(statement)
        section = SectionReader(row.section, self._context, self._errors).read(statement)
        if section is None:
            raise Failed
        return section

    def _note_name(self, node: tree.Section) -> None:
        first = self._names.setdefault((node.keyword.lower(), node.name), node)
        if first is not node:
            raise _twice(node, first.where)

    def _check_name(self, node: tree.Section) -> None:
        if self._table.named and not node.name:
            self._complain(node.where, f"`{node.keyword}` needs a name")
        if node.name and not self._table.named:
            self._complain(node.where, f"`{node.keyword}` has no name: expected `{{`")

    def _check_presence(self, node: tree.Section) -> None:
        for attribute, row in self._table.rows.items():
            if row.mandatory and attribute not in self._places:
                text = f"`{keyword_of(attribute)}` is missing in `{_title(node)}`"
                self._complain(node.where, text)

    def _section(self, node: tree.Section) -> Optional[Section]:
        rows = self._table.rows
        arguments = {
            attribute: tuple(values) if rows[attribute].repeatable else values[0]
            for attribute, values in self._values.items()
        }
        places = {attribute: tuple(places) for attribute, places in self._places.items()}
        section = self._cls(name=node.name, where=node.where, places=places, **arguments)
        for place, text in section.complaints():
            if isinstance(place, Where):
                self._complain(place, text)
            else:
                error = _complaint(section.place(place), keyword_of(place), text)
                self._complain(error.where, error.text)
        return None if self._failed else section

    def _complain(self, where: Where, text: str) -> None:
        self._failed = True
        self._errors.append(ConfigurationError(where, text))


def _title(node: tree.Statement) -> str:
    name = node.name if isinstance(node, tree.Section) else ""
    return f"{node.keyword} {name}" if name else node.keyword


def _twice(statement: tree.Statement, first: Where) -> ConfigurationError:
    text = f"`{_title(statement)}` is given twice, first at {first}"
    return ConfigurationError(statement.where, text)


def _complaint(where: Where, keyword: str, text: str) -> ConfigurationError:
    subject = "" if text.startswith(keyword) else f"{keyword}: "
    return ConfigurationError(where, f"{subject}{text}")
