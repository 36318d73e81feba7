"""Conditions and actions of mail-acl and doc-acl, and mail-filter, through the real program.

Every row is a policy of its own; all are served by one program before one Dovecot.
"""

from __future__ import annotations

import binascii
import json
import re
from email import message_from_bytes, policy
from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support import hidden
from tests.support.mail_policies import MailPolicies, Policy, Refused
from tests.support.mail_samples import (
    ARCHIVE,
    GIF,
    HEAD,
    HTML,
    PNG,
    PROGRAM,
    TEXT,
    encrypted,
    gzipped,
    mail,
    mixed,
    part,
    tarred,
    zipped,
)

ZIP, TAR = zipped("inner/run.js"), tarred("inner/run.js")
JS, TEXTS = hidden.record(b"path", b"run.js"), tarred("a.txt")
HIDDEN = {  # what programs open all the same
    "behind junk": b"junk" + ZIP,
    "behind a picture": GIF + bytes(100_000) + ZIP,
    "behind a gzip": gzipped(b"text") + ZIP,
    "in a gzip behind junk": gzipped(b"junk" + ZIP),
    "before junk": b"junk" + ZIP + b"junk",
    "a tar behind junk": b"\xff" * 512 + TAR,
    "a tar in a gzip behind junk": gzipped(b"\xff" * 1024 + TAR),
    "a tar behind a picture": GIF + TAR,
    "a tar behind a zip": zipped("a.txt") + TAR,
    "a name with a NUL": zipped("a.jsX.txt").replace(b"X", b"\0"),
    "a Unicode path": hidden.unicode_path("a.txt", b"run.js"),
    "two paths in a tar": hidden.tar_file(b"x", JS + hidden.record(b"path", b"a"), b"x") + TEXTS,
}
NOT_SEEN = {  # not all of it
    "cut off": GIF + ZIP[:45],
    "a tar cut off": GIF + TAR[:600],
    "encrypted": encrypted(ZIP),
    "encrypted in a gzip": gzipped(encrypted(ZIP)),
    "in deflated octets": hidden.deflated(hidden.in_codes(hidden.without_ones("run.js"))),
}
HALF = part("application/gzip", gzipped(bytes(40 << 20)))  # of what all of a mail may inflate to
UUENCODE = b"begin 644\ta.exe\r\n#86)C\r\n`\r\nend\r\n"  # as sharutils and others take it


def uuencoded(begin: bytes, size: int = 45, bit_6: bool = False) -> bytes:
    """The archive in lines of so many octets; GNU sharutils decodes all of these."""
    data = [binascii.b2a_uu(ZIP[at : at + size])[:-1] for at in range(0, len(ZIP), size)]
    if bit_6:
        data = [re.sub(rb"(?<=.)[!-?]", lambda at: bytes([at[0][0] + 64]), row) for row in data]
    return b"\r\n".join([begin, *data, b"`", b"end", b""])


_DECLARED = b"\r\nContent-Transfer-Encoding: x-uuencode"
UUENCODED = {  # fields, body
    "declared, with bit 6": (_DECLARED, uuencoded(b"begin 644 a.zip", bit_6=True)),
    "short lines, one digit": (b"", uuencoded(b"begin 6 a.zip", 30)),
    "with bit 6, one digit": (b"", uuencoded(b"begin 6 a.zip", bit_6=True)),
    "signed mode": (b"", uuencoded(b"begin -644 a.zip", 30)),
    "encoded name": (b"", uuencoded(b"begin-encoded 644 YS56aXA=", 30)),
}

