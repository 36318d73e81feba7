import pytest

from kernun_common.mail_doc.scanner import TOKEN, Scanner

CASES = [
    # value, what is left after skipping
    (b"a", b"a"),
    (b" \t\r\n a", b"a"),
    (b"(comment)a", b"a"),
    (b" (one) (two)a", b"a"),
    (b"(a(b)c)d", b"d"),
    (rb"(\)\()d", b"d"),
    (b"(open", b""),
    (b"(open(more)", b""),
    (b"(\\", b""),
    (b")a", b")a"),
    (b"(" * 100000 + b")" * 100000 + b"x", b"x"),
]


@pytest.mark.parametrize("value, left", CASES)
def test_skip(value, left):
    scanner = Scanner(value)
    scanner.skip()
    assert value[scanner.at :] == left


def test_token_is_that_of_rfc_2045_and_eight_bit():
    special = set(b'()<>@,;:\\"/[]?=') | set(range(33)) | {127}
    for octet in range(256):
        assert bool(TOKEN.fullmatch(bytes([octet]))) == (octet not in special)
