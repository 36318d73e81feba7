"""Plain text in the language of manual pages."""

import subprocess

import pytest

from kernun_common.configuration import mdoc


@pytest.mark.parametrize(
    "text, lines",
    [
        ("", []),
        ("One.  Two? Three\n  four.", ["One.", "Two?", "Three four."]),
        ("About 1.5 of it.", ["About 1.5 of it."]),
        ("See netio(5).", ["See", ".Xr netio 5 ."]),
        ("ciphers(1ssl)", [".Xr ciphers 1ssl"]),
        ("netio(5), ssl(5) and imap4-proxy.cfg(5): all", [
            ".Xr netio 5 ,", ".Xr ssl 5", "and", ".Xr imap4-proxy.cfg 5 :", "all"]),
        ("The `a b`, and (`No`).", ["The", '.Ql "a b" ,', "and (", r".Ql \&No ) ."]),
        (".dot and 'quote", [r"\&.dot and 'quote"]),
        ("'quote", [r"\&'quote"]),
        (r"back\slash", [r"back\eslash"]),
        ("word " * 20, ["word " * 14 + "word", "word word word word word"]),
    ],
)
def test_prose(text, lines):
    assert mdoc.prose(text) == lines


@pytest.mark.parametrize(
    "text, argument",
    [("a", "a"), ("", '""'), ("a b", '"a b"'), ("No", r"\&No"), (";", r"\&;"), ("|", r"\&|"),
     ('"x"', r"\(dqx\(dq"), ("EN", "EN"), ("%A", r"\&%A"), ("...", r"\&...")],
)
def test_argument(text, argument):
    assert mdoc.argument(text) == argument


def test_paragraphs():
    assert mdoc.paragraphs("One.\n two.\n\n  Three.\n") == ["One. two.", ".Pp", "Three."]
    assert mdoc.paragraphs("") == []


def test_see_also():
    assert mdoc.see_also(["b(7)", "c(5)", "a(7)", "c(5)"]) == [
        ".Sh SEE ALSO", ".Xr c 5 ,", ".Xr a 7 ,", ".Xr b 7"
    ]


def test_any_text_is_shown_as_it_is():
    text = "".join(map(chr, range(33, 127)))
    page = [*mdoc.head("x", 5, "title", "July 1, 2026"), ".Sh DESCRIPTION", *mdoc.literal(text)]
    done = subprocess.run(
        ["mandoc", "-T", "ascii"], input="\n".join(page) + "\n", capture_output=True, text=True
    )
    assert text in done.stdout
