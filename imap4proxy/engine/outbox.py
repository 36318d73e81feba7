"""outbox - collects the actions of one event, in an order that is right and cheap.

Octets for one side are joined, so that they leave in one system call, but for views
of a mail, which are not copied; a log
line is written when the octets are on their way; `Finish` is the last.
"""

from __future__ import annotations

from typing import Any, List, Union

from kernun_common.log.message import Message

from .actions import Action, Log, SendToClient, SendToServer

Octets = Union[bytes, memoryview]


class Outbox:
    def __init__(self) -> None:
        self._client: List[bytes] = []
        self._server: List[bytes] = []
        self._actions: List[Action] = []
        self._logs: List[Action] = []
        self._last: List[Action] = []

    def to_client(self, octets: Octets) -> None:
        if isinstance(octets, memoryview):
            self.add(SendToClient(octets))
        else:
            self._client.append(octets)

    def to_server(self, octets: Octets) -> None:
        if isinstance(octets, memoryview):
            self.add(SendToServer(octets))
        else:
            self._server.append(octets)

    def log(self, message: Message, fields: dict[str, Any]) -> None:
        self._logs.append(Log(message, fields))

    def add(self, action: Action) -> None:
        """An action that comes behind everything sent so far."""
        self._flush()
        self._actions.append(action)

    def end(self, action: Action) -> None:
        """The action behind which there is none."""
        self._last.append(action)

    def drain(self) -> List[Action]:
        """The actions collected since the last call."""
        self._flush()
        actions = self._actions
        if self._logs or self._last:
            actions = actions + self._logs + self._last
            self._logs, self._last = [], []
        self._actions = []
        return actions

    def _flush(self) -> None:
        if self._server:
            self._actions.append(SendToServer(b"".join(self._server)))
            self._server.clear()
        if self._client:
            self._actions.append(SendToClient(b"".join(self._client)))
            self._client.clear()
