r"""transcript - a session as a text: what arrived, and all that the proxy did about it.

    # login.txt -- a wrong password is the server's NO, and the session goes on
    # command-acl: capabilities ! { IDLE };
    @ connect [192.0.2.7] : 143
    S> * OK [CAPABILITY IMAP4rev1 IDLE] ready
    <C * OK [CAPABILITY IMAP4rev1] ready
    C> a1 LOGIN alice wrong
    <S p1 LOGIN alice wrong
    S> p1 NO no
    <C a1 NO no

    C> S>   arrived from the client, from the server
    <C <S   was sent to the client, to the server; where there is none, nothing was
    @       an action that was performed, or an event; `;` begins a comment
    !       a log message: its tag, and words that stand in it

Every transcript begins with a client who has connected.  Each line of a lane
ends in CRLF but for one that ends in a backslash; `\r \n \t \\ \xHH` stand for
octets, and `\{TEXT*N}` for N times TEXT.  Lines that arrive one behind the other
may come in one segment.

Events:   connected, unreachable REASON, secured SIDE [SUBJECT], insecure SIDE REASON,
          closed SIDE [FAILURE], expired TIMER [SIDE], stopped, after SECONDS
Actions:  connect SOCK ..., secure SIDE, arm TIMER SECONDS, disarm TIMER,
          finish RESULT [reset] REASON

`connected` and `secured` may be left out: they follow `connect` and `secure` if
no other event does.  Timers are stated in full or not at all; log messages of
severity C, E, W and N in full, others where they matter.

Items for the configuration stand in the head: `# proxy:`, `# session-acl:`,
`# command-acl:`, `# top:`; `# mail:` has the ACLs where mails are scanned.
`# uncut: REASON` says why the octets have to come as they stand.
See also: rehearsal.py, which plays it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Union

from kernun_common.errors import Side

LANES = {"C>": Side.CLIENT, "S>": Side.SERVER, "<C": Side.CLIENT, "<S": Side.SERVER}
EVENTS = frozenset(
    {"connected", "unreachable", "secured", "insecure", "closed", "expired", "stopped", "after"}
)
FOLLOWS = {"connect": "connected", "secure": "secured"}  # the event when nothing is said of it

_HEAD = re.compile(
    r"# (?P<key>proxy|session-acl|command-acl|mail|top|uncut): (?P<value>.*)"
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|\{(.*?)\*([0-9]+)\}|(.))")
_PLAIN = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


@dataclass(frozen=True)
class Octets:
    """They arrived from `side`."""

    side: Side
    octets: bytes


@dataclass(frozen=True)
class Happening:
    """An event of EVENTS, in its words."""

    words: str


Stimulus = Union[Octets, Happening]


@dataclass
class Doings:
    """What the proxy did: octets by side, actions and log messages in their words."""

    sent: dict[Side, bytes] = field(default_factory=lambda: {side: b"" for side in Side})
    actions: list[str] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)


@dataclass
class Turn:
    """Something happened, and that is what the proxy did."""

    line: int
    stimuli: list[Stimulus] = field(default_factory=list)
    doings: Doings = field(default_factory=Doings)


@dataclass
class Transcript:
    name: str
    head: dict[str, str] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """How many arrive, from both sides."""
        return sum(
            len(stimulus.octets)
            for turn in self.turns
            for stimulus in turn.stimuli
            if isinstance(stimulus, Octets)
        )

    @property
    def states_timers(self) -> bool:
        return any(
            words.startswith(("arm ", "disarm "))
            for turn in self.turns
            for words in turn.doings.actions
        )


def read(path: Path) -> Transcript:
    """The transcript in a file; ValueError where a line is none."""
    transcript = Transcript(path.stem)
    reader = _Reader(transcript)
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            reader.line(number, line)
        except (ValueError, KeyError) as error:
            raise ValueError(f"{path.name}:{number}: {error}: {line!r}") from error
    return transcript


class _Reader:
    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._turn = Turn(0)
        self._answered = True  # the next stimulus begins a turn
        transcript.turns.append(self._turn)

    def line(self, number: int, line: str) -> None:
        head = _HEAD.fullmatch(line)
        if head is not None:
            self._transcript.head[head["key"]] = head["value"]
        elif line.strip() and line[0] not in "#;":
            lane, _, rest = line.partition(" ")
            self._lane(number, lane, rest)

    def _lane(self, number: int, lane: str, rest: str) -> None:
        doings = self._turn.doings
        if lane in ("C>", "S>"):
            self._stimulus(number, Octets(LANES[lane], octets(rest)))
        elif lane == "@" and rest.split()[0] in EVENTS:
            self._stimulus(number, Happening(rest))
        elif lane == "@":
            doings.actions.append(rest)
            self._answered = True
        elif lane == "!":
            doings.logs.append(rest)
            self._answered = True
        else:
            doings.sent[LANES[lane]] += octets(rest)
            self._answered = True

    def _stimulus(self, number: int, stimulus: Stimulus) -> None:
        if self._answered:
            implied = self._implied(stimulus)
            self._turn = Turn(number)
            self._transcript.turns.append(self._turn)
            self._turn.stimuli += implied
            self._answered = False
        self._append(stimulus)

    def _implied(self, stimulus: Stimulus) -> list[Stimulus]:
        """The event that follows the last action, unless `stimulus` is one."""
        for words in reversed(self._turn.doings.actions):
            event = FOLLOWS.get(words.split()[0])
            if event is not None and isinstance(stimulus, Octets):
                side = words.split()[1] if event == "secured" else ""
                return [Happening(f"{event} {side}".strip())]
        return []

    def _append(self, stimulus: Stimulus) -> None:
        """Add it; octets of a side join those before them."""
        stimuli = self._turn.stimuli
        last = stimuli[-1] if stimuli else None
        if isinstance(stimulus, Octets) and isinstance(last, Octets) and last.side is stimulus.side:
            stimuli[-1] = Octets(last.side, last.octets + stimulus.octets)
        else:
            stimuli.append(stimulus)


def octets(text: str) -> bytes:
    """The octets that a line of a lane stands for."""
    end = "\r\n"
    if len(text) - len(text.rstrip("\\")) & 1:
        text, end = text[:-1], ""
    return (_ESCAPE.sub(_unescape, text) + end).encode("latin-1")


def _unescape(found: re.Match[str]) -> str:
    code, repeated, count, letter = found.groups()
    if code is not None:
        return chr(int(code, 16))
    if repeated is not None:
        return _ESCAPE.sub(_unescape, repeated) * int(count)
    return _PLAIN[letter]


def shown(doings: Doings) -> Iterator[str]:
    """`doings` as the lines of a transcript."""
    yield from (f"@ {words}" for words in doings.actions)
    for lane, side in (("<S", Side.SERVER), ("<C", Side.CLIENT)):
        *lines, rest = doings.sent[side].split(b"\r\n")
        yield from (f"{lane} {_escaped(line)}" for line in lines)
        if rest:
            yield f"{lane} {_escaped(rest)}\\"
    yield from (f"! {words}" for words in doings.logs)


def _escaped(line: bytes) -> str:
    text = repr(line)[2:-1].replace("\\'", "'")
    return text if len(text) <= 400 else f"{text[:400]}...({len(line)} octets)"
