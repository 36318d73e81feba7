from __future__ import annotations

import email

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.antivirus.status import Status
from kernun_common.mail_doc.ambiguity_names import LASTING
from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.file_name import file_names
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from tests.corpus.clear_mails import CLEAR_MAILS
from tests.corpus.two_readings import TWO_READINGS
from tests.imap4proxy.engine.processing.scene import Said, Scene
from tests.support.mail_samples import gzipped, mixed, part
from tests.support.mail_trees import leaf, mail, multipart, trees

ID = b"Message-ID: <m@x>\r\n"
EXE = b"Content-Type: application/x; name=a.exe\r\n\r\nMZ"
MAIL = ID + mail(multipart("x", leaf(b"a"), EXE))
ALL = "mail-acl ALL { accept; } doc-acl ALL { accept; }"
M3 = "IMAP-760 ACL PHASE=3M MSGID=m@x SPAM=unknown VIR=free PARENT=COMMANDS"
D3 = "IMAP-770 ACL PHASE=3D MSGID=m@x"

CASES = [
    # acls, denied, reason, log
    (
        ALL,
        False,
        None,
        [
            f"{M3} NAME=ALL ACCEPTED",
            f"{D3} DOC=1 TYPE=text/plain PARENT=ALL NAME=ALL ACCEPTED",
            f"{D3} DOC=2:a.exe TYPE=application/x-dosexec PARENT=ALL NAME=ALL ACCEPTED",
        ],
    ),
    ("mail-acl A { deny; }", True, None, [f"{M3} NAME=A REJECTED"]),
    ('mail-acl A { deny text "Not this"; }', True, "Not this", [f"{M3} NAME=A REJECTED"]),
    ("doc-acl D { accept; }", True, None, [f"{M3} NAME=<NULL> REJECTED"]),
    (
        "mail-acl A { accept; }",
        True,
        None,
        [
            f"{M3} NAME=A ACCEPTED",
            f"{D3} DOC=1 TYPE=text/plain PARENT=A NAME=<NULL> REJECTED",
            f"{D3} DOC=2:a.exe TYPE=application/x-dosexec PARENT=A NAME=<NULL> REJECTED",
        ],
    ),
    (
        'mail-acl A { accept; } doc-acl T { mime-type text/*; accept; }'
        ' doc-acl E { deny text "no"; }',
        True,
        "no",
        [
            f"{M3} NAME=A ACCEPTED",
            f"{D3} DOC=1 TYPE=text/plain PARENT=A NAME=T ACCEPTED",
            f"{D3} DOC=2:a.exe TYPE=application/x-dosexec PARENT=A NAME=E REJECTED",
        ],
    ),
]


@pytest.mark.parametrize("acls, denied, reason, log", CASES)
def test_decision(acls, denied, reason, log):
    outcome = Scene(acls).run(MAIL)
    assert (outcome.denied, outcome.reason, outcome.pieces) == (denied, reason, None)
    assert [line for line in outcome.logs if line.startswith("IMAP")] == log
    assert (outcome.msgid, outcome.octets) == ("m@x", MAIL)


def test_what_was_passed_by_is_logged():
    acls = "mail-acl UP { direction upload; deny; } " + ALL
    passed_by = Scene(acls).run(MAIL).logs[0]
    assert passed_by.startswith("LIBA-740 ACL-PASSED-BY NAME=UP REASON=")
    assert "does not hold for direction download" in passed_by


@pytest.mark.parametrize("acls, said, quarantine", [
    ('mail-acl A { quarantine "q"; accept; } doc-acl D { accept; }', Said(), True),
    ('mail-acl A { quarantine "q"; deny; }', Said(), True),
    ('mail-acl A { quarantine "q"; accept; }', Said(), True),
    ('mail-acl A { virus-status found; quarantine "q"; accept; }' + ALL, Said(), False),
])
def test_quarantine(acls, said, quarantine):
    kept = Scene(acls, said).run(MAIL).quarantine
    assert (kept is not None) is quarantine
    if kept:
        assert (kept.folder, kept.name) == ("/etc/q", "m@x")
        assert kept.record["acl"] == "A" and kept.record["virus-status"] == "free"
        assert kept.record["sender"] == ["al@example.org"] and kept.record["size"] == len(MAIL)


