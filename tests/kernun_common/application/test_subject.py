"""subject: names, ACLs and messages come from where they are declared."""

import pytest

from imap4proxy.main import PROGRAM
from kernun_common.application.privileges import Privileges
from kernun_common.application.subject import subject_of
from kernun_common.monitoring.publish import Owner
from tests.support.configurations import proxy

SECTION = proxy(
    "tcpserver { max-children 77; } session-acl A { deny; } session-acl B { deny; }"
    " command-acl C { no-mail-scanning; accept; }"
)


def test_what_it_tells():
    subject = subject_of(PROGRAM, SECTION, Privileges())
    assert (subject.program, subject.name, subject.slots) == ("imap4-proxy", "MAIL", 77)
    layers = {"session-acl": ["A", "B"], "command-acl": ["C"], "mail-acl": [], "doc-acl": []}
    assert subject.acls == layers
    assert (subject.owner, subject.root) == (None, "/")
    components = {message.component for message in subject.messages}
    assert {"IMAP", "TCPS", "MNTR", "APPL"} <= components


OWNERS = [
    # privileges, the owner and the root of the helper
    (Privileges(root="/jail"), None, "/jail"),
    (Privileges(7, 8, (3, 8, 9)), Owner(7, (8, 3, 9)), "/"),
]


@pytest.mark.parametrize("privileges, owner, root", OWNERS)
def test_what_the_helper_becomes(privileges, owner, root):
    subject = subject_of(PROGRAM, SECTION, privileges)
    assert (subject.owner, subject.root) == (owner, root)
