"""mail_policies - many policies for mails in one proxy, each on its own port, before one Dovecot.

    ROWS = [Policy("subject", mail="mail-acl M { subject-text x; accept; } doc-acl D { accept; }")]
    with MailPolicies(folder, ROWS, mails={"plain": b"..."}, sections="") as policies:
        policies.fetch("subject", "plain", "BODY.PEEK[]")     the value; Refused: the tagged NO
        policies.append("subject", octets)                    ... what the server holds then
        policies.proxy.logged("IMAP-760")
        opened(policies.port("subject"), b"SELECT INBOX")     a raw client, logged in

In `mail`, names of ACLs are made unlike those of other rows, and each mail-acl and
doc-acl is asked for this row's sessions only.  `command` are items of the row's
command-acl.  The mails are in INBOX, in their order; a row's session is opened anew.
"""

from __future__ import annotations

import imaplib
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, NamedTuple, Self, Sequence

from .dovecot import PASSWORD, Dovecot
from .peers import Peer, connect
from .ports import HOST, free_ports
from .proxy import Proxy

USER = "alice"
_ACL = re.compile(r"\b(mail|doc)-acl +([A-Za-z0-9-]+) +\{")
_LITERAL = re.compile(rb" \{\d+\}$")


class Policy(NamedTuple):
    """A row: its name, its ACLs for mails, items of its command-acl."""

    name: str
    mail: str = "mail-acl M { accept; } doc-acl D { accept; }"
    command: str = ""


class Refused(Exception):
    """The tagged NO, with what has come all the same."""

    def __init__(self, text: str, data: object) -> None:
        super().__init__(text)
        self.data = data


class MailPolicies:
    """See the file's head; `sections` stand before imap4-proxy, `items` in it.

    `pool` stands in its mail-pool, `log` is its log-debug; `settings` are Dovecot's.
    """

    def __init__(
        self,
        folder: Path,
        rows: Sequence[Policy],
        mails: Mapping[str, bytes],
        sections: str = "",
        items: str = "",
        pool: str = "free 0;",
        log: str = "log-debug { level normal; }",
        settings: str = "",
    ) -> None:
        self._folder = folder
        self._rows = rows
        self._mails = dict(mails)
        self._sections = sections
        self._items = items
        self._pool = pool
        self._log = log
        self._settings = settings
        self._ports: Dict[str, int] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.server = self._stack.enter_context(Dovecot(settings=self._settings))
        self.server.fill(USER, list(self._mails.values()))
        ports = free_ports(len(self._rows))
        self._ports = {row.name: port for row, port in zip(self._rows, ports)}
        (self._folder / "pool").mkdir(exist_ok=True)
        self.proxy = Proxy(
            self._folder,
            configuration="\n".join(self._configuration()),
            level="normal",
        )
        self._stack.enter_context(self.proxy)
        return self

    def __exit__(self, *args: object) -> None:
        self._stack.close()

    def _configuration(self) -> Iterator[str]:
        yield f"version IMAP4-PROXY-1_0-RELEASE;\n{self._sections}\nimap4-proxy TEST {{"
        yield f"nodaemon; {self._log}"
        yield f'mail-pool {{ dir "{self._folder}/pool"; {self._pool} }} {self._items}'
        yield f"listen-on {{ non-transparent [{HOST}] port {{port}};"
        for port in self._ports.values():
            yield f"    non-transparent [{HOST}] port {port};"
        yield "}"
        for row in self._rows:
            port = self._ports[row.name]
            yield (
                f"session-acl {row.name} {{ to * port {port};"
                f" plug-to [{HOST}] : {self.server.port}; accept; }}"
            )
            yield (
                f"command-acl {row.name} {{ session-acl {{ {row.name} }};"
                f" {row.command} accept; }}"
            )
            yield _of_row(row)
        yield "}"

    def port(self, policy: str) -> int:
        """Where the proxy listens for sessions of this policy."""
        return self._ports[policy]

    def session(self, policy: str) -> imaplib.IMAP4:
        """Logged in, with nothing selected."""
        client = imaplib.IMAP4(HOST, self.port(policy))
        client.login(USER, PASSWORD)
        return client

    def fetch(self, policy: str, mail: str, items: str = "BODY.PEEK[]") -> bytes:
        """The value of the only item, or the whole answer between its brackets."""
        number = list(self._mails).index(mail) + 1
        with self.session(policy) as client:
            client.select()
            return _answer(*client.fetch(str(number), f"({items})"))

    def append(self, policy: str, octets: bytes) -> bytes:
        """The mail as the server holds it then; Refused."""
        mailbox = f"of-{policy}"
        with imaplib.IMAP4(HOST, self.server.port) as direct:
            direct.login(USER, PASSWORD)
            direct.create(mailbox)
        with self.session(policy) as client:
            status, data = client.append(mailbox, "", "", octets)
            if status != "OK":
                raise Refused(_text(data), data)
        with imaplib.IMAP4(HOST, self.server.port) as direct:
            direct.login(USER, PASSWORD)
            direct.select(mailbox)
            return _answer(*direct.fetch("*", "(BODY.PEEK[])"))


def opened(port: int, opening: bytes) -> Peer:
    """A client who has logged in and given this command."""
    client = connect(port)
    client.line()
    client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
    assert b"x OK" in client.command(opening)
    return client


def _of_row(row: Policy) -> str:
    """Its ACLs under names that no other has, for its sessions alone."""
    mail_acls = (name for layer, name in _ACL.findall(row.mail) if layer == "mail")
    above = ", ".join(f"{row.name}-{name}" for name in mail_acls)
    parents = {"mail": f"command-acl {{ {row.name} }};", "doc": f"mail-acl {{ {above} }};"}

    def renamed(found: re.Match[str]) -> str:
        layer, name = found.groups()
        return f"{layer}-acl {row.name}-{name} {{ {parents[layer]}"

    return _ACL.sub(renamed, row.mail)


def _answer(status: str, data: List[object]) -> bytes:
    if status != "OK":
        raise Refused(_text(data), data)
    [first, *_] = data
    if isinstance(first, tuple):
        return first[1]
    assert isinstance(first, bytes)
    return first


def _text(data: List[object]) -> str:
    return b" ".join(part for part in data if isinstance(part, bytes)).decode()
