"""Whole sessions; every event has its place; any octets are met without a fault."""

from __future__ import annotations

from typing import List, Tuple, get_args

from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.engine import Engine
from imap4proxy.engine.events import Closed, Event
from imap4proxy.engine.processing import Tools
from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import CONNECTED, Stage, configured, texts

test_transcript = transcripts("engine")


def test_every_event_has_its_place() -> None:
    assert set(Engine(configured(), texts(), Tools())._on) == set(get_args(Event))


# Pieces of both languages, for either side: what a peer could think of.
PIECES = [
    *b"a1 a2 p1 p2 p3 * + . \r\n \n \r {5} {5+} ~{3} {3+}\r\nabc \" ( ) [ ] \\ \0 \xff".split(b" "),
    b" ",
    *b"NOOP LOGIN STARTTLS SELECT FETCH APPEND IDLE DONE AUTHENTICATE PLAIN LOGOUT ENABLE".split(),
    *b"ID UID SEARCH BODY[] FLAGS INBOX CAPABILITY IMAP4rev1 LITERAL+ OK NO BAD BYE".split(),
    b"* OK [CAPABILITY IMAP4rev1 IDLE LITERAL+ AUTH=PLAIN] ready\r\n",
    b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE LITERAL+ AUTH=PLAIN] ready\r\n",
    b"a1 LOGIN alice secret\r\n",
    b"a2 SELECT INBOX\r\n",
    b"a3 APPEND INBOX {5+}\r\nhello\r\n",
    b"a4 IDLE\r\n",
    b"DONE\r\n",
    b"a5 AUTHENTICATE PLAIN\r\n",
    b"a6 FETCH 1 BODY[]\r\n",
    b"p1 OK done\r\n",
    b"p2 OK done\r\n",
    b"p3 NO done\r\n",
    b"+ go on\r\n",
    b"* 1 FETCH (BODY[] {5}\r\nhello)\r\n",
    b"* CAPABILITY IMAP4rev1\r\n",
    b"* BYE bye\r\n",
]
OCTETS = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)), min_size=1).map(
    b"".join
)
SEGMENTS = st.lists(st.tuples(st.sampled_from(Side), OCTETS), max_size=30)
POLICIES = {
    "plain": {},
    "limits": {"command_acl": "max-bytes-in 300; max-mail-in 4 refuse; max-mail-out 4 refuse;"},
    "everything": {"command_acl": "commands *; capabilities *;"},
    "starttls": {"session_acl": "client-ssl-params IN command optional;"},
    "server starttls": {"command_acl": "server-ssl-params OUT command;"},
}


@given(st.sampled_from(sorted(POLICIES)), SEGMENTS, st.booleans())
def test_any_octets(policy: str, segments: List[Tuple[Side, bytes]], greeted: bool) -> None:
    """Whatever comes from either side: no fault, and the rules that a Stage watches hold."""
    stage = Stage(configured(**POLICIES[policy]))
    stage.happen(CONNECTED)
    if greeted:
        stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1 IDLE LITERAL+] ready\r\n")
    for side, octets in segments:
        stage.arrive(side, octets)
    for side in Side:
        stage.happen(Closed(side))