ODD = MAIL.replace(b"\r\n\r\na", b"\r\n\r\na\0")
SPACES = ODD.replace(b"name=a.exe", b"name=a b.exe")
STRUCTURES = [
    # mail, items, structure, items that corrected
    (MAIL, "", "valid", []),
    (ODD, "", "corrected", ["bad-chars"]),
    (SPACES, "", "corrected", ["bad-chars", "correct-quoting"]),
    (ODD, "bad-chars pass;", "valid", []),
    (MAIL, "limits parts 2;", "invalid", []),
]


@pytest.mark.parametrize("octets, items, structure, corrected", STRUCTURES)
def test_structure(octets, items, structure, corrected):
    acls = f"mail-acl S {{ mail-structure {structure}; accept; }} doc-acl D {{ accept; }}"
    outcome = Scene(acls, items=items).run(octets)
    assert not outcome.denied
    told = [line.rpartition("ITEMS=")[2] for line in outcome.logs if line.startswith("IMAP-761")]
    assert told == corrected
    assert (outcome.octets == octets) is (not corrected)


def test_the_mail_filter_denies():
    outcome = Scene(ALL, items="bad-chars deny;").run(ODD)
    assert (outcome.denied, outcome.reason) == (True, None)
    assert outcome.logs == ["IMAP-762 Mail denied by mail-filter MSGID=m@x ITEM=bad-chars"]


@pytest.mark.parametrize("octets, acls, exact", [
    (ODD, ALL, True),
    (MAIL, "mail-acl A { accept; } doc-acl D { filename *.exe; remove; accept; } " + ALL, True),
    (MAIL, 'mail-acl A { subject-text "[S] "; accept; } ' + ALL, False),
])
def test_size(octets, acls, exact):
    outcome = Scene(acls, size_preserving=True).run(octets)
    assert outcome.octets != octets
    assert (len(outcome.octets) == len(octets)) is exact
    changed = [line for line in outcome.logs if line.startswith("IMAP-763")]
    told = f"ORIGINAL={len(octets)} SIZE={len(outcome.octets)}"
    assert changed == ([] if exact else [f"IMAP-763 Size of a mail changed MSGID=m@x {told}"])


VIRUS = """
    mail-acl UP { direction upload; virus-status { found, error, unknown }; deny; }
    mail-acl VIRUS { virus-status found; replace-body "v"; subject-text "[VIRUS] "; accept; }
    mail-acl UNCHECKED { virus-status { error, unknown }; deny; }
    mail-acl REST { accept; }
    doc-acl REST { accept; }
"""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("direction", ["download", "upload"])
def test_nothing_passes_because_a_check_failed(status, direction):
    outcome = Scene(VIRUS, Said(status), {"/etc/v": b"gone"}, direction=direction).run(MAIL)
    bad = status in (Status.ERROR, Status.UNKNOWN)
    assert outcome.denied is (bad or direction == "upload" and status is Status.FOUND)
    read = email.message_from_bytes(outcome.octets)
    replaced = status is Status.FOUND and direction == "download"
    assert (read["subject"] == "[VIRUS] Hello") is replaced
    assert (b"MZ" not in outcome.octets) is replaced


@given(trees(), st.sampled_from(["", "remove;", "force-doctype-ident;", 'replace "n";']))
def test_twice_is_as_good_as_once(octets, action):
    acls = f"""mail-acl A {{ subject-text "[S] "; status-headers yes; accept; }}
        doc-acl D {{ mime-type image/*; {action} accept; }} doc-acl REST {{ accept; }}"""
    scene = Scene(acls, templates={"/etc/n": b"note"})
    once = scene.run(octets)
    assert not once.denied
    assert scene.run(once.octets).octets == once.octets


def ours(octets):
    """Type, name and octets of each document as we read it, without blanks at its end."""
    structure = parse(octets, Limits())
    return [
        (
            part.content_type.name,
            next(iter(file_names(octets, part)), None),
            b"".join(decoded(octets, part.body, part.encoding)).rstrip(),
        )
        for part in structure.leaves()
    ]