MAILS = {
    "plain": mail(),
    "mixed": mixed(TEXT, PROGRAM, ARCHIVE, HTML, PNG),
    "text": mixed(TEXT),
    "no subject": mail(head=HEAD.replace(b"Subject:", b"X-Other:")),
    "two boundaries": mail(
        b"MIME-Version: 1.0",
        b"Content-Type: multipart/mixed; boundary=a; boundary=b",
        body=b"--a\r\n\r\nx\r\n--a--\r\n--b\r\n\r\ny\r\n--b--\r\n",
    ),
    "no header field": mail(b"this is no field"),
    "8-bit header": mail(b"X-Word: caf\xc3\xa9"),
    "8-bit body": mail(
        b"MIME-Version: 1.0", b"Content-Type: text/plain; charset=utf-8",
        b"Content-Transfer-Encoding: 7bit", body=b"caf\xc3\xa9\r\n",
    ),
    "bare CR": mail(body=b"one\rtwo\r\n"),
    "unquoted": mixed(TEXT + b"", PROGRAM.replace(b'"setup.exe"', b"set up.exe")),
    "long field": mail(b"X-Long: " + b"word " * 600),
    "many parts": mixed(*[TEXT] * 30),
    "large archive": mixed(HALF),
    "large archives": mixed(HALF, HALF),
    "uuencode": mail(body=b"Look:\r\n" + UUENCODE),
    **{
        name: mixed(TEXT, b"Content-Type: text/plain%s\r\n\r\n%s" % found)
        for name, found in UUENCODED.items()
    },
    "no uuencode": mail(body=b"begin : BLOCK\r\nA <= B;\r\nend\r\n"),
    **{
        name: mixed(TEXT, part("image/gif", octets))
        for name, octets in {**HIDDEN, **NOT_SEEN}.items()
    },
}  # fmt: skip


class Condition(NamedTuple):
    """It holds for one mail and not for another."""

    layer: str
    name: str
    items: str
    holds: str
    holds_not: str = ""  # the mail; without, `items_not` are tried with the same one
    items_not: str = ""


OFTEN = [  # conditions of every layer, of which those with a session's facts are shown by it
    ("from", "from [127.0.0.1];", "from [192.0.2.1];"),
    ("to", "to [127.0.0.1];", "to * port 1;"),
    ("transparency", "transparency non-transparent;", "transparency transparent;"),
    ("time", "time { sun-sat };", "time day {};"),
    ("time-period-set", "time-period-set { time-spec A { weekdays sun sat; } }",
     "time-period-set { exclude; time-spec A { weekdays sun sat; } }"),
    ("user", "user none;", "user name *;"),
    ("server", "server [127.0.0.1];", "server * port 1;"),
    ("direction", "direction download;", "direction upload;"),
    ("virus-status", "virus-status skipped;", "virus-status { found, free };"),
    ("spam-score", "spam-score unknown;", "spam-score ge 0;"),
]  # fmt: skip
NEVER = [("group", "group { A };", "group { A };")]

CONDITIONS = [
    *(Condition(layer, name, yes, "mixed", items_not=no)
      for layer in ("mail", "doc") for name, yes, no in OFTEN),
    Condition("mail", "size", "size lt 1000;", "plain", "mixed"),
    Condition("mail", "sender", "sender alice@EXAMPLE.net;", "plain", items_not="sender bob*;"),
    Condition("mail", "recipient", "recipient carol@*;", "plain", items_not="recipient alice*;"),
    Condition("mail", "subject", 'subject "Caf\u00e9 at noon";', "plain", "no subject"),
    Condition("mail", "header", "header X-Level high;", "plain", items_not="header X-Level none;"),
    Condition("mail", "mail-structure", "mail-structure corrected;", "bare CR", "plain"),
    Condition("doc", "size", "size gt 700;", "mixed", "text"),
    Condition("doc", "mime-type", "mime-type application/zip;", "mixed", "text"),
    Condition("doc", "filename", "filename *.EXE;", "mixed", "text"),
    Condition("doc", "archive-member", "archive-member { *.js };", "mixed", "text"),
]  # fmt: skip


def matched(layer: str, items: str) -> str:
    """ACLs that deny what matches, in the layer."""
    acl = f'{layer}-acl M {{ {items} deny text "It matches"; }}'
    layers = {"mail": "mail-acl R { accept; }", "doc": "doc-acl D { accept; }"}
    layers[layer] = f"{acl} {layers[layer]}"
    return " ".join(layers.values())


def name_of(row: Condition, other: bool) -> str:
    return f"{row.layer}-{row.name}" + "-not" * other


# --- actions ----------------------------------------------------------------------------------


class Action(NamedTuple):
    """What is done, to which mail, and what shows it."""

    name: str
    acls: str
    mail: str
    shows: Callable[[bytes], object]
    command: str = ""


def of_mail(items: str) -> str:
    return f"mail-acl M {{ {items} accept; }} doc-acl D {{ accept; }}"


def of_doc(items: str) -> str:
    return f"mail-acl M {{ accept; }} doc-acl A {{ {items} accept; }} doc-acl D {{ accept; }}"


def filtered(items: str) -> str:
    return f"download {{ mail-filter {{ {items} }} }}"


