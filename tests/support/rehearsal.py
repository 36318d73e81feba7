"""rehearsal - plays a transcript to an engine, and compares.

    test_transcript = transcripts("idle")       tests of all those in transcripts/idle

    for fault in faults(transcript, cuts=[]):
        print(fault)

`cuts` are the places at which a segment ends, counted over all octets that
arrive in the transcript.  A test plays it whole, cut at every place, and octet
by octet.
See also: transcript.py, stage.py.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Callable, Collection, Iterator

import pytest

from imap4proxy.engine import actions, events
from kernun_common.errors import Side
from kernun_common.tls.certificate import Certificate

from .stage import CONNECTED, Stage, configured
from .transcript import Doings, Octets, Stimulus, Transcript, Turn, read, shown

TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
SIDES = {"client": Side.CLIENT, "server": Side.SERVER}
STATED = "CEWN"  # the severities of the messages that a transcript states in full


class Rehearsal:
    def __init__(self, transcript: Transcript, cuts: Collection[int] = ()) -> None:
        head = transcript.head
        items = ("top", "proxy", "session-acl", "command-acl", "mail")
        self.stage = Stage(configured(*(head.get(key, "") for key in items)))
        self._timers = transcript.states_timers
        self._cuts = cuts
        self._at = 0  # octets that have arrived
        self._told: dict[type, Callable[[Any], str]] = {
            actions.Connect: _connect,
            actions.Secure: _secure,
            actions.Finish: _finish,
        }
        if self._timers:
            self._told |= {actions.Arm: _arm, actions.Disarm: _disarm}

    def turn(self, turn: Turn) -> Doings:
        """Play it; what the engine did."""
        for stimulus in turn.stimuli:
            self.stimulus(stimulus)
        return self._doings()

    def stimulus(self, stimulus: Stimulus) -> None:
        if isinstance(stimulus, Octets):
            for segment in self._segments(stimulus.octets):
                self.stage.arrive(stimulus.side, segment)
            return
        name, *words = stimulus.words.split()
        if name == "after":
            self.stage.now += float(words[0])
        else:
            self.stage.happen(_event(name, words))

    def _segments(self, octets: bytes) -> Iterator[bytes]:
        begin = 0
        for at in range(1, len(octets)):
            if self._at + at in self._cuts:
                yield octets[begin:at]
                begin = at
        self._at += len(octets)
        yield octets[begin:]

    def _doings(self) -> Doings:
        """What has been done since the last call."""
        stage, doings = self.stage, Doings()
        for side, sent in stage.sent.items():
            doings.sent[side] = bytes(sent)
            sent.clear()
        for action in stage.done:
            if isinstance(action, actions.Log):
                message = action.message
                doings.logs.append(f"{message.tag} {message.render(action.fields)}")
            elif type(action) in self._told:
                doings.actions.append(self._told[type(action)](action))
        stage.done.clear()
        return doings


def transcripts(folder: str) -> Callable[[Path], None]:
    """The test of every transcript in a folder of tests/transcripts."""
    paths = sorted((TRANSCRIPTS / folder).glob("*.txt"))
    assert paths, folder

    @pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)
    def test_transcript(path: Path) -> None:
        transcript = read(path)
        for cuts in all_cuts(transcript):
            for fault in faults(transcript, cuts):
                pytest.fail(f"{fault}\n(cut at {cuts})", pytrace=False)

    return test_transcript


def all_cuts(transcript: Transcript) -> Iterator[Collection[int]]:
    """The places where segments end: nowhere, at each place, everywhere."""
    yield ()
    if "uncut" not in transcript.head:
        places = range(1, transcript.octets)
        yield from ((place,) for place in places)
        yield places


def faults(transcript: Transcript, cuts: Collection[int] = ()) -> Iterator[str]:
    """Where the engine did something else than the transcript says; the first such turn."""
    rehearsal = Rehearsal(transcript, cuts)
    for turn in transcript.turns:
        done = rehearsal.turn(turn)
        done.logs = list(_stated(turn.doings.logs, done.logs))
        if done != turn.doings:
            lines = difflib.ndiff(list(shown(turn.doings)), list(shown(done)))
            yield "\n".join([f"{transcript.name}.txt, behind line {turn.line}:", *lines])
            return


def _stated(stated: list[str], logged: list[str]) -> Iterator[str]:
    """The messages that a transcript has to state; in its words where it does."""
    rest = list(stated)
    for line in logged:
        tag = line.split()[0]
        if rest and tag == rest[0].split()[0] and rest[0].partition(" ")[2] in line:
            yield rest.pop(0)
        elif tag[-1] in STATED:
            yield line


# --- actions and events in their words -------------------------------------------------------


def _connect(action: actions.Connect) -> str:
    return " ".join(["connect", *map(str, action.candidates)])


def _secure(action: actions.Secure) -> str:
    return f"secure {action.side.name.lower()}"


def _arm(action: actions.Arm) -> str:
    return f"arm {action.timer.value} {action.seconds:g}"


def _disarm(action: actions.Disarm) -> str:
    return f"disarm {action.timer.value}"


def _finish(action: actions.Finish) -> str:
    reset = "reset " if action.reset else ""
    return f"finish {action.result.value} {reset}{action.reason}"


def _event(name: str, words: list[str]) -> events.Event:
    """The event of EVENTS."""
    if name == "connected":
        return CONNECTED
    if name == "unreachable":
        return events.Unreachable(" ".join(words))
    if name == "stopped":
        return events.Stopped()
    if name == "expired":
        side = SIDES[words[1]] if len(words) > 1 else Side.CLIENT
        return events.Expired(events.Timer(words[0]), side)
    side, rest = SIDES[words[0]], " ".join(words[1:])
    if name == "closed":
        return events.Closed(side, failure=rest)
    if name == "insecure":
        return events.Insecure(side, rest)
    return events.Secured(side, _certificate(rest), "TLSv1.3", "TLS_AES_256_GCM_SHA384")


def _certificate(subject: str) -> Certificate | None:
    return Certificate((subject,), ("CN=CA",), (), "00" * 32) if subject else None
