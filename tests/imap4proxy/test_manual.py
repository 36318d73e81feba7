"""Section 5 says what the rows say, both ways, and configuration(7) explains all types.

That the pages are those that the rows make now is checked by tests/test_man.py.
"""

import re
from pathlib import Path

import pytest

from imap4proxy import VERSION_TAG, manual
from imap4proxy.section import ROOT
from kernun_common.application.test_expr import Expression
from kernun_common.configuration.kinds import BUILT_IN
from kernun_common.configuration.loader import load
from kernun_common.configuration.parser import parse
from kernun_common.configuration.schema import ItemRow, PartRow
from kernun_common.configuration.text import keyword_of

MAN = Path(__file__).parent.parent.parent / "man"
SOURCES = manual.sources()
SECTIONS = [(page, cls) for page in manual.PAGES for cls in page.sections]


def told(page, cls):
    """What the page says of a section: keyword and default of each entry, what it is like."""
    text = (MAN / "man5" / f"{page.name}.5").read_text()
    part = re.search(rf"^\.Ss {cls.TABLE.keyword}$(.*?)^\.S[sh] ", text, re.M | re.S)[1]
    entries = {}
    for entry in part.split("\n.It Ic ")[1:]:
        default = re.search(r"^The default is\n\.Cm (.*) \.$", entry, re.M)
        entries[entry.split()[0]] = default[1] if default else None
    like, _, without = part.split(".Bl")[0].partition("\nwithout\n")
    like = re.findall(r"^(?:It has the items|and) of\n\.Ql ([a-z0-9-]+)", like, re.M)
    without = re.findall(r"^\.Ql ([a-z0-9-]+)", without, re.M)
    return entries, like, set(without)


def declared(cls):
    """Keyword and default of each row."""
    return {
        keyword_of(attribute): row.default if isinstance(row, ItemRow) else None
        for attribute, row in cls.TABLE.rows.items()
    }


@pytest.mark.parametrize("page, cls", SECTIONS, ids=lambda one: getattr(one, "__name__", one.name))
def test_what_a_page_tells_is_declared_and_the_reverse(page, cls):
    entries, like, without = told(page, cls)
    base = {}
    for word in like:
        [other] = [
            other for _, other in SECTIONS
            if other.TABLE.keyword == word and issubclass(cls, other)
        ]
        base |= declared(other)
    assert without == set(base) - set(declared(cls))
    inherited = {word: default for word, default in base.items() if word not in without}
    assert {**inherited, **entries} == declared(cls)


def reachable(classes):
    for cls in classes:
        yield cls
        rows = cls.TABLE.rows.values()
        yield from reachable(row.section for row in rows if isinstance(row, PartRow))


SHOWN = dict.fromkeys(reachable((*ROOT, Expression)))


@pytest.mark.parametrize("cls", SHOWN, ids=lambda cls: cls.__name__)
def test_every_section_has_its_page(cls):
    assert cls in [other for _, other in SECTIONS]


@pytest.mark.parametrize("page", manual.PAGES, ids=lambda page: page.name)
def test_an_example_is_right(page, tmp_path):
    assert parse(page.example, page.name).errors == ()
    if page.example.startswith("version"):
        (tmp_path / "x.cfg").write_text(page.example)
        assert load(str(tmp_path / "x.cfg"), ROOT, VERSION_TAG).members


def test_every_type_is_explained():
    page = (MAN / "man7" / "configuration.7").read_text()
    explained = re.findall(r"[a-z0-9-]+", " ".join(re.findall(r"^\.It Ar (.*)$", page, re.M)))
    assert set(explained) == BUILT_IN


def test_the_example_of_the_language_is_right(tmp_path):
    page = (MAN / "man7" / "configuration.7").read_text()
    example = re.search(r"^version IMAP.*?(?=^\.Ed)", page, re.M | re.S)[0]
    (tmp_path / "x.cfg").write_text(example)
    (tmp_path / "listen-on.cfg").write_text("listen-on { non-transparent [127.0.0.1] port 143; }")
    assert load(str(tmp_path / "x.cfg"), ROOT, VERSION_TAG).members


def test_write(tmp_path):
    (tmp_path / "man5").mkdir()
    (tmp_path / "man5" / "own.5").write_text("by hand")
    (tmp_path / "man5" / "old.5").write_text(next(iter(SOURCES.values())))
    manual.main([str(tmp_path)])
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.[56]")}
    assert written == {*SOURCES, Path("man5/own.5")}
