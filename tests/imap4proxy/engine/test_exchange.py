"""Everything that speaks in lines is an exchange."""

import pytest

from imap4proxy.engine.authenticate import Authentication
from imap4proxy.engine.exchange import Exchange
from imap4proxy.engine.idle import Idle

VERBS = [name for name in vars(Exchange) if not name.startswith("_")]


@pytest.mark.parametrize("exchange", [Authentication, Idle])
def test_it_has_the_verbs(exchange: type) -> None:
    assert VERBS == ["line_due", "on_continuation", "on_line"]
    assert all(hasattr(exchange, name) for name in VERBS)
