"""Actions are values; whoever plays a session performs all of them."""

from typing import Any, get_args

import pytest

from imap4proxy.engine.actions import Action, Finish, Log, SendToClient, SendToServer
from tests.support.stage import Stage, configured


@pytest.mark.parametrize("action", get_args(Action))
def test_frozen(action: Any) -> None:
    assert action.__dataclass_params__.frozen


@pytest.mark.parametrize("action", [SendToClient, SendToServer])
def test_octets_are_not_shown(action: Any) -> None:
    assert "secret" not in repr(action(b"a1 LOGIN alice secret"))


def test_finish_is_the_last() -> None:
    """... of a client who is denied at once, too."""
    stage = Stage(configured(session_acl="from { [10.0.0.0/8] };"))
    assert isinstance(stage.done[-1], Finish)
    assert all(isinstance(action, Log) for action in stage.done[:-1])
