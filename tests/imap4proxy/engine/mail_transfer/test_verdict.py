from dataclasses import FrozenInstanceError

import pytest

from imap4proxy.engine.mail_transfer.verdict import Verdict


def test_it_passes_as_it_is_unless_told_otherwise():
    verdict = Verdict(b"mail", None)
    assert (verdict.changed, verdict.denied, verdict.reason) == (False, False, None)
    with pytest.raises(FrozenInstanceError):
        verdict.denied = True
