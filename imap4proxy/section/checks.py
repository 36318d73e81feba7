"""checks - which engines check a mail; imap4-proxy.cfg(5), antivirus(7).

    class CommandAcl(WithChecks, AclWithServer): ...        gives a section the items
    wanted(command_acl, command_acl.download)               what they say for a direction

See also: ../mail_check.py, which runs them.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Optional, Tuple, Union

from kernun_common.antispam.section import Antispam
from kernun_common.antivirus.section import Antivirus
from kernun_common.configuration.schema import Section, item, items, section
from kernun_common.errors import Where
from kernun_common.traffic_shaping.section import Queue


class UseAntivirus(NamedTuple):
    """An engine and the most octets of a mail that it gets; or none at all."""

    enable: Optional[Antivirus] = None
    size: Optional[int] = None
    disable: bool = False


class UseAntispam(NamedTuple):
    """Likewise."""

    enable: Optional[Antispam] = None
    size: Optional[int] = None
    disable: bool = False


class Checks(NamedTuple):
    """What is wanted of a mail; `mode` is the word of antivirus-mode, queues are of altq."""

    antivirus: Tuple[UseAntivirus, ...] = ()
    antispam: Optional[UseAntispam] = None
    mode: str = "lenient"
    to_antivirus: Optional[Queue] = None
    to_antispam: Optional[Queue] = None


@section("checks", "Which engines check a mail.")
class WithChecks(Section):
    """Stands in command-acl, download and upload; those of a direction win."""

    use_antivirus: Tuple[UseAntivirus, ...] = items(
        "disable | enable ref:antivirus [<size> size]",
        into=UseAntivirus,
        text="Have mails checked by this engine; several work at the same time. A mail larger than"
        " the size is skipped. With `disable`, no engine checks.",
    )
    use_antispam: Optional[UseAntispam] = item(
        "disable | enable ref:antispam [<size> size]",
        into=UseAntispam,
        text="Have the spam score of mails told by this engine; that of a mail larger than the size"
        " is unknown.",
    )

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        rows = self.use_antivirus
        if len(rows) > 1 and any(row.disable for row in rows):
            yield "use_antivirus", "`disable` stands alone"
        names = [row.enable.name for row in rows if row.enable is not None]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield self.place("use_antivirus", number), f"use-antivirus: {name} is given twice"


def wanted(every: WithChecks, direction: Optional[WithChecks], mode: str) -> Checks:
    """For one direction; each item that its section has wins over that of the command-acl."""
    antivirus, antispam = every.use_antivirus, every.use_antispam
    if direction is not None:
        antivirus = direction.use_antivirus or antivirus
        antispam = direction.use_antispam or antispam
    return Checks(
        tuple(row for row in antivirus if not row.disable),
        antispam if antispam is not None and not antispam.disable else None,
        mode,
    )
