"""naming - does it matter what a client is called?

    matter = Matter(proxy)                      once
    if matter.depends_on_names(accepted): ...   then they are looked up, and the engine is told

The names of a client are looked up before phase one, and only where they can decide
something: an ACL of phase one compares them, as far as the choice goes, or one of
phase two does.  So a name server that is silent holds up nobody else.
See also: phases.py, host-matching(7).
"""

from __future__ import annotations

from kernun_common.acl.choose import Miss, choose
from kernun_common.acl.condition import Answer
from kernun_common.acl.host_matching import needs_client_names
from kernun_common.acl.section import Acl

from ..section import Imap4Proxy, SessionAcl
from .events import Accepted
from .phases import facts_of


class Matter:
    """See the file's first lines."""

    def __init__(self, proxy: Imap4Proxy) -> None:
        self._session_acl = proxy.session_acl
        self._in_phase_1 = any(map(_compares_names, proxy.session_acl))
        self._in_phase_2 = any(map(_compares_names, proxy.command_acl))

    def depends_on_names(self, event: Accepted) -> bool:
        """`event` is without names."""
        if not (self._in_phase_1 or self._in_phase_2):
            return False
        choice = choose(self._session_acl, facts_of(event))
        return any(map(_is_open, choice.trail)) or (choice.accepted and self._in_phase_2)


def _is_open(miss: Miss[SessionAcl]) -> bool:
    """Was the ACL passed by because the names are not known?"""
    by_host = miss.condition.attribute == "from_" and miss.answer is Answer.CANNOT_TELL
    return by_host and _compares_names(miss.acl)


def _compares_names(acl: Acl) -> bool:
    return needs_client_names(acl.from_)
