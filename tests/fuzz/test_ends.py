"""The end, of whatever kind, in the middle of every transcript.

Between any two turns and at some places within: the session is over then, or
as soon as the server is gone, too; and what the client got is IMAP that ends with
a BYE, or is cut by a reset.
"""

from __future__ import annotations

from random import Random
from typing import Iterator, List

import pytest

from imap4proxy.engine.actions import Finish
from imap4proxy.engine.events import Closed, Event, Expired, Stopped, Timer
from imap4proxy.wire.status import Status
from kernun_common.errors import Side
from tests.support.reading import Collector, make
from tests.support.rehearsal import TRANSCRIPTS, Rehearsal
from tests.support.stage import Stage
from tests.support.transcript import Octets, Stimulus, Transcript, read

PLACES = 4  # within a transcript, chosen at random
FILES = sorted(TRANSCRIPTS.rglob("*.txt"))
ENDING = [timer for timer in Timer if timer is not Timer.PROGRESS]
OURS: List[Event] = [Stopped(), *(Expired(timer, side) for timer in ENDING for side in Side)]


def beginnings(transcript: Transcript) -> Iterator[List[Stimulus]]:
    """What happened until somebody ends it."""
    stimuli = [stimulus for turn in transcript.turns for stimulus in turn.stimuli]
    chance = Random(transcript.name)
    for count in range(len(stimuli) + 1):
        yield stimuli[:count]
    for _ in range(PLACES):
        at = chance.randrange(len(stimuli)) if stimuli else 0
        last = stimuli[at] if stimuli else None
        if isinstance(last, Octets):
            cut = chance.randrange(len(last.octets))
            yield [*stimuli[:at], Octets(last.side, last.octets[:cut])]


def played(transcript: Transcript, stimuli: List[Stimulus]) -> Stage:
    rehearsal = Rehearsal(transcript)
    for stimulus in stimuli:
        rehearsal.stimulus(stimulus)
    return rehearsal.stage


def stages(transcript: Transcript, event: Event) -> Iterator[Stage]:
    """Every place where `event` can happen, behind it."""
    for stimuli in beginnings(transcript):
        stage = played(transcript, stimuli)
        if not (stage.over or stage.outcome_due):
            stage.happen(event)
            yield stage


def check_client(stage: Stage, told: bool = True) -> None:
    """`told`: is the client owed a BYE?"""
    reset = any(type(action) is Finish and action.reset for action in stage.done)
    collector = Collector(make())
    collector.feed(bytes(stage.sent[Side.CLIENT]))
    assert reset or not collector.reader.midway
    conditions = [one.condition for one in collector.found if isinstance(one, Status)]
    assert reset or not told or b"BYE" in conditions


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_by_us(path):
    for event in OURS:
        for stage in stages(read(path), event):
            assert stage.over
            check_client(stage)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_by_the_server(path):
    for stage in stages(read(path), Closed(Side.SERVER)):
        assert stage.over
        check_client(stage)


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_by_the_client(path, deaf):
    for stage in stages(read(path), Closed(Side.CLIENT, deaf)):
        assert stage.over or not deaf
        if not stage.over:
            stage.happen(Closed(Side.SERVER))
            assert stage.over
        check_client(stage, told=False)
