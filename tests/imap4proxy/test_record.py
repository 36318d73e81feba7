from datetime import datetime
from types import SimpleNamespace

import pytest

from imap4proxy import messages, record
from imap4proxy.engine.actions import Result
from imap4proxy.engine.events import Accepted, Connected
from imap4proxy.engine.states import State
from kernun_common.errors import Side
from kernun_common.monitoring.record import Live, Record
from kernun_common.sockaddr import Sockaddr, address

CLIENT = Sockaddr(address("192.0.2.7"), 40312)
TO = Sockaddr(address("192.0.2.1"), 143)
SERVER = Connected("imap.example.org", Sockaddr(address("2001:db8::1"), 993))
ACL = SimpleNamespace(name="STAFF")
WHEN = datetime(2026, 11, 22)


class Log:
    """Keeps what is written, rendered."""

    def __init__(self):
        self.lines = []

    def write_fields(self, message, fields):
        self.lines.append(message.render(fields))

    stats = write_fields


def written(
    result=Result.ACCEPTED, server=SERVER, user=b"alice", acls=(ACL, ACL), names=None, both=True
):
    log = Log()
    conversation = SimpleNamespace(
        result=result,
        server=server,
        user=user,
        commands=5,
        octets_in=100,
        octets_out=20,
        session_acl=acls[0],
        command_acl=acls[1],
        activity="IDLE",
    )
    conns = {Side.CLIENT: SimpleNamespace(octets_in=21, octets_out=101)}
    if both:
        conns[Side.SERVER] = SimpleNamespace(octets_in=102, octets_out=22)
    accepted = Accepted(CLIENT, TO, False, WHEN, names)
    record.write(log, SimpleNamespace(conversation=conversation), accepted, conns, 1.25)
    return log.lines


def test_both_records():
    assert written() == [
        "SESSION-END CLIENT=[192.0.2.7]:40312 SERVER=[2001:db8::1]:993 TRANSP=NO USER=alice"
        " CMDs=5 IN=100 OUT=20 TIME=1.250 ACCEPTED",
        "PROXY-EVENT PROTOCOL=TCP CLIENT=192.0.2.7 CLIENT-IP=192.0.2.7 CLIENT-PORT=40312"
        " SERVER=imap.example.org SERVER-IP=2001:db8::1 SERVER-PORT=993 SERVER-PORT-NAME=imaps"
        " USER=alice BYTES-CIN=101 BYTES-COUT=21 BYTES-SIN=102 BYTES-SOUT=22 DURATION=1.250"
        " STATUS=ACCEPTED RESULT=OK RULE=STAFF/STAFF",
    ]


def test_a_session_that_never_had_a_server():
    end, event = written(Result.REJECTED, None, None, (ACL, None), ("pc.example.org",), False)
    assert "SERVER=<NULL> " in end and "USER=<NULL>" in end and end.endswith("REJECTED")
    assert "CLIENT=pc.example.org" in event and "SERVER=<NULL> SERVER-IP=<NULL>" in event
    assert "BYTES-SIN=0 BYTES-SOUT=0" in event
    assert event.endswith("STATUS=REJECTED RESULT=ABORTED RULE=STAFF")


@pytest.mark.parametrize(
    "result, last, outcome",
    [
        (Result.ACCEPTED, "ACCEPTED", "STATUS=ACCEPTED RESULT=OK"),
        (Result.REJECTED, "REJECTED", "STATUS=REJECTED RESULT=ABORTED"),
        (Result.FAILED, "FAILED", "STATUS=ACCEPTED RESULT=FAILED"),
        (None, "FAILED", "STATUS=ACCEPTED RESULT=FAILED"),  # a fault of the program
    ],
)
def test_results(result, last, outcome):
    end, event = written(result)
    assert end.endswith(last) and outcome in event


def test_without_acl():
    assert written(acls=(None, None))[1].endswith("RULE=<NULL>")


