"""Limits: those before login are the smaller ones."""

from __future__ import annotations

from imap4proxy.wire.limits import Bounds, Limits


def test_bounds() -> None:
    limits = Limits()
    assert limits.bounds(logged_in=False) == Bounds(8 * 1024, 8 * 1024, 64 * 1024)
    assert limits.bounds(logged_in=True) == Bounds(64 * 1024, 256 * 1024, 64 * 1024 * 1024)
    for before, after in zip(limits.bounds(False), limits.bounds(True)):
        assert before <= after
