"""admission - who may ask over HTTP?  [P]

    admits(http, address)       `http` is the item of the section

Without `from` those of the loopback.  With it those of its set, and no others.
"""

from __future__ import annotations

from datetime import datetime

from kernun_common.acl import host_matching
from kernun_common.acl.condition import Answer
from kernun_common.acl.facts import Facts
from kernun_common.sockaddr import Address, Sockaddr

from .section import Http


def admits(http: Http, address: Address) -> bool:
    if http.from_ is None:
        return address.is_loopback
    client = Sockaddr(address, 0)
    facts = Facts(client=client, to=client, transparent=False, when=datetime.min)
    return host_matching.client(http.from_, facts) is Answer.YES