def subject(octets: bytes) -> str:
    return message_from_bytes(octets, policy=policy.default)["subject"]


def fields(octets: bytes) -> list[bytes]:
    return re.split(rb"\r\n(?![ \t])", octets.partition(b"\r\n\r\n")[0])


def types(octets: bytes) -> list[str]:
    return [part.get_content_type() for part in message_from_bytes(octets).walk()][1:]


def has(*words: bytes) -> Callable[[bytes], bool]:
    return lambda octets: all(word in octets for word in words)


def hasnt(*words: bytes) -> Callable[[bytes], bool]:
    return lambda octets: not any(word in octets for word in words)


ALL = "mail-acl M { accept; } doc-acl D { accept; }"
UNCHANGED = ["text/plain", "application/octet-stream", "application/zip", "text/html", "image/png"]
ACTIONS = [
    Action("accept", ALL, "mixed", lambda octets: types(octets) == UNCHANGED),
    Action("subject-text", of_mail('subject-text "[SPAM] ";'), "plain",
           lambda octets: subject(octets) == "[SPAM] Caf\u00e9 at noon"),
    Action("subject-text-suffix", of_mail('subject-text " (spam)" suffix;'), "plain",
           lambda octets: subject(octets) == "Caf\u00e9 at noon (spam)"),
    Action("subject-text-none", of_mail("subject-text X;"), "no subject",
           lambda octets: subject(octets) == "X"),
    Action("replace-body", of_mail('replace-body "FOLDER/gone.txt";'), "mixed",
           has(b"Content-Type: text/plain; charset=utf-8\r\n", b"gone: <m1@example.net>"[6:-1])),
    Action("modify-header-add", of_mail("modify-header add X-Seen yes;"), "plain",
           has(b"X-Level: high\r\nX-Seen: yes\r\n\r\n")),
    Action("modify-header-delete", of_mail("modify-header delete X-Level;"), "plain",
           hasnt(b"X-Level")),
    Action("modify-header-replace", of_mail("modify-header replace X-Level none;"), "plain",
           lambda octets: re.findall(rb"X-Level: (\w+)", octets) == [b"none"]),
    Action("status-headers", of_mail("status-headers yes;"), "plain",
           has(b"X-Kernun-Virus-Status: skipped\r\n")),
    Action("replace", of_doc('filename *.exe; replace "FOLDER/gone.txt";'), "mixed",
           lambda octets: types(octets)[1] == "text/plain" and b"setup.exe" in octets),
    Action("remove", of_doc("filename *.exe; remove;"), "mixed",
           lambda octets: types(octets) == [UNCHANGED[0], *UNCHANGED[2:]]),
    Action("html-filter", of_doc("mime-type text/html; html-filter SAFE;"), "mixed",
           lambda octets: b"alert(1)" not in octets and b"Hello" in octets),
    Action("doctype-ident-order",
           of_doc("filename *.png; doctype-ident-order { magic }; force-doctype-ident;"), "mixed",
           lambda octets: types(octets)[4] == "image/gif"),
    Action("force-doctype-ident", of_doc("filename *.png; force-doctype-ident;"), "mixed",
           lambda octets: types(octets)[4] == "image/png"),
    *(Action(f"replace-{language}", of_doc('filename *.exe; replace "FOLDER/gone.txt";'), "mixed",
             has(b"Content-Type: text/plain; charset=" + charset, octets),
             f"language {language};")
      for language, charset, octets in (
          ("EN", b"utf-8", b"K=C5=AF=C5=88:"), ("CZ", b"utf-8", b"K=C5=AF=C5=88:"),
          ("CZ-ISO-8859-2", b"iso-8859-2", b"K=F9=F2:"),
          ("CZ-WINDOWS-1250", b"windows-1250", b"K=F9=F2:"),
          ("CZ-ASCII", b"us-ascii", b"Kun:"))),
    # mail-filter
    Action("invalid-header", ALL, "no header field", hasnt(b"this is no field")),
    Action("invalid-header-pass", ALL, "no header field", has(b"this is no field"),
           filtered("invalid-header pass; ambiguous-mime pass;")),
    Action("header-8bit-chars", ALL, "8-bit header", has(b"X-Word: =?utf-8?"),
           filtered("header-8bit-chars encode;")),
    Action("header-8bit-chars-pass", ALL, "8-bit header", has(b"X-Word: caf\xc3\xa9")),
    Action("body-8bit-chars", ALL, "8-bit body", has(b"caf=C3=A9"),
           filtered("body-8bit-chars correct;")),
    Action("body-8bit-chars-pass", ALL, "8-bit body", has(b"caf\xc3\xa9")),
    Action("bad-chars", ALL, "bare CR", has(b"one\r\ntwo\r\n")),
    Action("bad-chars-pass", ALL, "bare CR", has(b"one\rtwo\r\n"),
           filtered("bad-chars pass; ambiguous-mime pass;")),
    Action("correct-quoting", ALL, "unquoted", has(b'filename="set up.exe"')),
    Action("correct-quoting-no", ALL, "unquoted", has(b"filename=set up.exe"),
           filtered("correct-quoting no; ambiguous-mime pass;")),
    Action("max-header-line", ALL, "long field",
           lambda octets: max(map(len, fields(octets))) <= 1000,
           filtered("max-header-line 1000 cut;")),
    Action("ambiguous-mime-pass", ALL, "two boundaries", has(b"boundary=a; boundary=b"),
           filtered("ambiguous-mime pass;")),
    Action("ambiguous-mime", ALL, "two boundaries", hasnt(b"boundary=a; boundary=b")),
    # download
    Action("size-preserving-no", of_mail('subject-text "[SPAM] ";'), "plain",
           lambda octets: len(octets) == len(MAILS["plain"]) + len("[SPAM] "),
           "download { size-preserving no; }"),
    Action("size-preserving", of_mail('subject-text "[SPAM] ";'), "plain",
           lambda octets: len(octets) == len(MAILS["plain"])),
    Action("download-no-mail-scanning", "mail-acl M { deny; } doc-acl D { deny; }", "mixed",
           lambda octets: octets == MAILS["mixed"], "download { no-mail-scanning; }"),
]  # fmt: skip

