"""test_expr - what the argument of -t asks of a configuration; test-expr(5).

    read("test from [10.1.2.3] time 1930; show-hash;")
        ->  (("test", Trial(...)), ("show_hash", True))

See also: answers.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address
from typing import Any, NamedTuple, Tuple

from kernun_common.acl.facts import Document, Facts, Mail, Resolution, Server
from kernun_common.antivirus.status import Status
from kernun_common.configuration.check import read_expressions
from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.kind import Context
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section, items, key, section
from kernun_common.configuration.types import Host, Sock
from kernun_common.doctype_identification.section import DIRECTIONS
from kernun_common.errors import ConfigurationError, Where
from kernun_common.mail_doc.mail_header import MailHeader
from kernun_common.sockaddr import Address, Sockaddr

FILE = "test-expr"  # what stands for a file's name in the places of errors
WHERE = Where(FILE, 1, 1)

Question = Tuple[str, Any]

_NO_ADDRESS = IPv4Address("0.0.0.0")
_NOWHERE = Sock(Host(address=_NO_ADDRESS), 0)
_MAIL_SIZE = 1024  # octets
_MIME_TYPE = "text/plain"  # RFC 2045 section 5.2: that of a mail which says nothing of it
_TIME = re.compile(r"(?:(?:(?P<month>\d\d))?(?P<day>\d\d))?(?P<hour>\d\d)(?P<minute>\d\d)")


@dataclass(frozen=True)
class TrialDocument:
    """The only document of the mail of a trial; as acl/facts.py, Document."""

    size: int
    types: Tuple[str, ...]
    names: Tuple[str, ...]
    members: Tuple[str, ...] = ()


class Trial(NamedTuple):
    """The elements of `test`."""

    from_: Host | None = None
    transparent: bool = False
    to: Sock | None = None
    server: Sock | None = None
    user: str | None = None
    group: Tuple[str, ...] | None = None
    time: str | None = None
    cert_subject: str | None = None
    direction: str | None = None
    mail_size: int | None = None
    virus: str | None = None
    spam: int | None = None
    mime_type: str | None = None
    filename: str | None = None

    def facts(self, now: datetime, resolution: Resolution) -> Facts:
        """What phase 1 knows; ValueError where there is no such day this year.

        A name has the address that `resolution` gives it, else [0.0.0.0].
        """
        client, to = self.from_ or _NOWHERE.host, self.to or _NOWHERE
        return Facts(
            client=Sockaddr(_address(client, resolution), 0),
            to=Sockaddr(_address(to.host, resolution), to.port),
            transparent=self.transparent,
            when=_when(self.time, now),
            client_names=(client.name,) if client.name is not None else None,
            user=self.user,
            groups=frozenset(self.group or ()),
            server=Server.of(self.server) if self.server is not None else None,
            resolution=resolution,
        )

    @property
    def way(self) -> str:
        """The direction of the mail."""
        return self.direction or DIRECTIONS[0]

    @property
    def size(self) -> int:
        """Of the mail, in octets."""
        return _MAIL_SIZE if self.mail_size is None else self.mail_size

    def mail(self, checked: bool) -> Mail:
        """The mail, of which nothing is known but what is said; has antivirus `checked` it?"""
        usual = Status.FREE if checked else Status.SKIPPED
        return Mail(
            direction=self.way,
            size=self.size,
            structure="valid",
            header=MailHeader(b"", ()),
            virus_status=self.virus or usual.value,
            spam_score=self.spam,
        )

    def document(self) -> Document:
        """The document in it, which is as large."""
        names = () if self.filename is None else (self.filename,)
        kind = _MIME_TYPE if self.mime_type is None else self.mime_type.lower()
        return TrialDocument(self.size, (kind,), names)


def _address(host: Host, resolution: Resolution) -> Address:
    if host.address is not None:
        return host.address
    return next(iter(resolution.get(host.name or "", ())), _NO_ADDRESS)


def _when(time: str | None, now: datetime) -> datetime:
    found = _TIME.fullmatch(time) if time is not None else None
    if found is None:
        return now
    given = {unit: int(digits) for unit, digits in found.groupdict().items() if digits}
    return now.replace(**given, second=0, microsecond=0)  # type: ignore[arg-type]


def _trial(trial: Trial) -> str | None:
    if trial.group is not None and trial.user is None:
        return "group needs user"
    if trial.time is not None and not _TIME.fullmatch(trial.time):
        return "time is written [[mm]dd]hhmm"
    return None


class ShowAcl(NamedTuple):
    phase: int | None = None


class ShowProxy(NamedTuple):
    all: bool = False


phase = Constraint("must name a phase from 1 on", lambda show: show.phase != 0)


@section("test-expr", "What to test in a configuration, or to show of it.")
class Expression(Section):
    """Any number of items, answered in their order."""

    test: Tuple[Trial, ...] = items(
        "[from host] [transparent] [to sock] [server sock] [user str] [group str-list]"
        " [time str] [cert-subject str] [direction direction] [mail-size size]"
        " [virus virus-status] [spam int] [mime-type str] [filename str]",
        into=Trial,
        check=_trial,
        text="Look for the ACLs of a session like this, phase by phase, in every proxy of the"
        " configuration. The client's address is `from`; a name there is its reverse name too,"
        " and has the address [0.0.0.0] unless -r looks it up. It connected to `to`. Both are"
        " [0.0.0.0] if not given. In place of the server that the session-acl leads to stands"
        " `server`. Nobody has logged in but for `user`, and `group` are its groups. The local"
        " time is `time`, written [[mm]dd]hhmm, of today and now if not given. Where the"
        " client is asked for a certificate, it shows one of the subject `cert-subject`, in"
        " the form of RFC 4514, of which nothing else is known; without it the client has"
        " none, and does not begin TLS where that is optional. Where mails are scanned, one is"
        " transferred: `direction` is download if not given, the size 1K, the virus status"
        " free, or skipped where no engine is asked, and the spam score unknown. Its structure"
        " is valid, and its header empty: without sender, recipient and subject. It is a"
        " single document of the same size, of the type `mime-type` as"
        ' doctype-identification(7) found it (text/plain if not given, "" for none), in a file'
        " `filename` if that is given, and no archive. For each phase is told which ACL is"
        " selected, where it stands, whether it accepts, why each before it is not selected,"
        " and what is settled then.",
    )
    show_acl: Tuple[ShowAcl, ...] = items(
        "[<phase> uint8]",
        into=ShowAcl,
        check=phase,
        text="Show the ACLs of a phase, 1 if not given, as the program understands them, each"
        " with its place.",
    )
    show_proxy: Tuple[ShowProxy, ...] = items(
        "[all]",
        into=ShowProxy,
        text="Show the configuration as the program understands it, in the language: included"
        " files are in it, paths are absolute, passwords are ***. With `all`, what is so by"
        " default is shown too.",
    )
    show_hash: bool = key(
        text="Show the SHA-256 of what `show-proxy all` shows; equal for configurations that mean"
        " the same."
    )
    help: bool = key(text="Show what can be asked.")


def read(text: str, context: Context = Context()) -> Tuple[Question, ...]:
    """Attribute and value of each item; ConfigurationErrors where `text` is no test expression."""
    questions = read_expressions(text, FILE, Expression, context)
    if not questions:
        raise refused("expected an item, such as help;")
    return questions


def refused(text: str) -> ConfigurationErrors:
    """The error of a test expression as a whole."""
    return ConfigurationErrors([ConfigurationError(WHERE, text)])
