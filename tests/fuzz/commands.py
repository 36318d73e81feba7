"""commands - random commands, spoken as a client speaks them.

    command = random_command(chance, b"a7")
    for octets in command: ...        what to send; WAIT: the client waits for `+` now
    command.send(True)                ... and is told whether it came

Most are valid.  Literals and quoted strings hold what looks like IMAP: commands,
literal headers, continuation requests; none of it may ever run.
"""

from __future__ import annotations

from base64 import b64encode
from random import Random
from typing import Callable, Generator, List, Union

WAIT = None  # in place of octets
SMUGGLED = b"SMUGGLED"  # the tag of commands that stand in literals
PASSWORD = b"sesame"

Steps = Generator[Union[bytes, None], Union[bool, None], None]

LOOKALIKES = (
    b"", b"hello", b"INBOX", b"NIL", b"two words", b"x {5}", b"x {5+}", b"{3}", b"~{3}", b'a"b\\c',
    b"+ go on", b"* BYE", b"p1 OK done", b"(a (b", b"%*", b"] x", b"x" * 300,
)  # fmt: skip
ONLY_IN_LITERALS = (
    b"x\r\n" + SMUGGLED + b" DELETE INBOX\r\n", b"\r\n+ \r\n", b"\xff\xfe", b"a\rb\nc",
    b"x {3}\r\nabc", b"y" * 5000,
)  # fmt: skip
NAMES = (b"INBOX", b"Sent", b'"Sent Items"', b'"x {5+}"', b"nosuch", b"a/b")
ITEMS = (b"FLAGS", b"BODY[]", b"(UID BODY[1.MIME])", b"ALL", b"BODY.PEEK[TEXT]<0.100>",
         b'BODY[HEADER.FIELDS (Date "x")]', b"(RFC822.SIZE ENVELOPE RFC822)")  # fmt: skip
PLAIN = (
    b"NOOP", b"CHECK", b"CLOSE", b"EXPUNGE", b"UNSELECT", b"NAMESPACE", b"STARTTLS", b"CAPABILITY",
    b'LIST "" *', b'LSUB "" "%"', b'LIST (SUBSCRIBED) "" (a "b") RETURN (CHILDREN)',
    b"SEARCH RETURN (COUNT) 1:5 NOT (SEEN OR ALL DELETED)", b"STORE 1:* +FLAGS (\\Seen x)",
    b"UID COPY 1,3:5 Sent", b"MOVE 1 Trash", b"ENABLE CONDSTORE", b"ENABLE UTF8=ACCEPT X",
    b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)", b"STATUS INBOX (MESSAGES UIDNEXT)", b"XYZZY (a b) c",
    b"COMPRESS DEFLATE", b"UID EXPUNGE 5", b"GETQUOTAROOT INBOX", b"ID NIL", b"LOGIN", b"FETCH 0 x",
)  # fmt: skip


def random_command(chance: Random, tag: bytes) -> Steps:
    return chance.choice(COMMANDS)(chance, tag + b" ")


def login(chance: Random, tag: bytes) -> Steps:
    """One that can succeed."""
    return chance.choice((_login, _authenticate))(chance, tag + b" ")


def _plain(chance: Random, head: bytes) -> Steps:
    yield head + chance.choice(PLAIN) + b"\r\n"


def _mailbox(chance: Random, head: bytes) -> Steps:
    verb = chance.choice((b"SELECT", b"EXAMINE", b"CREATE", b"DELETE", b"SUBSCRIBE"))
    yield head + verb + b" " + chance.choice(NAMES) + b"\r\n"


def _fetch(chance: Random, head: bytes) -> Steps:
    verb = chance.choice((b"FETCH 1:3 ", b"UID FETCH 5 "))
    yield head + verb + chance.choice(ITEMS) + b"\r\n"


def _login(chance: Random, head: bytes) -> Steps:
    yield from _words(chance, head + b"LOGIN", [b"alice", PASSWORD])


def _search(chance: Random, head: bytes) -> Steps:
    words = [chance.choice(LOOKALIKES + ONLY_IN_LITERALS) for _ in range(chance.randint(1, 4))]
    yield from _words(chance, head + b"SEARCH", words, b" TEXT")


def _id(chance: Random, head: bytes) -> Steps:
    yield head + b"ID ("
    if (yield from _string(chance, b"name", atom=False)):
        yield b" "
        if (yield from _string(chance, chance.choice(LOOKALIKES), atom=False)):
            yield b")\r\n"


def _unknown(chance: Random, head: bytes) -> Steps:
    yield from _words(chance, head + b"XYZZY", [chance.choice(LOOKALIKES)])


def _rename(chance: Random, head: bytes) -> Steps:
    yield from _words(chance, head + b"RENAME", [chance.choice(LOOKALIKES) for _ in range(2)])


def _words(chance: Random, head: bytes, words: List[bytes], key: bytes = b"") -> Steps:
    yield head
    for word in words:
        yield key + b" "
        if not (yield from _string(chance, word)):
            return
    yield b"\r\n"


Spoken = Generator[Union[bytes, None], Union[bool, None], bool]


def _string(chance: Random, value: bytes, atom: bool = True) -> Spoken:
    """False: its literal was refused, and with it the command."""
    if value not in ONLY_IN_LITERALS and chance.random() < 0.5:
        bare = atom and value.isalnum() and value != b"NIL"
        quoted = value.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        yield value if bare else b'"' + quoted + b'"'
        return True
    return (yield from _literal(chance, value))


def _literal(chance: Random, value: bytes, binary: bytes = b"") -> Spoken:
    plus = chance.random() < 0.5
    yield b"%s{%d%s}\r\n" % (binary, len(value), b"+" if plus else b"")
    if not plus and not (yield WAIT):
        return False
    yield value
    return True


def _append(chance: Random, head: bytes) -> Steps:
    yield head + b"APPEND " + chance.choice(NAMES)
    for _ in range(chance.choice((1, 1, 2, 3))):
        yield chance.choice((b" ", b" (\\Seen x) ", b' "02-Mar-2026 10:00:00 +0000" '))
        mail = chance.choice(LOOKALIKES + ONLY_IN_LITERALS) * chance.choice((1, 1, 7))
        binary = b"~" if chance.random() < 0.1 else b""
        if not (yield from _literal(chance, mail, binary)):
            return
    yield b"\r\n"


def _idle(chance: Random, head: bytes) -> Steps:
    yield head + b"IDLE\r\n"
    if (yield WAIT):
        yield b"DONE\r\n" if chance.random() < 0.8 else SMUGGLED + b" NOOP\r\n"


def _authenticate(chance: Random, head: bytes) -> Steps:
    answer = b64encode(b"\0alice\0" + PASSWORD)
    initial = b" " + answer if chance.random() < 0.5 else b""
    yield head + b"AUTHENTICATE PLAIN" + initial + b"\r\n"
    while (yield WAIT):
        yield chance.choice((answer, answer, b"*", SMUGGLED + b" NOOP")) + b"\r\n"


COMMANDS: List[Callable[[Random, bytes], Steps]] = [
    _plain, _plain, _plain, _mailbox, _fetch, _fetch, _login, _search, _search, _id, _unknown,
    _rename, _append, _append, _append, _idle, _authenticate,
]  # fmt: skip
