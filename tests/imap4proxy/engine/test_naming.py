from datetime import datetime
from ipaddress import ip_address

import pytest

from imap4proxy.engine.events import Accepted
from imap4proxy.engine.naming import Matter
from kernun_common.sockaddr import Sockaddr
from tests.support.configurations import proxy

CLIENT = ip_address("10.1.2.3")

CASES = [
    # the ACLs, do names matter
    ("session-acl A { accept; } command-acl A { no-mail-scanning; accept; }", False),
    ("session-acl A { from pc.example.org; accept; }", False),  # a name of the configuration
    ("session-acl A { from *.example.org; accept; }", True),
    ('session-acl A { from ~"^pc"; deny; }', True),
    ("session-acl A { from ! *.example.org; accept; }", True),
    # settled by the address, whatever its names
    ("session-acl A { from { [10.0.0.0/8], *.example.org }; accept; }", False),
    ("session-acl A { from ! { [10.0.0.0/8], *.example.org }; accept; }", False),
    ("session-acl A { from { [192.0.2.0/24], *.example.org }; accept; }", True),
    # settled by an ACL before it
    ("session-acl A { from [10.0.0.0/8]; accept; } session-acl B { from *.x; deny; }", False),
    ("session-acl A { from [192.0.2.0/24]; accept; } session-acl B { from *.x; deny; }", True),
    # phase 2: whom phase 1 denies needs no names
    ("session-acl A { accept; } command-acl A { from *.x; deny; }", True),
    ("session-acl A { deny; } command-acl A { from *.x; deny; }", False),
    ("session-acl A { from [192.0.2.0/24]; accept; } command-acl A { from *.x; deny; }", False),
]


@pytest.mark.parametrize("acls, expected", CASES)
def test_names_matter(acls, expected):
    to = Sockaddr(ip_address("192.0.2.1"), 143)
    accepted = Accepted(Sockaddr(CLIENT, 1025), to, False, datetime(2026, 3, 2, 10))
    assert Matter(proxy(acls)).depends_on_names(accepted) is expected
