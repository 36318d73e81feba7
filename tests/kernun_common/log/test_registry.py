"""registry: every row of the program is found, and no two bear one number."""

import sys
from types import ModuleType

import pytest

from kernun_common.log import messages
from kernun_common.log.message import Message, Severity
from kernun_common.log.registry import all_messages, messages_of

PACKAGES = ("kernun_common", "imap4proxy")


def row(number):
    return Message(f"TEST-{number:03}", Severity.NOTICE, "", "A row for the test.")


def test_messages_of_keeps_order():
    module = ModuleType("m")
    vars(module).update(b=row(2), a=row(1), other="no row")
    assert messages_of(module) == [row(2), row(1)]


def test_all_messages():
    rows = all_messages(*PACKAGES)
    assert set(messages_of(messages)) <= set(rows)
    numbers = [row.identification for row in rows]
    assert numbers == sorted(set(numbers)) and "IMAP-701" in numbers


@pytest.mark.parametrize("row", all_messages(*PACKAGES), ids=lambda row: row.identification)
def test_every_row_can_be_read_and_rendered(row):
    assert row.description.endswith(".") and row.description[0].isupper()
    assert row.render(dict.fromkeys(row.fields, "a value")).count('"a value"') == len(row.fields)


def test_number_given_twice(tmp_path, monkeypatch):
    package = tmp_path / "twice"
    for name in ("a", "b"):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").touch()
        (package / name / "messages.py").write_text(
            "from kernun_common.log.message import Message, Severity\n"
            f"ROW = Message('TEST-100', Severity.NOTICE, '', 'Of {name}.')\n"
        )
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="TEST-100 is given twice"):
        all_messages("twice")
    for name in [name for name in sys.modules if name.split(".")[0] == "twice"]:
        del sys.modules[name]
