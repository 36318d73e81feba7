"""The order of the actions of one event."""

from imap4proxy.engine.actions import Finish, Log, Relay, Result, SendToClient, SendToServer
from imap4proxy.engine.outbox import Outbox
from imap4proxy.messages import FINISHED
from kernun_common.errors import Side


def test_octets_are_joined_and_logs_come_behind_them():
    outbox = Outbox()
    outbox.log(FINISHED, {"reason": "x"})
    outbox.to_client(b"a")
    outbox.to_server(b"b")
    outbox.to_client(b"c")
    assert outbox.drain() == [
        SendToServer(b"b"),
        SendToClient(b"ac"),
        Log(FINISHED, {"reason": "x"}),
    ]
    assert outbox.drain() == []


def test_an_action_comes_behind_what_was_sent_before_it():
    outbox = Outbox()
    outbox.to_client(b"{5}")
    outbox.add(Relay(Side.SERVER, 5))
    outbox.to_client(b"x")
    assert outbox.drain() == [
        SendToClient(b"{5}"),
        Relay(Side.SERVER, 5),
        SendToClient(b"x"),
    ]


def test_finish_is_the_last():
    outbox = Outbox()
    outbox.end(Finish(Result.ACCEPTED))
    outbox.log(FINISHED, {"reason": "x"})
    outbox.to_client(b"* BYE\r\n")
    assert [type(action) for action in outbox.drain()] == [SendToClient, Log, Finish]
