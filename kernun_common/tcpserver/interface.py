"""interface - a network device under the administrator's own name, interface(5).

    hosts_of(interface, aliases)        what aliases of these names stand for; all if None

See also: listen_rows.py, where rows refer to it.
"""

from __future__ import annotations

import re
from typing import Optional, Tuple

from kernun_common.acl.data_matching import matches
from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.schema import Section, item, parts, section
from kernun_common.configuration.types import Host, StrSet

# netdevice(7) allows more, but nobody uses it, and rule sets take the name as it is.
_DEVICE = re.compile(r"[A-Za-z0-9_.:@-]{1,15}", re.ASCII)

device_name = Constraint(
    "must be the name of a device: at most 15 letters, digits and any of _.:@-",
    lambda dev: _DEVICE.fullmatch(dev) is not None,
)


@section("alias", "One address of the device.", named=True)
class Alias(Section):
    """A name for it, by which rows of listen-on choose."""

    addr: Host = item(
        "host", mandatory=True, text="The address; a name stands for all its addresses."
    )


@section("interface", "A network device of this machine, and names for its addresses.", named=True)
class Interface(Section):
    """What `iface` in listen-on refers to."""

    dev: str = item(
        "str", mandatory=True, check=device_name, text="The name that the system has for it."
    )
    alias: Tuple[Alias, ...] = parts(
        Alias, text="Names for addresses of the device, for rows that mean not all of them."
    )


def hosts_of(interface: Interface, aliases: Optional[StrSet]) -> Optional[Tuple[Host, ...]]:
    """None: whatever addresses the device has."""
    if aliases is None:
        return None
    return tuple(alias.addr for alias in interface.alias if matches((alias.name,), aliases))