DENIED = [
    # name, mail, ACLs, command-acl
    ("deny", "plain", 'mail-acl M { deny text "It matches"; }', ""),
    ("invalid-header-deny", "no header field", ALL, filtered("invalid-header deny;")),
    ("header-8bit-chars-deny", "8-bit header", ALL, filtered("header-8bit-chars deny;")),
    ("body-8bit-chars-deny", "8-bit body", ALL, filtered("body-8bit-chars deny;")),
    ("bad-chars-deny", "bare CR", ALL, filtered("bad-chars deny;")),
    ("max-header-line-deny", "long field", ALL, filtered("max-header-line 1000 deny;")),
    ("ambiguous-mime-deny", "two boundaries", ALL, filtered("ambiguous-mime deny;")),
    ("limits-few", "many parts",
     "mail-acl M { mail-structure invalid; deny; } mail-acl R { accept; } doc-acl D { accept; }",
     filtered("limits parts 20;")),
]  # fmt: skip

UPLOADS = [
    # name, ACLs, command-acl, is it stored as it is
    ("upload-as-it-is", ALL, "", True),
    ("upload-deny", "mail-acl M { direction upload; deny; }", "", False),
    ("upload-no-mail-scanning", "mail-acl M { deny; }", "upload { no-mail-scanning; }", True),
    ("upload-mail-filter", ALL, "upload { mail-filter { invalid-header deny; } }", False),
]


def policies_of() -> Iterator[Policy]:
    for layer in ("mail", "doc"):
        for name, items, _ in NEVER:
            yield Policy(f"{layer}-{name}", matched(layer, items))
    for row in CONDITIONS:
        yield Policy(name_of(row, False), matched(row.layer, row.items))
        if row.items_not:
            yield Policy(name_of(row, True), matched(row.layer, row.items_not))
    for action in ACTIONS:
        yield Policy(action.name, action.acls, action.command)
    for name, _, acls, command in DENIED:
        yield Policy(name, acls, command)
    for name, acls, command, _ in UPLOADS:
        yield Policy(name, acls, command)
    yield Policy("doc-incomplete", matched("doc", 'archive-member "";'))
    yield Policy("quarantine", of_mail('quarantine "FOLDER/quarantine";'))
    yield Policy("metadata-pass", of_mail('subject-text "[X] ";'))
    yield Policy("metadata", of_mail('subject-text "[X] ";'), "download { metadata process; }")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("policies")
    (made / "gone.txt").write_text("Kůň: It is gone: %(msgid)s, %(filename)s, %(date)s, %(acl)s\n")
    (made / "quarantine").mkdir()
    return made


