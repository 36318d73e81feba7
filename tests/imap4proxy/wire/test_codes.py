"""Response codes in the form of their RFC, and in others."""

import pytest

from imap4proxy.wire.codes import FORMS, expected
from imap4proxy.wire.names import RESPONSE_CODES

CASES = [
    (b"ALERT", b"", True),
    (b"ALERT", b"x", False),
    (b"READ-WRITE", b"", True),
    (b"BADCHARSET", b"", True),
    (b"BADCHARSET", b"(UTF-8)", True),
    (b"BADCHARSET", b"UTF-8", False),
    (b"CAPABILITY", b"IMAP4rev1 AUTH=PLAIN", True),
    (b"CAPABILITY", b"", False),
    (b"PERMANENTFLAGS", b"()", True),
    (b"PERMANENTFLAGS", b"(\\Deleted a \\*)", True),
    (b"PERMANENTFLAGS", b"\\*", False),
    (b"UIDNEXT", b"4392", True),
    (b"UIDNEXT", b"0", False),
    (b"UIDVALIDITY", b"3857529045", True),
    (b"UNSEEN", b"12", True),
    (b"UNSEEN", b"", False),
    (b"APPENDUID", b"38505 3955", True),
    (b"APPENDUID", b"38505 3955:3957,4000", True),
    (b"APPENDUID", b"38505", False),
    (b"COPYUID", b"38505 304,319:320 3956:3958", True),
    (b"COPYUID", b"38505 304", False),
    (b"HIGHESTMODSEQ", b"715194045007", True),
    (b"MODIFIED", b"7,9", True),
    (b"METADATA", b"LONGENTRIES 2199", True),
    (b"METADATA", b"TOOMANY", True),
    (b"METADATA", b"x", False),
    (b"MAILBOXID", b"(F2212ea87-6097)", True),
    (b"MAILBOXID", b"F2212ea87", False),
    (b"INPROGRESS", b'("A001" 454 1000)', True),
    (b"INPROGRESS", b"", True),
    (b"INPROGRESS", b"x", False),
    (b"X-FOO", b"", False),
    (b"REFERRAL", b"imap://x/", False),
]


@pytest.mark.parametrize("name, argument, form", CASES)
def test_expected(name, argument, form):
    assert expected(name, argument) == form


def test_every_form_is_of_a_known_code_and_has_cases():
    assert set(FORMS) <= RESPONSE_CODES
    assert set(FORMS) <= {name for name, _, _ in CASES}