def test_peers_do_not_write_the_record():
    [end, event] = written(user=b"x RESULT=OK\r\nIMAP-888", names=("a b=c",))
    assert "\n" not in end + event
    assert event.count(" RESULT=") == 1 and end.count(" CMDs=") == 1


@pytest.mark.parametrize(
    "server, user, activity, expected",
    [
        (None, None, "", "child: 192.0.2.7 "),
        (SERVER, None, "LOGIN", "child: 192.0.2.7 -> imap.example.org:993 LOGIN"),
        (SERVER, b"alice", "IDLE", "child: 192.0.2.7 -> imap.example.org:993 alice IDLE"),
        (SERVER, b"a\x1b b", "IDLE", "child: 192.0.2.7 -> imap.example.org:993 a??b IDLE"),
    ],
)
def test_title(server, user, activity, expected):
    conversation = SimpleNamespace(server=server, user=user, activity=activity)
    accepted = Accepted(CLIENT, TO, False, datetime(2026, 11, 22))
    assert record.title(SimpleNamespace(conversation=conversation), accepted) == expected


def test_the_rows_are_those_of_the_records():
    assert messages.SESSION_END.identification == "IMAP-702"
    assert messages.PROXY_EVENT.identification == "IMAP-888"


FACTS = [
    # the facts, the ACLs chosen, their names phase by phase
    (None, (None, None), ()),
    (SimpleNamespace(server=None), (ACL, None), ("STAFF",)),
    (SimpleNamespace(server=None), (None, None), ("",)),
    (SimpleNamespace(server=SERVER), (ACL, None), ("STAFF", "")),
    (SimpleNamespace(server=SERVER), (ACL, ACL), ("STAFF", "STAFF")),
]


@pytest.mark.parametrize("facts, chosen, names", FACTS)
def test_acls(facts, chosen, names):
    conversation = SimpleNamespace(facts=facts, session_acl=chosen[0], command_acl=chosen[1])
    assert record.acls(conversation) == names


def shown(tls=None, **parts):
    usual = {
        "server": None,
        "state": State.NOT_AUTHENTICATED,
        "activity": "",
        "user": None,
        "mailbox": None,
        "facts": None,
    }
    engine = SimpleNamespace(conversation=SimpleNamespace(**{**usual, **parts}))
    return record.shown(engine, Accepted(CLIENT, TO, False, WHEN), tls or {})


SHOWN = [
    # what the session has, what is shown of it beside the client
    ({}, {"state": "not-authenticated"}),
    (
        {"server": SERVER, "tls": {Side.CLIENT: "A", Side.SERVER: "B"}},
        {
            "server": "[2001:db8::1]:993",
            "host": "imap.example.org",
            "state": "not-authenticated",
            "client_tls": "A",
            "server_tls": "B",
        },
    ),
    (
        {"user": b"alice", "state": State.SELECTED, "activity": "FETCH", "mailbox": b"INBOX"},
        {"user": "alice", "state": "selected", "command": "FETCH", "data": "INBOX"},
    ),
    ({"state": State.SELECTED, "activity": "selected"}, {"state": "selected"}),
    (
        {"user": b"ali\xffce\n", "mailbox": "ž".encode()},
        {"user": "ali\ufffdce\n", "data": "ž", "state": "not-authenticated"},
    ),
]


@pytest.mark.parametrize("has, words", SHOWN)
def test_shown(has, words):
    assert shown(**has) == Record(client="[192.0.2.7]:40312", **words)


def test_live():
    conns = {Side.CLIENT: SimpleNamespace(octets_in=1, octets_out=2)}
    engine = SimpleNamespace(conversation=SimpleNamespace(commands=5))
    assert record.live(engine, conns) == Live(1, 2, 0, 0, 5)
    conns[Side.SERVER] = SimpleNamespace(octets_in=3, octets_out=4)
    assert record.live(engine, conns) == Live(1, 2, 3, 4, 5)
