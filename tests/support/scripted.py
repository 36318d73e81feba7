"""scripted - a script of netio/script.py played without a connection.

    answer, sent = play(script, [b"stream: ", b"OK\\0"])      what the server says, piece by piece
    play(script, [b"OK\\0"], early=True)                      it is there before all was sent

Behind the last piece the server has ended.  Descriptors that are passed stand among `sent`
as Passing.  See also: cuts.py.
"""

from __future__ import annotations

from typing import Any, List, Sequence, Tuple


def play(script, arrivals: Sequence[bytes], early: bool = False) -> Tuple[Any, List[Any]]:
    """What the script returns, and what it has sent; what it raises is raised."""
    waiting, sent = list(arrivals), []
    try:
        outgoing = next(script)
        while True:
            if outgoing:
                sent.append(outgoing)
                arrived = waiting.pop(0) if early and waiting else b""
            else:
                arrived = waiting.pop(0) if waiting else None
            outgoing = script.send(arrived)
    except StopIteration as end:
        return end.value, sent
    finally:
        script.close()
