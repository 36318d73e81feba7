"""subject - what monitoring has to know of a proxy beside the section monitoring.

    subject = subject_of(program, section, privileges)

See also: ../monitoring/facility.py.
"""

from __future__ import annotations

from typing import Dict, List, Optional

from kernun_common.acl.section import Acl
from kernun_common.configuration.schema import PartRow
from kernun_common.log.registry import all_messages
from kernun_common.monitoring.facility import Subject
from kernun_common.monitoring.publish import Owner

from .privileges import Privileges
from .program import Program
from .section import Application


def subject_of(program: Program, section: Application, privileges: Privileges) -> Subject:
    return Subject(
        program=program.name,
        name=section.name,
        slots=section.tcpserver.max_children,
        acls=_acls(section),
        messages=all_messages(*program.packages),
        owner=owner_of(privileges),
        root=privileges.root or "/",
    )


def _acls(section: Application) -> Dict[str, List[str]]:
    """The names of the ACLs by the keywords of their layers, in the order of the phases."""
    found = {}
    for attribute, row in section.TABLE.rows.items():
        if isinstance(row, PartRow) and row.repeatable and issubclass(row.section, Acl):
            found[row.section.TABLE.keyword] = [acl.name for acl in getattr(section, attribute)]
    return found


def owner_of(privileges: Privileges) -> Optional[Owner]:
    """Who writes the file of monitoring; None: who starts the proxy."""
    if privileges.user is None or privileges.group is None:
        return None
    others = [group for group in privileges.groups if group != privileges.group]
    return Owner(privileges.user, (privileges.group, *others))
