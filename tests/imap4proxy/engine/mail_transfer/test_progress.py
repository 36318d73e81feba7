import pytest

from imap4proxy.engine.actions import Arm, Disarm, SendToClient
from imap4proxy.engine.conversation import Conversation
from imap4proxy.engine.events import Timer
from imap4proxy.engine.mail_transfer.progress import SECONDS, Progress
from tests.support.stage import configured, texts

LINES = [
    # tag, goal, done, the line
    (b"A142", 10, 3, b'* OK [INPROGRESS ("A142" 3 10)] Mail is being checked\r\n'),
    (b"A142", None, 3, b'* OK [INPROGRESS ("A142" 3 NIL)] Mail is being checked\r\n'),
    (b"A]", 10, 3, b"* OK [INPROGRESS] Mail is being checked\r\n"),
]


@pytest.mark.parametrize("tag, goal, done, line", LINES)
def test_progress(tag, goal, done, line):
    conversation = Conversation(configured(), texts())
    progress = Progress(conversation)
    progress.begin(tag, goal)
    progress.done = done
    progress.on_expired()
    progress.end()
    assert conversation.outbox.drain() == [
        Arm(Timer.PROGRESS, SECONDS),
        SendToClient(line),
        Arm(Timer.PROGRESS, SECONDS),
        Disarm(Timer.PROGRESS),
    ]


def test_not_inside_of_a_response():
    conversation = Conversation(configured(), texts())
    progress = Progress(conversation)
    progress.begin(b"a", 1)
    conversation.outbox.drain()
    conversation.midst = True
    progress.on_expired()
    assert conversation.outbox.drain() == [Arm(Timer.PROGRESS, SECONDS)]
    conversation.midst = False
    [send] = conversation.outbox.drain()
    assert send.octets.startswith(b"* OK [INPROGRESS")