def theirs(octets):
    """The same as Python's email reads it."""
    return [
        (part.get_content_type(), part.get_filename(), part.get_payload(decode=True).rstrip())
        for part in email.message_from_bytes(octets).walk()
        if not part.is_multipart()
    ]


STATUS = """mail-acl INVALID { mail-structure invalid; accept; } mail-acl REST { accept; }
    doc-acl ALL { accept; }"""
ODD_NAMES = [f"{number} {name}" for number, (name, _, _) in enumerate(TWO_READINGS)]


@pytest.mark.parametrize("name, octets, hidden", TWO_READINGS, ids=ODD_NAMES)
def test_what_passes_is_read_by_all_as_it_was_checked(name, octets, hidden):
    """What is hidden in another reading is in none then, or is a document."""
    outcome = Scene(STATUS).run(octets)
    assert any(line.endswith("NAME=REST ACCEPTED") for line in outcome.logs)
    left = {each.name for each in parse(outcome.octets, Limits()).ambiguities}
    assert left <= LASTING
    if name not in LASTING:
        assert theirs(outcome.octets) == ours(outcome.octets)


@pytest.mark.parametrize("octets", CLEAR_MAILS.values(), ids=CLEAR_MAILS)
def test_a_clear_mail_stays_as_it_is(octets):
    acls = """mail-acl V { mail-structure valid; accept; }
        doc-acl M { archive-member { "", *.exe }; deny; } doc-acl D { accept; }"""
    outcome = Scene(acls).run(octets)
    assert (outcome.denied, outcome.pieces, outcome.octets) == (False, None, octets)


@pytest.mark.parametrize("action, denied", [("deny", True), ("pass", False)])
@pytest.mark.parametrize("name, octets, hidden", TWO_READINGS, ids=ODD_NAMES)
def test_an_ambiguous_mail_is_denied_or_passes_as_it_is(name, octets, hidden, action, denied):
    items = f"bad-chars {action}; ambiguous-mime {action}; invalid-header {action};"
    outcome = Scene(STATUS, items=f"{items} correct-quoting no;").run(octets)
    assert outcome.denied is denied
    assert outcome.octets == octets


@pytest.mark.parametrize("count, denied", [(1, False), (2, True), (3, True)])
def test_the_documents_of_a_mail_share_what_they_may_inflate_to(count, denied):
    octets = mixed(*[part("application/gzip", gzipped(bytes(40 << 20)))] * count)
    acls = 'mail-acl M { accept; } doc-acl A { archive-member ""; deny; } doc-acl D { accept; }'
    assert Scene(acls).run(octets).denied is denied


POOL = [mail for _, mail, _ in TWO_READINGS] + list(CLEAR_MAILS.values())
BITS = [b"\r\n", b"\n", b"\r", b"\0", b"--b\r\n", b"--b--", b'"', b"(", b"\\", b"\xff", b"\t", b";"]
BITS += [b"multipart/mixed; boundary=b", b"message/rfc822\r\n\r\n", b"=?utf-8?q?=C4?=", b"a: b"]
HARD = Scene(
    """mail-acl A { sender *x*; header X-A *; accept; }
    mail-acl R { recipient ! { *z* }; subject-text "(č)" suffix; status-headers yes; accept; }
    doc-acl E { archive-member *.exe; remove; accept; }
    doc-acl F { filename *.exe; size gt 9; remove; accept; }
    doc-acl T { mime-type application/*; replace "n"; accept; }
    doc-acl H { html-filter SAFE; force-doctype-ident; accept; }""",
    templates={"/etc/n": b"note %(filename)s"},
    size_preserving=True,
    items="header-8bit-chars encode; body-8bit-chars correct; max-header-line 998 cut;"
    " limits parts 30 depth 6 headers 4K;",
)
CHANGES = st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(BITS), st.integers(0, 9))


@given(st.sampled_from(POOL), st.lists(CHANGES))
def test_any_octets_can_be_processed(octets, changes):
    for place, bit, cut in changes:
        at = int(place * len(octets))
        octets = octets[:at] + bit + octets[at + cut :]
    outcome = HARD.run(octets)
    assert not outcome.denied
    told = any(line.startswith("IMAP-763") for line in outcome.logs)
    assert told is (len(outcome.octets) != len(octets))
