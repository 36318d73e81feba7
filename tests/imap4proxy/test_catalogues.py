"""The catalogues are complete, and a line of IMAP is ASCII unless UTF-8 is enabled."""

import polib
import pytest

from imap4proxy.catalogues import load
from imap4proxy.texts import Text

CATALOGUES = load()
VALUES = {text: ("NOOP",) if "%s" in text.value else () for text in Text}


@pytest.mark.parametrize("text", Text)
def test_czech_is_complete(text):
    czech = CATALOGUES["CZ"].octets(text, *VALUES[text], utf8=True)
    assert text is Text.COMPLETED or czech != CATALOGUES["EN"].octets(text, *VALUES[text])


def test_the_czech_file_holds_nothing_else():
    from importlib.resources import files

    entries = polib.pofile(files("imap4proxy").joinpath("locale/cs.po").read_text("utf-8"))
    assert {entry.msgid for entry in entries} == {text.value for text in Text}


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("text", Text)
def test_ascii_form(language, text):
    octets = CATALOGUES[language].octets(text, *VALUES[text])
    assert octets.isascii() and b"?" not in octets and b"\n" not in octets


def test_utf8_form_is_the_clients_choice_and_the_languages():
    text = Text.NOT_PERMITTED
    assert CATALOGUES["CZ"].octets(text, utf8=True) == "Příkaz není povolen".encode()
    assert CATALOGUES["CZ-ASCII"].octets(text, utf8=True) == b"Prikaz neni povolen"
