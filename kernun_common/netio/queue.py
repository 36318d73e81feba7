"""queue - what waits for a peer, in its order.

    queue.put(octets)                  they are not changed any more
    queue.put(pipe)                    what is inside a pipe.Pipe
    queue.send(write_many, fd)         offer all of it
    queue.send_with(write_many, view)  ... and what is in `view` behind it, in one call
    queue.octets                       how many wait

Pieces are not joined: what takes them takes several at once (transport.py).
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import Callable, Deque, List, Sequence, Union

from .pipe import Pipe
from .transport import Octets

MOST = 64  # pieces that are offered at once; the system takes 1024 (IOV_MAX)

WriteMany = Callable[[Sequence[Octets]], int]


class Queue:
    """Octets and pipes.  Both ways of sending raise OSError where the peer is gone."""

    __slots__ = ("_pieces", "octets")

    def __init__(self) -> None:
        self._pieces: Deque[Union[Octets, Pipe]] = deque()
        self.octets = 0

    def put(self, piece: Union[Octets, Pipe]) -> None:
        size = len(piece)
        if size:
            self._pieces.append(piece)
            self.octets += size

    def clear(self) -> None:
        self._pieces.clear()
        self.octets = 0

    def send(self, write_many: WriteMany, fd: int) -> None:
        """Until it is empty, or no more is taken."""
        pieces = self._pieces
        while pieces:
            head = pieces[0]
            if isinstance(head, Pipe):
                self.octets -= head.drain(fd)
                if len(head):
                    return
                pieces.popleft()
            elif not self._offer(write_many):
                return

    def _offer(self, write_many: WriteMany) -> bool:
        """Is all that was offered taken?"""
        pieces = self._head()
        offered = sum(map(len, pieces)) if len(pieces) > 1 else len(pieces[0])
        taken = write_many(pieces)
        self._drop(taken)
        return taken == offered

    def send_with(self, write_many: WriteMany, view: memoryview) -> None:
        """As `send`; what is not taken of `view` is copied, for its owner will use it again."""
        pieces = self._head()
        if len(pieces) < len(self._pieces):
            self.put(bytes(view))
            return
        waiting = self.octets
        taken = write_many([*pieces, view])
        self._drop(min(taken, waiting))
        if taken < waiting + len(view):
            self.put(bytes(view[max(0, taken - waiting) :]))

    def _head(self) -> List[Octets]:
        """The first pieces, up to a pipe."""
        pieces: List[Octets] = []
        for piece in islice(self._pieces, MOST):
            if isinstance(piece, Pipe):
                break
            pieces.append(piece)
        return pieces

    def _drop(self, taken: int) -> None:
        self.octets -= taken
        pieces = self._pieces
        while taken:
            head = pieces[0]
            assert not isinstance(head, Pipe)
            if len(head) > taken:
                pieces[0] = memoryview(head)[taken:]
                return
            taken -= len(head)
            pieces.popleft()
