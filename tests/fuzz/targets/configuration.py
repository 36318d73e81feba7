"""Configurations: sections or complaints, each at its place; written as the language has it, they
mean the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from imap4proxy import VERSION_TAG
from imap4proxy.section import ROOT
from kernun_common.configuration.check import check as check_statements
from kernun_common.configuration.dump import dump
from kernun_common.configuration.includes import Includer
from kernun_common.configuration.kind import Context
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where
from tests.support.configurations import BEFORE

from ..target import Target, same

FILE = "/etc/proxy.cfg"
HEAD = f"version {VERSION_TAG};\n"
FILES: Dict[str, str] = {
    "/etc/deny": "commands ! { DELETE };",
    "/etc/again": 'include "/etc/proxy.cfg";',
    "/etc/both": 'include "deny"; include "deny";',
    "/etc/broken": "imap4-proxy {",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SAMPLES = Path(__file__).parents[3] / "conf" / "samples"


def _reader(text: str) -> Callable[[str, Where], str]:
    def read(path: str, where: Where) -> str:
        if path == FILE:
            return text
        if path not in FILES:
            raise ConfigurationError(where, f"cannot read {path}")
        return FILES[path]

    return read


def read(text: str) -> Configuration:
    includer = Includer(_reader(text))
    statements = includer.file(FILE, Where(FILE, 1, 1))
    context = Context(folder="/etc")
    return check_statements(statements, includer.errors, FILE, ROOT, VERSION_TAG, context)


def check(octets: bytes) -> None:
    text = octets.decode("utf-8", "replace")
    for whole in (text, HEAD + text):
        try:
            configuration = read(whole)
        except ConfigurationErrors as found:
            _check_places(whole, found)
        else:
            _check_written(configuration)


def _check_places(text: str, found: ConfigurationErrors) -> None:
    assert found.errors
    lines = text.count("\n") + 1
    for error in found.errors:
        where = error.where
        assert where.file in (FILE, *FILES) and where.column >= 1, where
        assert 1 <= where.line <= (lines if where.file == FILE else 1), where
        assert not _CONTROL.search(error.text), error.text


def _check_written(configuration: Configuration) -> None:
    for defaults in (False, True):
        once = dump(configuration, defaults)
        if "***" in once:  # a secret, which is not written
            continue
        again = read(once)
        same(again.members, configuration.members, once)
        same(dump(again, defaults), once, "written twice")


def _seeds() -> Sequence[bytes]:
    samples = [path.read_text() for path in sorted(_SAMPLES.rglob("*.cfg"))]
    proxy = "imap4-proxy MAIL { listen-on { non-transparent [127.0.0.1] port 143; } %s }\n"
    bodies = [f"{BEFORE}\n" + proxy % body for body in _bodies()]
    return [text.encode() for text in (*samples, *bodies) if len(text) < 4000]


def _bodies() -> List[str]:
    """Items and ACLs, some of which include files."""
    from tests.fuzz.test_sessions import POLICIES

    session = "session-acl ALL { plug-to [192.0.2.7] : 143; accept; }"
    acls = [
        f"{session} command-acl ALL {{ {command} {'' if mail else 'no-mail-scanning;'}"
        f" accept; }} {mail}"
        for command, mail in POLICIES
    ]
    return [*acls, f'{session} command-acl ALL {{ include "deny"; accept; }}', 'include "again";']


WORDS = (
    b"{", b"}", b"{ ", b" };", b";", b",", b":", b"!", b"*", b'"', b'"\\x00"', b'~"a*"', b'~"("',
    b"[::1]",
    b"[10.0.0.0/8]", b"[::1]-[::2]", b"[192.0.2.1] : 143", b"# c\n", b"\n", b"\0", b"\xc4\x8d",
    b"0", b"4G",
    b"65536", b"include \"deny\";", b"include \"again\";", b"accept;", b"deny;",
    b"session-acl A { accept; }",
    b"command-acl A { accept; }", b"mail-acl A { accept; }", b"doc-acl A { accept; }",
    b"commands ! { DELETE };",
    b"listen-on { non-transparent [127.0.0.1] port 143; }", b"html-filter H { defang; }",
    b"client-conn { }",
    b"2h", b"0.5", b"yes", b"no", b"ssl-params P { verify none; }", b"from { a.b, *.c };",
    b"plug-to a : 1;",
    b"time 0800-1600;", b"MAX-MAIL-IN 5;", b"-", b"/", b"\\",
)  # fmt: skip


def _read(octets: bytes) -> None:
    try:
        read(octets.decode("utf-8", "replace"))
    except ConfigurationErrors:
        pass


TARGET = Target(check, _seeds, WORDS, rounds=250, longest=3000, grown=1500, work=_read)
