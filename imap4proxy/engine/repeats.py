"""repeats - what a server may make the proxy say as often as it likes: said once, then counted.

    if repeats.first(messages.SERVER_DATA_DROPPED): log it
    repeats.counts()            (("IMAP-812", 7), ...): what was not logged, at the session's end

A server that sends nothing but what is dropped would otherwise fill the log, a line for each
response.  Words that it chooses are no part of what counts as the same.  See also: conversation.py.
"""

from __future__ import annotations

from collections import Counter
from typing import List, Tuple

from kernun_common.log.message import Message


class Repeats:
    """Of one session."""

    def __init__(self) -> None:
        self._said: Counter[Tuple[str, str]] = Counter()

    def first(self, message: Message, kind: str = "") -> bool:
        """Is it the first of this message?  `kind` tells several apart, that the proxy knows."""
        key = (message.identification, kind)
        self._said[key] += 1
        return self._said[key] == 1

    def counts(self) -> List[Tuple[str, int]]:
        """Of each message, how many were not the first of their kind; only where there are any."""
        unsaid: Counter[str] = Counter()
        for (identification, _), times in self._said.items():
            unsaid[identification] += times - 1
        return [(identification, times) for identification, times in unsaid.items() if times]
