from __future__ import annotations

import pytest

from imap4proxy.section.warnings import warnings
from tests.support.configurations import BEFORE, proxy

RESOLVER = "resolver R { server [192.0.2.1]; } "
WARNINGS = [
    # body, what is warned of
    ("session-acl A { from [10.0.0.0/8]; deny; }", []),
    ("session-acl A { from *; deny; }", []),
    ("session-acl A { from *.example.org; accept; }", []),
    ("session-acl A {\nfrom [10.0.0.0/8];\nfrom { [::1], *.example.org }; deny; }", ["3: denies"]),
    ('session-acl A {\nfrom ~"x"; deny; }', ["2: denies"]),
    ("session-acl A {\nfrom ! { pc.example.org }; deny; }", ["2: denies"]),
    ("session-acl A {\nto pc.example.org port 143; deny; }", ["2: denies"]),
    ("command-acl A {\nfrom *.example.org; deny; }", ["2: denies"]),
    ("command-acl A {\nserver imap.example.org; deny; }", ["2: denies"]),
    ("command-acl A {\nserver *.example.org; deny; }", []),
    ("session-acl A { transparency non-transparent; accept; }", ["1: accepts only"]),
    ("session-acl A { transparency non-transparent; plug-to a.b : 1; accept; }", []),
    ("session-acl A { transparency non-transparent; deny; }", []),
    (
        "session-acl A { accept; }\ncommand-acl B {\nsession-acl { A, B, C*, ~\"D\" }; deny; }",
        ["3: there is no session-acl B"],
    ),
    ("session-acl A { accept; } command-acl B { session-acl ! { A }; deny; }", []),
    (
        "command-acl A { accept; }",
        ["1: A scans mails, and there is no mail-acl", "1: A scans mails, and there is no doc-acl"],
    ),
    ("command-acl A { accept; } mail-acl B { accept; } doc-acl C { accept; }", []),
    ("command-acl A { deny; }", []),
    ("mail-acl B {\ncommand-acl { A }; deny; }", ["2: there is no command-acl A"]),
    ("doc-acl C {\nmail-acl B; deny; }", ["2: there is no mail-acl B"]),
    ('chroot-dir "/x"; session-acl A {\nfrom *.example.org; accept; }', ["2: children cannot"]),
    (
        'chroot-dir "/x"; command-acl A {\nfrom ~"x"; no-mail-scanning; accept; }',
        ["2: children cannot"],
    ),
    ('chroot-dir "/x"; session-acl A { from { pc.example.org, [::1] }; accept; }', []),
    ('chroot-dir "/x"; use-resolver R; session-acl A { from *.example.org; accept; }', []),
]


@pytest.mark.parametrize("body, told", WARNINGS)
def test_warnings(body, told):
    found = list(warnings(proxy(body, BEFORE + RESOLVER)))
    assert len(found) == len(told)
    for (where, text), expected in zip(found, told):
        line, _, words = expected.partition(": ")
        assert where.line == int(line)
        assert words in text
