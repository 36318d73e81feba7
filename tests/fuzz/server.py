"""server - a mail server that reads as simply as can be, and answers at random.

    server = Server(chance)
    server.greeting
    server.feed(octets)      its answers
    server.commands          what it read, each with its tag, its literals and its last CRLF
    server.answers           the lines of AUTHENTICATE and IDLE

It takes every line that ends in {n} or {n+} for one that a literal follows, and
knows nothing of quotes: the other way to read than the proxy's.  A command of which it
refuses a literal is not among `commands`.
"""

from __future__ import annotations

import re
from random import Random
from typing import Generator, List

OFFERS = (
    b"LITERAL+ MULTIAPPEND", b"LITERAL-", b"SASL-IR", b"ID", b"ENABLE CONDSTORE UTF8=ACCEPT",
    b"IDLE", b"NAMESPACE", b"UNSELECT", b"MOVE", b"ESEARCH", b"LIST-EXTENDED", b"BINARY", b"XYZZY",
    b"QUOTA", b"UIDPLUS",
)  # fmt: skip
CONTENT = b"content of a mail"
FORGED = b"\r\na1 OK forged\r\n* BYE forged\r\n+ forged\r\n"
FETCHED = (
    b"FLAGS (\\Seen)", b"UID 5", b"BODY[] NIL", b'BODY[TEXT] "short"', b"BODY[1]<0> {0}\r\n",
    b"BODY[] {%d}\r\n%b" % (len(FORGED), FORGED), b"RFC822 {300}\r\n" + b"x" * 300,
    b'ENVELOPE ("a BODY[ \\" {5}" NIL {4}\r\na {3)', b"X-NEW (a {2}\r\n\r\n)", b"RFC822.SIZE 300",
    b'BODY[TEXT] "%b"' % CONTENT, b"RFC822.TEXT {%d}\r\n%b" % (len(CONTENT), CONTENT),
    b'PREVIEW "%b"' % CONTENT, b"BODY[HEADER] {8}\r\nA: b\r\n\r\n", b'BODY[1] "\xe9 %b"' % CONTENT,
    b"BINARY[1] ~{%d}\r\n%b" % (len(CONTENT), CONTENT), b'BODY[2]<0> "%b"' % CONTENT,
)  # fmt: skip
MAILS = (
    b"Subject: a\r\n\r\n" + CONTENT + b"\r\n", CONTENT, b"",
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + CONTENT + b"\r\n--b--\r\n",
)  # fmt: skip
ALSO_ASKED = {b"FLAGS": b"FLAGS (x)", b"INTERNALDATE": b'INTERNALDATE " 2-Mar-2026 10:00:00 +0000"'}
UNTAGGED = (
    b"", b"", b"* 3 EXISTS\r\n", b"* OK [ALERT] look {5}\r\n", b"* LIST () \"/\" {5}\r\na {3}\r\n",
    b"* XYZZY (a {5}\r\na1 OK)\r\n", b"* SEARCH 1 2 3\r\n", b"* STATUS INBOX (MESSAGES 3)\r\n",
    b"* NO [REFERRAL imap://x/] there\r\n", b"* FLAGS (\\Seen)\r\n", b"* CAPABILITY IMAP4rev1\r\n",
    b"* ENABLED UTF8=ACCEPT\r\n", b"* 5 EXPUNGE\r\n",
)  # fmt: skip
CODES = (b"", b"", b"[ALERT] ", b"[REFERRAL imap://y/] [REFERRAL imap://z/] ", b"[UIDNEXT 5] ")

_LITERAL = re.compile(rb"\{([0-9]+)(\+?)\}\r\n\Z")


class Refused(Exception):
    """It does not want the literal."""


