"""mail_pool - section mail-pool: where mails wait while they are checked; imap4-proxy.cfg(5).

See also: ../spool.py.
"""

from __future__ import annotations

from kernun_common.configuration.schema import Section, item, section


@section("mail-pool", "Where mails wait while they are checked.")
class MailPoolSection(Section):
    """Only what is scanned is stored."""

    dir: str = item(
        "path",
        default="/var/spool/imap4-proxy",
        text="The folder of mails that are not held in memory. Its files have no names, so nothing"
        " is left in it when a process ends.",
    )
    memory: int = item(
        "size", default="1M", text="So many octets of the mails of a session are held in memory."
    )
    free: int = item(
        "size",
        default="100M",
        text="So many octets of the disk are left free; a mail for which there is no room is"
        " refused.",
    )
