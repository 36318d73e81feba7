from __future__ import annotations

from imap4proxy.engine.processing import Processed, Quarantine


def test_a_mail_does_not_stand_in_a_representation():
    kept = Quarantine("/q", "a@b", {"subject": ["secret"]})
    assert "secret" not in repr(Processed("a@b", pieces=(b"secret",), quarantine=kept))
