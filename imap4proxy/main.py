"""main - imap4-proxy(8): its name, its sections, and what serves a session."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from datetime import datetime
from typing import Optional

from kernun_common.application.program import Means, Program
from kernun_common.application.run import run
from kernun_common.auth.presence import NOBODY, Users
from kernun_common.errors import Side
from kernun_common.netio import messages as netio_messages
from kernun_common.netio.conn import Conn
from kernun_common.netio.waiting import Waiter
from kernun_common.tcpserver.arrival import Arrival
from kernun_common.tcpserver.service import Serve
from kernun_common.tcpserver.stopping import Stopping

from . import VERSION_TAG, catalogues, record
from .contexts import contexts_of
from .engine.events import Accepted
from .engine.naming import Matter
from .mail_means import MailMeans
from .processing_tools import tools_of
from .section import ROOT, Imap4Proxy
from .session import Session, Tools
from .wire.response_limits import ResponseLimits
from .wire.response_reader import ResponseReader


def prepare(proxy: Imap4Proxy, means: Means) -> Serve:
    """In the parent: everything that a session needs and a child must not read any more."""
    _warm_up(proxy)
    tools = Tools(
        catalogues.load(),
        contexts_of(proxy),
        MailMeans.of(proxy, means.log, means.shape, means.sparing),
        replace(tools_of(proxy), sparing=means.sparing),
        means.log,
        means.title,
        means.seat,
        means.shape,
    )
    matter, naming = Matter(proxy), means.naming
    users = _users(proxy, means)

    def serve(sock: socket.socket, arrival: Arrival, stopping: Stopping) -> None:
        resolution = naming.resolution()
        presence = NOBODY
        if users is not None and not arrival.probe:
            presence = users.of(arrival.client.address, resolution)
        accepted = Accepted(
            arrival.client,
            arrival.to,
            arrival.transparent,
            datetime.now(),
            user=presence.user,
            resolution=resolution,
            probe=arrival.probe,
        )
        if matter.depends_on_names(accepted):
            waiter = Waiter(stopping.fd, wakeup=stopping.wakeup)
            names = naming.client_names(arrival.client.address, waiter.until)
            accepted = replace(accepted, client_names=names)
        try:
            client = Conn(sock, Side.CLIENT, proxy.client_conn)
        except OSError as error:
            reason = error.strerror
            means.log.write(netio_messages.NOT_SET_UP, peer=arrival.client, reason=reason)
            return
        Session(client, accepted, proxy, tools, stopping, presence).serve()
        tools.mails.forget()

    return serve


def _users(proxy: Imap4Proxy, means: Means) -> Optional[Users]:
    """Where they are looked up; None: no session has one."""
    if proxy.auth.oob is None:
        return None
    return Users(proxy.auth.oob, means.log, proxy.chroot_dir)


def _warm_up(proxy: Imap4Proxy) -> None:
    """What takes time, or files that a child may not see; it is remembered over the fork."""
    for utf8 in (False, True):  # compiles the grammar of responses: some 0.2 s each
        ResponseReader(ResponseLimits()).utf8 = utf8
    for acl in proxy.session_acl:
        for server in acl.plug_to:
            record.service_name(server.port)


PACKAGES = ("kernun_common", "imap4proxy")
PROGRAM = Program("imap4-proxy", VERSION_TAG, ROOT, "imap4-proxy", prepare, PACKAGES)


def main() -> int:
    return run(PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
