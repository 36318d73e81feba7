"""Events are values; a timer is called as the item that sets it."""

from dataclasses import fields
from typing import Any, get_args

import pytest

from imap4proxy.engine.events import Event, Received, Timer
from imap4proxy.section import CommandAcl, Imap4Proxy
from kernun_common.errors import Side
from kernun_common.netio.section import ClientConn

ITEMS = {
    field.name.replace("_", "-")
    for section in (CommandAcl, Imap4Proxy, ClientConn)
    for field in fields(section)
}


@pytest.mark.parametrize("event", get_args(Event))
def test_frozen(event: Any) -> None:
    assert event.__dataclass_params__.frozen


def test_octets_are_not_shown() -> None:
    assert "secret" not in repr(Received(Side.CLIENT, b"a1 LOGIN alice secret"))


@pytest.mark.parametrize("timer", set(Timer) - {Timer.PROGRESS}, ids=str)
def test_timer(timer: Timer) -> None:
    assert timer.value in ITEMS
