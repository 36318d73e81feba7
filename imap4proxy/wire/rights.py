"""rights - access control lists, quotas and the language of the server.

Sources: RFC 4314 (ACL), RFC 9208 and RFC 2087 (QUOTA), RFC 5255 section 3.2.
"""

from __future__ import annotations

import re

from .abnf import NUMBER64
from .parts import Astring
from .productions import list_of
from .scanner import Invalid, Scanner

_RIGHTS = re.compile(rb"[+-]?[a-z0-9]*")


def rights(scan: Scanner) -> None:
    """mod-rights = astring: ["+" / "-"] and lower-case letters and digits (section 2)"""
    value = scan.astring()
    if not _RIGHTS.fullmatch(value):
        raise Invalid("rights expected")
    scan.put(Astring(value))


def resource_limits(scan: Scanner) -> None:
    """setquota-list = "(" [setquota-resource *(SP setquota-resource)] ")" """
    list_of(scan, _resource, empty=True)


def _resource(scan: Scanner) -> None:
    """setquota-resource = resource-name SP resource-limit"""
    scan.put(scan.keyword())
    scan.put_sp()
    scan.put(b"%d" % scan.number(NUMBER64))
