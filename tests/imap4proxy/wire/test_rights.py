"""Access control lists and quotas: canonical form, what they need, what is refused."""

from __future__ import annotations

import pytest

from ...support.command_reading import check_malformed, check_written

WRITTEN = [
    # octets, canonical form, what it needs
    (b"setacl inbox fred rwip", b"SETACL INBOX fred rwip", b"ACL"),
    (b'SETACL "a b" "Fred Foo" +lr', b'SETACL "a b" "Fred Foo" +lr', b"ACL"),
    (b'SETACL a -fred ""', b'SETACL a -fred ""', b"ACL"),
    (b"deleteacl a fred", b"DELETEACL a fred", b"ACL"),
    (b"listrights a fred", b"LISTRIGHTS a fred", b"ACL"),
    (b"getacl a", b"GETACL a", b"ACL"),
    (b"myrights inbox", b"MYRIGHTS INBOX", b"ACL"),
    (b'getquota ""', b'GETQUOTA ""', b"QUOTA"),
    (b"getquotaroot inbox", b"GETQUOTAROOT INBOX", b"QUOTA"),
    (b'setquota "" (storage 512 MESSAGE 00)', b'SETQUOTA "" (STORAGE 512 MESSAGE 0)',
     b"QUOTA|QUOTASET"),
    (b"SETQUOTA #user ()", b"SETQUOTA #user ()", b"QUOTA|QUOTASET"),
]
MALFORMED = [
    b"SETACL a", b"SETACL a b", b"SETACL a b LR", b"SETACL a b ++l", b"SETACL a b l r", b"GETACL",
    b"SETACL a b l-r", b"DELETEACL a", b"LISTRIGHTS a", b"MYRIGHTS a b", b"GETQUOTA",
    b"GETQUOTA a b",
    b'SETQUOTA ""', b'SETQUOTA "" STORAGE 512', b'SETQUOTA "" (STORAGE)',
    b'SETQUOTA "" (STORAGE -1)',
    b'SETQUOTA "" (STORAGE 9223372036854775808)', b'SETQUOTA "" (512)',
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")
