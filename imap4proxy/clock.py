"""clock - which timer of a session runs out next; pure: `now` is an argument.

    clock.arm(Timer.LOGIN, 180, now)
    clock.heard(Side.CLIENT, now)          octets came from that side
    clock.next(watched)                    -> (when, Timer, Side): the earliest to run out

LOGIN, COMMAND and MAX_TIME run through.  IDLE restarts with every octet.  RECV
and SEND belong to a side, and only count while that side is `watched`: it is
inside a line or a literal, or owes us the taking of what is queued for it.
Seconds of a monotonic clock.  netio(5), imap4-proxy.cfg(5).
"""

from __future__ import annotations

from typing import Dict, Iterable, NamedTuple, Tuple

from kernun_common.errors import Side

from .engine.events import Timer


class Due(NamedTuple):
    """When a timer runs out, and whose silence it is then."""

    when: float
    timer: Timer
    side: Side = Side.CLIENT


Watched = Iterable[Tuple[Timer, Side, float]]


class Clock:
    def __init__(self, now: float) -> None:
        self._fixed: Dict[Timer, float] = {}
        self._idle: float | None = None
        self._last = now
        self._since: Dict[Tuple[Timer, Side], float] = {}

    @property
    def idle_seconds(self) -> float:
        """What is armed as IDLE; it also bounds handshakes."""
        return self._idle or 0.0

    def arm(self, timer: Timer, seconds: float, now: float) -> None:
        if timer is Timer.IDLE:
            self._idle = seconds
            self._last = now
        else:
            self._fixed[timer] = now + seconds

    def disarm(self, timer: Timer) -> None:
        self._fixed.pop(timer, None)

    def heard(self, side: Side, now: float) -> None:
        """Octets came from `side`."""
        self._last = now
        self._since[Timer.RECV, side] = now

    def took(self, side: Side, now: float) -> None:
        """`side` took octets of what was queued for it, or nothing is queued."""
        self._since[Timer.SEND, side] = now

    def next(self, watched: Watched) -> Due | None:
        """The earliest timer; `watched`: RECV and SEND timers that count now, with seconds."""
        due = [Due(when, timer) for timer, when in self._fixed.items()]
        silent = [
            Due(self._since.get((timer, side), self._last) + seconds, timer, side)
            for timer, side, seconds in watched
        ]
        if self._idle is not None and not any(one.timer is Timer.RECV for one in silent):
            due.append(Due(self._last + self._idle, Timer.IDLE))
        due += silent
        return min(due, default=None, key=_when)


def _when(due: Due) -> float:
    return due.when
