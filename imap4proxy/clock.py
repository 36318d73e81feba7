"""clock - which timer of a session runs out next; pure: `now` is an argument.

    clock.arm(Timer.LOGIN, 180, now)
    clock.heard(Side.CLIENT, now)           octets came from that side
    clock.took(Side.CLIENT, now)            octets went to that side
    if now >= clock.wake:                   cheap; nothing can have run out before
        due = clock.look(watched, now)      what has run out, None if nothing

LOGIN, COMMAND and MAX_TIME run through.  IDLE restarts with every octet that comes
or goes, and stands still while a RECV runs.  RECV and SEND belong to a side, and
only count while that side is `watched`: it is inside a line or a literal that we
are willing to read, or owes us the taking of what is queued for it.

`wake` is a bound that `look` sets anew: not later than any timer that is known,
nor than any that may begin meanwhile.  So octets cost no arithmetic.
Seconds of a monotonic clock.  netio(5), imap4-proxy.cfg(5).
"""

from __future__ import annotations

import math
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
    """The timers of one session."""

    def __init__(self, now: float, shortest: float = math.inf) -> None:
        """`shortest`: no RECV or SEND of this session takes less."""
        self.wake = now + shortest
        self._shortest = shortest
        self._fixed: Dict[Timer, float] = {}
        self._idle = math.inf
        self._last = now
        self._heard = [now, now]  # of the client, of the server
        self._took = [now, now]

    def latest(self, now: float) -> float:
        """When a handshake that begins now has to be over: IDLE, or what runs through before."""
        return min(now + self._idle, *self._fixed.values(), math.inf)

    def arm(self, timer: Timer, seconds: float, now: float) -> None:
        """Start a timer anew."""
        if timer is Timer.IDLE:
            self._idle = seconds
            self._last = now
        else:
            self._fixed[timer] = now + seconds
        self.look_by(now + seconds)

    def disarm(self, timer: Timer) -> None:
        """A timer that is not armed stays so; IDLE is always armed."""
        self._fixed.pop(timer, None)

    def look_by(self, when: float) -> None:
        """There is a reason to look then, if not before."""
        if when < self.wake:
            self.wake = when

    def heard(self, side: Side, now: float) -> None:
        """Octets came from `side`, or it is only from now on that they can."""
        self._heard[side is Side.SERVER] = self._last = now

    def took(self, side: Side, now: float) -> None:
        """`side` took octets of what was queued for it, or has to from now on."""
        self._took[side is Side.SERVER] = self._last = now

    def look(self, watched: Watched, now: float) -> Due | None:
        """What ran out first, if anything; `watched`: the RECV and SEND that count, in seconds."""
        silent = [self._silence(*one) for one in watched]
        due = [Due(when, timer) for timer, when in self._fixed.items()] + silent
        suspended = any(one.timer is Timer.RECV for one in silent)
        if not suspended:
            due.append(Due(self._last + self._idle, Timer.IDLE))
        first = min(due, key=_when, default=None)
        self.wake = min(now + self._shortest, now + self._idle if suspended else math.inf)
        if first is None:
            return None
        self.wake = min(self.wake, first.when)
        return first if first.when <= now else None

    def _silence(self, timer: Timer, side: Side, seconds: float) -> Due:
        since = self._heard if timer is Timer.RECV else self._took
        return Due(since[side is Side.SERVER] + seconds, timer, side)


def _when(due: Due) -> float:
    return due.when
