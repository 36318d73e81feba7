"""speed - how fast the octets of a session go now.  [P]

    meter = Meter()
    meter.tick(board.sessions(), now)       once in an interval
    meter.speed(shown, now)                 Speed(download, upload), octets a second

It is what passed in the last interval; of a session that is younger than that,
what has passed since its beginning.
"""

from __future__ import annotations

from typing import Dict, Iterable, NamedTuple, Tuple

from .record import Shown

SHORTEST = 1.0  # seconds: what came in the first moment is not taken for a speed


class Speed(NamedTuple):
    """Octets a second."""

    download: float = 0.0
    upload: float = 0.0


_Identity = Tuple[int, int, float]  # slot, process, beginning
_Sample = Tuple[int, int, float]  # octets down and up, when


class Meter:
    """Remembers, of each session, how it stood at the last tick."""

    def __init__(self) -> None:
        self._samples: Dict[_Identity, _Sample] = {}
        self._speeds: Dict[_Identity, Speed] = {}

    def tick(self, sessions: Iterable[Shown], now: float) -> None:
        """`now` in seconds since the epoch, as `Shown.since`."""
        shown = list(sessions)
        self._speeds = {_identity(each): self._measured(each, now) for each in shown}
        self._samples = {_identity(each): _sample(each, now) for each in shown}

    def speed(self, shown: Shown, now: float) -> Speed:
        """As at the last tick; one that began behind it is measured now."""
        return self._speeds.get(_identity(shown)) or self._measured(shown, now)

    def _measured(self, shown: Shown, now: float) -> Speed:
        down, up, then = self._samples.get(_identity(shown), (0, 0, shown.since))
        seconds = max(now - then, SHORTEST)
        live = shown.live
        return Speed((live.to_client - down) / seconds, (live.from_client - up) / seconds)


def _identity(shown: Shown) -> _Identity:
    return shown.slot, shown.pid, shown.since


def _sample(shown: Shown, now: float) -> _Sample:
    return shown.live.to_client, shown.live.from_client, now
