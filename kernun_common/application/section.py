"""section - what the administrator may write about any daemon; application(5).

A proxy's own section is derived from this one:

    @section("imap4-proxy", "...", named=True)
    class Imap4Proxy(Application): ...
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.schema import Section, item, key, part, section
from kernun_common.log.section import LogDebug, LogStats
from kernun_common.monitoring.section import Monitoring
from kernun_common.resolving.section import Resolver
from kernun_common.tcpserver.section import ListenOn, TcpServer


class AppUser(NamedTuple):
    """Names of the user and of the group; checked by ../privileges.py."""

    user: str
    group: Optional[str]


@section("application", "What all proxies have in common.", named=True)
class Application(Section):
    """Logs, processes and sockets of one proxy."""

    log_debug: LogDebug = part(LogDebug, text="Where all messages but the statistics go.")
    log_stats: LogStats = part(LogStats, text="Where the record of each session goes.")
    use_resolver: Optional[Resolver] = item(
        "ref:resolver",
        text="Look names up as this section says, resolving(5); by the system's resolver if not"
        " given.",
    )
    cfg_resolution: float = item(
        "refresh seconds",
        default="refresh 300",
        check=nonzero,
        text="Look the names in the configuration up again after this time, or after the time to"
        " live of the answer if that is longer.",
    )
    monitoring: Monitoring = part(
        Monitoring, text="How the proxy shows what its sessions do; on if not given."
    )
    nodaemon: bool = key(
        text="Stay in the foreground; if one proxy of a file does, all of them do.  Implied"
        " where NOTIFY_SOCKET is set in the environment, as systemd does."
    )
    singleproc: bool = key(
        text="Serve one session at a time in one process, for debugging; tcpserver has no effect"
        " then, but for its queue-size."
    )
    pid_file: Optional[str] = item(
        "path",
        text="Write the number of the parent process to this file, and remove it at the end.",
    )
    app_user: Optional[AppUser] = item(
        "<user> str [group str]",
        into=AppUser,
        text="Children become this user; without a group they get all groups of the user,"
        " otherwise this one alone.",
    )
    chroot_dir: Optional[str] = item(
        "path",
        text="Children take this folder for the root of all files; whatever they open while they"
        " run has to be below it.",
    )
    listen_on: ListenOn = part(ListenOn, mandatory=True, text="Where the proxy listens.")
    tcpserver: TcpServer = part(TcpServer, text="The processes that serve clients.")