@pytest.fixture(scope="module")
def policies(folder):
    rows = [row._replace(mail=row.mail.replace("FOLDER", str(folder))) for row in policies_of()]
    with MailPolicies(folder, rows, MAILS, sections="html-filter SAFE { defang; }") as running:
        yield running


@pytest.mark.parametrize("row", CONDITIONS, ids=lambda row: name_of(row, False))
def test_condition(policies, row):
    with pytest.raises(Refused, match="It matches"):
        policies.fetch(name_of(row, False), row.holds)
    if row.items_not:
        assert policies.fetch(name_of(row, True), row.holds)
    else:
        assert policies.fetch(name_of(row, False), row.holds_not)


@pytest.mark.parametrize("name", HIDDEN)
def test_an_archive_behind_something_else(policies, name):
    with pytest.raises(Refused, match="It matches"):
        policies.fetch("doc-archive-member", name)
    assert policies.fetch("doc-incomplete", name) == MAILS[name]


@pytest.mark.parametrize("name", NOT_SEEN)
def test_an_archive_of_which_not_all_can_be_seen(policies, name):
    with pytest.raises(Refused, match="It matches"):
        policies.fetch("doc-incomplete", name)
    assert policies.fetch("doc-incomplete", "mixed") == MAILS["mixed"]


def test_archives_of_which_not_all_is_inflated(policies):
    assert policies.fetch("doc-incomplete", "large archive") == MAILS["large archive"]
    with pytest.raises(Refused, match="It matches"):
        policies.fetch("doc-incomplete", "large archives")


def test_uuencode_with_a_tab(policies):
    """It is in the text for some programs, and is none for others: so it is corrected."""
    with pytest.raises(Refused, match="It matches"):
        policies.fetch("mail-mail-structure", "uuencode")


@pytest.mark.parametrize("name", UUENCODED)
def test_uuencode_that_some_decode(policies, name):
    with pytest.raises(Refused, match="It matches"):
        policies.fetch("mail-mail-structure", name)


def test_a_text_that_is_no_uuencode(policies):
    assert policies.fetch("mail-mail-structure", "no uuencode") == MAILS["no uuencode"]


@pytest.mark.parametrize("layer", ["mail", "doc"])
def test_group(policies, layer):
    """Nobody is logged in, so nobody is in a group."""
    assert policies.fetch(f"{layer}-group", "plain") == MAILS["plain"]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_action(policies, action):
    octets = policies.fetch(action.name, action.mail)
    assert action.shows(octets), octets
    if action.name.startswith("replace-"):
        assert len(octets) == len(MAILS[action.mail])  # size-preserving


@pytest.mark.parametrize("name, mail", [row[:2] for row in DENIED], ids=lambda it: it)
def test_denied(policies, name, mail):
    with pytest.raises(Refused, match="NOPERM"):
        policies.fetch(name, mail)


@pytest.mark.parametrize("name, stored", [(row[0], row[3]) for row in UPLOADS])
def test_upload(policies, name, stored):
    octets = MAILS["no header field" if name == "upload-mail-filter" else "mixed"]
    if stored:
        assert policies.append(name, octets) == octets
    else:
        with pytest.raises(Refused, match="NOPERM"):
            policies.append(name, octets)


def test_parents(policies):
    """ACLs that deny everything stand before these, but for sessions and mails of others."""
    assert policies.fetch("accept", "mixed") == MAILS["mixed"]
    assert policies.proxy.logged("IMAP-760")[-1].endswith("PARENT=accept NAME=accept-M ACCEPTED")
    assert policies.proxy.logged("IMAP-770")[-1].endswith("PARENT=accept-M NAME=accept-D ACCEPTED")


def test_quarantine(policies, folder):
    assert policies.fetch("quarantine", "mixed") == MAILS["mixed"]
    kept = folder / "quarantine" / "m1@example.net.eml"
    assert kept.read_bytes() == MAILS["mixed"]
    record = json.loads(kept.with_suffix(".json").read_text())
    assert record["sender"] == ["alice@example.net"] and record["virus-status"] == "skipped"


def test_metadata(policies):
    header = "BODY.PEEK[HEADER.FIELDS (Subject)]"
    assert b"[X]" not in policies.fetch("metadata-pass", "plain", header)
    assert b"[X]" in policies.fetch("metadata", "plain", header)
