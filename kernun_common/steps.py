"""steps - work that waits for servers, such as look-ups; one piece alone, or many at once.

    def look_up(...) -> Steps[Answer]:               a generator
        ready = yield Want(fd, POLLIN, deadline)     False if the deadline has come
        return answer

    alone(look_up(...), wait)                        the result; `wait` as netio's Waiter.until
    together = Together()
    together.start("a", lambda: look_up(...))
    together.wait(until, stop_fd)                    [("a", result or Unavailable), ...]

or, where another loop waits for them beside its own descriptors:

    together.wants()                                 what to poll for, and until when
    together.step(ready)                             as wait, but it waits for nothing

Such work reads as if it blocked, and alone it does.  Together, a server that is
silent delays only what it is asked for.

Deadlines are of time.monotonic().  Work that fails raises Unavailable.
"""

from __future__ import annotations

import select
import time
from collections import deque
from typing import (
    Callable,
    Collection,
    Deque,
    Dict,
    Generator,
    Generic,
    List,
    NamedTuple,
    Tuple,
    TypeVar,
    Union,
)

from .errors import Unavailable

T = TypeVar("T")
K = TypeVar("K")

AT_ONCE = 64  # pieces of work; each has a descriptor open, or even a process
LONGEST = 3600.0  # seconds in one call of poll, which does not take any number


class Want(NamedTuple):
    """What is waited for: a descriptor, poll's mask, and no longer than until then."""

    fd: int
    mask: int
    deadline: float


Steps = Generator[Want, bool, T]
Wait = Callable[[int, int, float], bool]


def alone(steps: Steps[T], wait: Wait) -> T:
    """The result; Unavailable also where `wait` gives up before the deadline."""
    try:
        want = next(steps)
        while True:
            ready = wait(*want)
            in_time = time.monotonic() < want.deadline
            if in_time and not ready:
                raise Unavailable("given up, because the program ends")
            want = steps.send(ready and in_time)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


class Together(Generic[K, T]):
    """Work by what it is called; of much, some waits until other has ended."""

    def __init__(self) -> None:
        self.stopped = False  # has `stop_fd` become readable?
        self._queue: Deque[Tuple[K, Callable[[], Steps[T]]]] = deque()
        self._under_way: Dict[K, Tuple[Steps[T], Want]] = {}
        self._ended: List[Tuple[K, Union[T, Unavailable]]] = []

    def __len__(self) -> int:
        """How many have not been told of yet."""
        return len(self._queue) + len(self._under_way) + len(self._ended)

    def start(self, key: K, begin: Callable[[], Steps[T]]) -> None:
        """As soon as there is room for it; `begin` is called then."""
        self._queue.append((key, begin))

    def wait(
        self, until: float, stop_fd: int | None = None
    ) -> List[Tuple[K, Union[T, Unavailable]]]:
        """Those that have ended; none only where `until` has come or the program ends."""
        self._fill()
        while not self._ended and not self.stopped and time.monotonic() < until:
            self._turn(until, stop_fd)
            self._fill()
        return self._told()

    def wants(self) -> List[Want]:
        """What those under way wait for; each deadline counts, and `step` is due then."""
        self._fill()
        return [want for _, want in self._under_way.values()]

    def step(self, ready: Collection[int]) -> List[Tuple[K, Union[T, Unavailable]]]:
        """Go on with those whose descriptor is ready or whose deadline has come."""
        self._fill()
        self._go_on(ready)
        self._fill()
        return self._told()

    def _told(self) -> List[Tuple[K, Union[T, Unavailable]]]:
        ended, self._ended = self._ended, []
        return ended

    def close(self) -> None:
        """Give up what is under way."""
        for steps, _ in self._under_way.values():
            steps.close()
        self._under_way.clear()
        self._queue.clear()

    def _fill(self) -> None:
        while self._queue and len(self._under_way) < AT_ONCE:
            key, begin = self._queue.popleft()
            steps = begin()
            self._advance(key, steps, lambda: next(steps))

    def _turn(self, until: float, stop_fd: int | None) -> None:
        ready = self._poll(until, stop_fd)
        self.stopped = stop_fd in ready
        self._go_on(ready)

    def _go_on(self, ready: Collection[int | None]) -> None:
        now = time.monotonic()
        for key, (steps, want) in list(self._under_way.items()):
            in_time = now < want.deadline
            if want.fd in ready or not in_time:
                self._advance(key, steps, lambda: steps.send(in_time))

    def _poll(self, until: float, stop_fd: int | None) -> Dict[int | None, int]:
        poll = select.poll()
        if stop_fd is not None:
            poll.register(stop_fd, select.POLLIN)
        for _, want in self._under_way.values():
            poll.register(want.fd, want.mask)
            until = min(until, want.deadline)
        seconds = min(max(0.0, until - time.monotonic()), LONGEST)
        return dict(poll.poll(int(seconds * 1000) + 1))

    def _advance(self, key: K, steps: Steps[T], step: Callable[[], Want]) -> None:
        try:
            self._under_way[key] = steps, step()
        except StopIteration as end:
            self._end(key, end.value)
        except Unavailable as failure:
            self._end(key, failure)

    def _end(self, key: K, result: Union[T, Unavailable]) -> None:
        self._under_way.pop(key, None)
        self._ended.append((key, result))