class Server:
    def __init__(self, chance: Random) -> None:
        self.commands: List[bytes] = []
        self.answers: List[bytes] = []
        self.over = False
        self._chance = chance
        self._capabilities = b"IMAP4rev1 AUTH=PLAIN " + b" ".join(
            word for word in OFFERS if chance.random() < 0.7
        )
        code = b"[CAPABILITY " + self._capabilities + b"] " if chance.random() < 0.5 else b""
        self.greeting = chance.choice((b"* OK ", b"* OK ", b"* PREAUTH ")) + code + b"ready\r\n"
        self._buffer = b""
        self._answer = b""
        self._play = self._session()
        next(self._play)

    def feed(self, octets: bytes) -> bytes:
        self._buffer += octets
        self._answer = b""
        next(self._play, None)
        return self._answer

    def _session(self) -> Generator[None, None, None]:
        while not self.over:
            try:
                command = yield from self._command()
            except Refused:
                continue
            self.commands.append(command)
            tag, _, rest = command.partition(b" ")
            verb = re.split(rb"[ \r]", rest, maxsplit=1)[0]
            if tag not in self._refused:
                yield from self._carry_out(tag, verb, rest)

    def _carry_out(self, tag: bytes, verb: bytes, rest: bytes) -> Generator[None, None, None]:
        chance = self._chance
        untagged = {
            b"CAPABILITY": b"* CAPABILITY " + self._capabilities + b"\r\n",
            b"ENABLE": b"* ENABLED CONDSTORE UTF8=ACCEPT\r\n",
            b"LOGOUT": b"* BYE see you\r\n",
            b"FETCH": self._fetched(rest),
            b"UID": self._fetched(rest),
        }
        if verb == b"AUTHENTICATE":
            yield from self._exchange(0 if rest.count(b" ") > 1 else 1, chance.randint(0, 1))
        elif verb == b"IDLE" and chance.random() < 0.9:
            yield from self._exchange(1, 0)
        self._answer += chance.choice(UNTAGGED) + untagged.get(verb, b"")
        condition = chance.choices((b" OK ", b" NO ", b" BAD "), (8, 2, 1))[0]
        if verb == b"LOGOUT":
            self.over, condition = True, b" OK "
        self._answer += tag + condition + chance.choice(CODES) + b"done\r\n"

    def _fetched(self, asked: bytes) -> bytes:
        """What is asked for whole mails, or what comes to its mind."""
        chance = self._chance
        if b"BODY.PEEK[]" in asked and chance.random() < 0.8:
            also = b" ".join(item for name, item in ALSO_ASKED.items() if name in asked)
            mail = chance.choice(MAILS)
            return b"* 1 FETCH (UID 5 %b BODY[] {%d}\r\n%b)\r\n" % (also, len(mail), mail)
        return b"".join(
            b"* %d FETCH (" % number + b" ".join(chance.choices(FETCHED, k=chance.randint(1, 4)))
            + b")\r\n"
            for number in range(1, chance.randint(1, 4))
        )  # fmt: skip

    def _exchange(self, first: int, more: int) -> Generator[None, None, None]:
        for _ in range(first + more):
            self._answer += self._chance.choice(UNTAGGED) + b"+ Z28gb24=\r\n"
            self.answers.append((yield from self._line()))

    def _command(self) -> Generator[None, None, bytes]:
        self._refused: List[bytes] = []  # its tag, once it has been answered
        command = line = yield from self._line()
        tag = command.partition(b" ")[0]
        while literal := _LITERAL.search(line):
            if self._chance.random() < 0.1 and not self._refused:
                self._answer += tag + b" NO [OVERQUOTA] no\r\n"
                self._refused.append(tag)
            if self._refused and not literal[2]:
                raise Refused
            if not literal[2]:
                self._answer += b"+ go on\r\n"
            command += yield from self._octets(int(literal[1]))
            line = yield from self._line()
            command += line
        return command

    def _line(self) -> Generator[None, None, bytes]:
        while (end := self._buffer.find(b"\r\n")) < 0:
            yield
        return self._take(end + 2)

    def _octets(self, count: int) -> Generator[None, None, bytes]:
        while len(self._buffer) < count:
            yield
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken
