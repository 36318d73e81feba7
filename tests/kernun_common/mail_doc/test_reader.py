"""Other ways to read a mail than the usual one, which test_mime.py is of."""

import pytest

from kernun_common.mail_doc.choice import Choice
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.reader import read

B = b"--b\r\n\r\nx\r\n--b--\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b"

CASES = [
    # mail, choice, bodies of the leaves otherwise, and by this choice
    (MIXED + b"\r\nContent-Type: text/html\r\n\r\n" + B, Choice(last=True), [b"x"], [B]),
    (MIXED + b"; boundary=c\r\n\r\n" + B, Choice(last=True), [b"x"], [B]),
    (MIXED + b"\r\n\r\n--bc\r\n\r\nx\r\n--b--", Choice(whole_lines=True), [b"x"], None),
    (MIXED + b"\r\n\r\n--b \t\r\n\r\nx\r\n--b-- ", Choice(whole_lines=True), [b"x"], [b"x"]),
    (MIXED + b"\r\n\r\n--b\r\n\r\nx\r\n--b--c", Choice(whole_lines=True), [b"x"], [b"x\r\n--b--c"]),
    (b'Content-Type: "multipart/mixed boundary=b\r\n\r\n' + B, Choice(loose=True), [B], [b"x"]),
    (b"A: b\r\n \r\nC: d\r\n\r\nx", Choice(early=True), [b"x"], [b"C: d\r\n\r\nx"]),
    (b"A: b\r\ntext\r\n\r\nx", Choice(early=True), [b"x"], [b"text\r\n\r\nx"]),
    (b"A: b\r\n c\r\nD-e : f\r\n\r\nx", Choice(early=True), [b"x"], [b"x"]),
    (b" \r\nx", Choice(early=True), [b""], [b"x"]),
]


def leaves(octets, part):
    if not part.children:
        return [part.body.of(octets)]
    return [body for child in part.children for body in leaves(octets, child)]


@pytest.mark.parametrize("mail, choice, usual, chosen", CASES)
def test_choices(mail, choice, usual, chosen):
    assert leaves(mail, read(mail, Limits()).root) == usual
    body = [mail.partition(b"\r\n\r\n")[2]]
    assert leaves(mail, read(mail, Limits(), choice).root) == (chosen or body)


NOTES = [
    (MIXED + b"\r\n\r\n" + B, []),
    (MIXED + b"\r\n\r\n" + B + b"epilogue\r\n", []),
    (MIXED + b"\r\n\r\n" + B + B, ["boundary-after-end"]),
    (MIXED + b"\r\n\r\n--b\r\n", ["boundary-unclosed"]),
    (MIXED + b"\r\n\r\n--b--\r\n", ["boundary-unused"]),
    (MIXED + b"\r\n\r\n--bc\r\n\r\n--bd\r\n\r\n--b--\r\n", ["boundary-line"]),
    (MIXED + b"\r\n\r\n--b\r\nA: b\r\n--b--\r\n", ["header-without-end"]),
    (MIXED + b"\r\n\r\n--b\r\nA: b\r\n\r\n--b--\r\n", []),
    (b"Content-Type: multipart/mixed\r\n\r\n" + B, ["boundary-missing"]),
]


@pytest.mark.parametrize("mail, names", NOTES)
def test_notes(mail, names):
    assert [note.name for note in read(mail, Limits()).notes] == names
