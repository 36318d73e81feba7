"""section - netio(5): what the administrator may write about one connection."""

from __future__ import annotations

from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.schema import Section, item, section


@section("sock-opt", "Timeouts, buffers and socket options of one connection.")
class SockOpt(Section):
    """Times in seconds, sizes in octets."""

    conn_timeout: float = item(
        "seconds",
        default="75",
        check=nonzero,
        text="How long connecting to one server may take: its addresses are tried one after the"
        " other, each for an equal share of the time that is left.",
    )
    recv_timeout: float = item(
        "seconds",
        default="120",
        check=nonzero,
        text="How long the peer may be silent in the middle of a line or literal.",
    )
    send_timeout: float = item(
        "seconds",
        default="120",
        check=nonzero,
        text="How long the peer may take none of the octets that wait for it.",
    )
    close_timeout: float = item(
        "seconds",
        default="5",
        text="How long to wait for the peer to close its side, at the end.  0 means a TCP reset"
        " when the peer has not closed first.",
    )
    recv_bufsize: int = item(
        "size",
        default="16384",
        check=nonzero,
        text="How many octets are read at once.  Literals that only pass are moved in larger"
        " pieces.",
    )
    send_bufsize: int = item(
        "size",
        default="16384",
        check=nonzero,
        text="How many octets may wait for the peer before no more are read from the other side.",
    )
    keepalive: bool = item(
        "yes-no",
        default="yes",
        text="Whether the system probes a silent connection, and so notices a peer that vanished.",
    )
    ip_tos: int | None = item(
        "uint8",
        text="The type of service (DSCP and ECN octet) of the packets sent; the system's default"
        " if not given.",
    )


@section("conn", "A connection of a session.")
class SessionConn(SockOpt):
    """Base of both."""

    log_limit: int | None = item(
        "size",
        text="At the log's level full, so many octets are logged of what is sent at once, and of"
        " what comes from a server; `data-limit` of the log if not given. Nothing is shown until"
        " the client is authenticated.",
    )


@section("client-conn", "The connection from the client.", omit=("conn_timeout",))
class ClientConn(SessionConn):
    """Towards the client nothing is connected, so it has no conn-timeout."""

    command_timeout: float = item(
        "seconds",
        default="120",
        check=nonzero,
        text="How long a command may take to arrive, whatever its pace; its literals do not count.",
    )
    login_timeout: float = item(
        "seconds",
        default="180",
        check=nonzero,
        text="How long a client may take from the greeting to being authenticated.",
    )


@section("server-conn", "The connection to the server.")
class ServerConn(SessionConn):
    """A server that says nothing at all is found out by recv-timeout, too."""

    recv_timeout: float = item(
        "seconds",
        default="120",
        check=nonzero,
        text="How long the server may be silent in the middle of a line or literal, and until it"
        " has greeted and answered what the proxy asks before the client's first command.",
    )
