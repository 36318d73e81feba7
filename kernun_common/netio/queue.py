"""queue - what waits for a peer, in its order.

    queue.put(octets)               they are not changed while they wait
    queue.put(pipe)                 what is inside a pipe.Pipe
    queue.send(write_many, fd)      until it is empty, or no more is taken
    queue.octets                    how many wait

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
    """Octets and pipes."""

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
        """OSError where the peer is gone."""
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
        """Offer the first pieces, up to a pipe: is all of it taken?"""
        pieces: List[Octets] = []
        for piece in islice(self._pieces, MOST):
            if isinstance(piece, Pipe):
                break
            pieces.append(piece)
        offered = sum(map(len, pieces))
        taken = write_many(pieces)
        self._drop(taken)
        return taken == offered

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
