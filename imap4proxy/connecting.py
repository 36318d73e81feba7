"""connecting - what a session waits for: the connection to the server, and TLS on either side.

    connecting = Connecting(lanes, clock, waiter, contexts, log)
    event = connecting.connect(action, options, resolution)     conn-timeout at most
    event = connecting.secure(action)                           idle-timeout at most
    connecting.tls                      version and cipher of the sides that have it

The new connection is a lane of the session.  Both end when the program does.
See also: session.py, ../kernun_common/netio/connect.py, ../kernun_common/tls/upgrade.py.
"""

from __future__ import annotations

import time
from typing import Dict

from kernun_common.acl.facts import Resolution
from kernun_common.errors import PeerError, Side, Timeout, Unavailable
from kernun_common.log.message import Message
from kernun_common.log.sinks import Log
from kernun_common.netio import messages as netio_messages
from kernun_common.netio.conn import Conn
from kernun_common.netio.connect import connect
from kernun_common.netio.section import SockOpt
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.upgrade import upgrade

from .clock import Clock
from .engine import actions, events
from .lanes import Lanes

_ROLES = {Side.CLIENT: Role.SERVER, Side.SERVER: Role.CLIENT}


class Connecting:
    """See the file's first lines."""

    def __init__(
        self, lanes: Lanes, clock: Clock, waiter: Waiter, contexts: Contexts, log: Log
    ) -> None:
        self._lanes = lanes
        self._clock = clock
        self._waiter = waiter
        self._contexts = contexts
        self._log = log
        self.tls: Dict[Side, str] = {}

    def connect(
        self, action: actions.Connect, options: SockOpt, resolution: Resolution
    ) -> events.Event:
        try:
            sock, host, server = connect(
                action.candidates,
                options,
                resolution,
                self._waiter,
                self._write,
                action.sources,
            )
        except Unavailable as failure:
            return events.Unreachable(failure.what)
        try:
            own = Sockaddr.of(sock.getsockname())
            conn = Conn(sock, Side.SERVER, options)
        except OSError as error:
            sock.close()
            return events.Unreachable(f"{server}: {error.strerror}")
        self._write(netio_messages.CONNECTED, to=server, own=own)
        self._lanes.add(conn)
        return events.Connected(host, server)

    def secure(self, action: actions.Secure) -> events.Event:
        side, conn = action.side, self._lanes[action.side].conn
        context = self._contexts.get(action.params, _ROLES[side])
        deadline = self._clock.latest(time.monotonic())
        try:
            peer = upgrade(conn, context, action.name, self._waiter, deadline)
        except PeerError as failure:
            return events.Insecure(side, failure.reason)
        except Timeout as failure:
            return events.Insecure(side, f"{failure.which} in the handshake")
        self.tls[side] = f"{peer.version} {peer.cipher}"
        self._clock.heard(side, time.monotonic())
        return events.Secured(side, *peer)

    def _write(self, message: Message, **fields: object) -> None:
        self._log.write_fields(message, fields)
