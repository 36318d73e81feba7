"""data_log - the full data log: what is said to each side, and what the server says.

    data = DataLog(engine, proxy, log)
    actions = data.feed(event, now)         as engine.feed, which it stands before

For sessions at the log's level `full` only.  What the client says is never told as it is: what
the server gets of it, written anew, is.  Until an event finds the client authenticated, nothing
is: any octets then may be of a password, or of a line that was meant for one.  Of octets that go
past the engine (actions.Relay) only the number is known.
See also: log-limit in netio(5), engine/states.py.
"""

from __future__ import annotations

from typing import List, Tuple, Union

from kernun_common.errors import Side
from kernun_common.log.message import LEVELS, Message
from kernun_common.log.sinks import Log
from kernun_common.netio import messages
from kernun_common.secret import Secret

from .engine.actions import Action, Relay, SendToClient, SendToServer
from .engine.engine import Engine
from .engine.events import Event, Received
from .engine.states import State
from .section import Imap4Proxy

LEVEL = LEVELS["full"]

_KNOWN = frozenset({State.AUTHENTICATED, State.SELECTED})
_SENT = {SendToClient: messages.DATA_TO_CLIENT, SendToServer: messages.DATA_TO_SERVER}
_RELAYED = {  # by where the octets come from
    Side.SERVER: messages.DATA_TO_CLIENT,
    Side.CLIENT: messages.DATA_TO_SERVER,
}

Octets = Union[bytes, memoryview]


class DataLog:
    """Of one session."""

    def __init__(self, engine: Engine, proxy: Imap4Proxy, log: Log) -> None:
        self._engine = engine
        self._log = log
        client, server = proxy.client_conn.log_limit, proxy.server_conn.log_limit
        self._limits = {
            messages.DATA_TO_CLIENT: client,
            messages.DATA_TO_SERVER: server,
            messages.DATA_FROM_SERVER: server,
        }

    def feed(self, event: Event, now: float) -> List[Action]:
        """See the file's first lines."""
        conversation = self._engine.conversation
        before = conversation.state
        actions = self._engine.feed(event, now)
        # An event that brings a session back to where a password is asked for is hidden as well.
        shown = before in _KNOWN and conversation.state is not State.NOT_AUTHENTICATED
        if isinstance(event, Received) and event.side is Side.SERVER:
            self._write(messages.DATA_FROM_SERVER, event.octets, shown)
        for action in actions:
            if isinstance(action, (SendToClient, SendToServer)):
                self._write(_SENT[type(action)], action.octets, shown)
            elif isinstance(action, Relay):
                fields = {"size": action.octets, "data": None}
                self._log.write_fields(_RELAYED[action.source], fields)
        return actions

    def _write(self, message: Message, octets: Octets, shown: bool) -> None:
        limit = self._limits[message]
        limit = self._log.data_limit if limit is None else limit
        size, data = _told(octets, limit) if shown else (Secret(b""), Secret(b""))
        self._log.write_fields(message, {"size": size, "data": data}, limit)


def _told(octets: Octets, limit: int) -> Tuple[int, bytes]:
    """The size, and no more octets than are needed to see that they are too many."""
    return len(octets), bytes(octets[: limit + 1])
