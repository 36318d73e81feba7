"""STORE: canonical form, what it needs, what is refused."""

from __future__ import annotations

import pytest

from ...support.command_reading import check_malformed, check_written

WRITTEN = [
    # octets, canonical form, what it needs
    (b"store 1 flags \\seen", b"STORE 1 FLAGS (\\Seen)"),
    (b"STORE 1:2 +flags.silent (\\DELETED $x)", b"STORE 1:2 +FLAGS.SILENT (\\Deleted $x)"),
    (b"UID STORE 5 -FLAGS \\Seen \\Extra kw", b"UID STORE 5 -FLAGS (\\Seen \\Extra kw)"),
    (b"STORE 1 FLAGS ()", b"STORE 1 FLAGS ()"),
    (b"STORE $ +FLAGS (a)", b"STORE $ +FLAGS (a)", b"SEARCHRES"),
    (b"STORE 1 (unchangedsince 320162338) +FLAGS.SILENT (\\Deleted)",
     b"STORE 1 (UNCHANGEDSINCE 320162338) +FLAGS.SILENT (\\Deleted)", b"CONDSTORE"),
    (b"STORE 1 (UNCHANGEDSINCE 0) FLAGS (a)", b"STORE 1 (UNCHANGEDSINCE 0) FLAGS (a)",
     b"CONDSTORE"),
    (b'STORE 1 +x-gm-labels ("a b" \\Inbox foo)', b'STORE 1 +X-GM-LABELS ("a b" \\Inbox foo)',
     b"X-GM-EXT-1"),
    (b"STORE 1 -X-GM-LABELS {3}\r\na b", b'STORE 1 -X-GM-LABELS ("a b")', b"X-GM-EXT-1"),
]
MALFORMED = [
    b"STORE", b"STORE 1", b"STORE 1 FLAGS", b"STORE 1 FLAGS ", b"STORE 1 FLAGS (\\Seen",
    b"STORE 1 FLAGS \\Seen)", b"STORE 1 FLAGS (\\Seen) x", b"STORE 1 *FLAGS (a)",
    b"STORE 1 FLAGSX (a)",
    b"STORE 1 FLAGS (\\)", b"STORE 1 FLAGS (\\*)", b"STORE 1 FLAGS (\\Recent)",
    b'STORE 1 FLAGS ("a")',
    b"STORE 1 FLAGS (a]b)", b"STORE 1 FLAGS.LOUD (a)", b"STORE 1 () FLAGS (a)",
    b"STORE 1 (UNCHANGEDSINCE) FLAGS (a)", b"STORE 1 (CHANGEDSINCE 1) FLAGS (a)",
    b"STORE 1 FLAGS (\\Seen  a)", b"STORE 1 FLAGS(a)", b"STORE 1 FLAGS {4+}\r\nSeen",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")
