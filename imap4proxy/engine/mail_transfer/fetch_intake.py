"""fetch_intake - FETCH responses of the server where mails are scanned, piece by piece.

    intake.scans                are mails from the server scanned?
    intake.open(job)            a job asks for FETCH responses; close(): it is done
    intake.job                  ... that one
    intake.wants_mail           it asked for whole mails: BODY[] is stored
    intake.takes(piece)         is a piece of a FETCH response for on_data?
    intake.forbids(piece)       ... or does it announce what may not go on?

With a job, a response is collected, and given to it when it is whole.  Without, it goes
on as it comes, but for what shows a mail's content: nobody has asked for that, so it
has not been checked, and is dropped.
See also: fetch_job.py, ../download.py, spec 2.5.
"""

from __future__ import annotations

from collections import deque
from typing import Deque, List, Optional, Protocol

from kernun_common.errors import PeerError, Side

from ... import messages
from ...section import MailLimit
from ...wire.data import Data
from ...wire.fetch_response import (
    FetchItem,
    FetchResponse,
    encode_response,
    holds_content,
    names_content,
)
from ...wire.fetch_run import STILL
from ...wire.response_reader import ResponseReader
from ..actions import Store
from ..conversation import Conversation
from ..events import Stored
from .outcomes import Outcomes

MOST_HELD = 4 << 20  # octets of one response, but for the mail: headers, structure, envelope
WHOLE_MAIL = b"BODY[]"


class Dropped:
    """In place of a value that nobody asked for."""


class Unavailable:
    """In place of a mail that could not be stored; `too_large` by the policy."""

    def __init__(self, too_large: bool, reason: str = "") -> None:
        self.too_large = too_large
        self.reason = reason


class Job(Protocol):
    """Who asked for FETCH responses."""

    def on_response(self, number: int, items: List[FetchItem]) -> None: ...

    def on_removal(self) -> None:
        """Mails were removed from the mailbox: the numbers of others are not what they were."""


class FetchIntake:
    def __init__(
        self, conversation: Conversation, reader: ResponseReader, outcomes: Outcomes
    ) -> None:
        self.scans = False
        self.job: Optional[Job] = None
        self.wants_mail = False
        self._conversation = conversation
        self._reader = reader
        self._outcomes = outcomes
        self._flow = STILL  # of the reader, while there is no job
        self._collects = False  # is the response that we are in a job's?
        self._response: Optional[FetchResponse] = None
        self._last = False  # is the response whole, but for the mail that is being stored?
        self._waiting: Deque[bytes] = deque()  # whole responses, behind one that takes its time
        self._drop = 0  # octets of a literal that nobody gets
        self._inline = 0  # octets of a literal that is held

    def open(self, job: Job) -> None:
        """From the next response on all are given to `job`, none flows."""
        self.job = job
        self._flow, self._reader.flow = self._reader.flow, STILL

    def close(self) -> None:
        self.job, self.wants_mail = None, False
        self._reader.flow = self._flow

    def take(self) -> bool:
        """Work on what has come of a literal, and on what waits: is that all of it?"""
        self._work_off()
        if self._drop:
            self._drop -= len(self._reader.take(self._drop))
        if self._inline:
            self._collect()
        return not (self._drop or self._inline or self._waiting or self._outcomes.stops_server)

    def takes(self, piece: Data) -> bool:
        """Is the piece a job's, or must something be taken out of it?

        What has begun to go on as it comes goes on so to its end.
        """
        if not self.scans:
            return False
        if piece.first:  # a job may begin in the midst of a response
            self._collects = self.job is not None
        if self._collects:
            return True
        if piece.flows or not names_content(_before_literal(piece)):
            return False
        if piece.first and piece.last:
            return True
        raise PeerError(Side.SERVER, "content of a mail that nobody asked for")

    def forbids(self, piece: Data) -> bool:
        """May the literal that a piece outside of jobs announces not reach the client?"""
        if not self.scans or not holds_content(piece.item):
            return False
        self._log_dropped()
        return True

    def on_data(self, piece: Data) -> None:
        """A piece that is taken here."""
        if piece.first and piece.last:
            self._waiting.extend(_each(piece))
            self._work_off()
            return
        if piece.first:
            assert piece.number is not None
            self._response = FetchResponse(piece.number)
        response = self._response
        assert response is not None
        response.add(piece.octets)
        self._bound(response, 0)
        if piece.last:
            self._response = None
            self._deliver(response)
        elif piece.literal:
            self._on_literal(response, piece)

    def _work_off(self) -> None:
        """One response behind the other: a mail that is sent may have to go by way of the pool."""
        while self._waiting and not self._outcomes.stops_server:
            octets = self._waiting.popleft()
            response = FetchResponse(int(octets.split(b" ", 2)[1]))
            response.add(octets)
            self._deliver(response)

    def _bound(self, response: FetchResponse, more: int) -> None:
        if len(response) + more > MOST_HELD:
            raise PeerError(Side.SERVER, "a FETCH response too long")

    # --- literals ----------------------------------------------------------------------------

    def _on_literal(self, response: FetchResponse, piece: Data) -> None:
        name = piece.item.rstrip(b" ").upper()
        if not holds_content(name):
            self._bound(response, piece.literal)
            self._inline = piece.literal
        elif self.job is None or not self.wants_mail or name != WHOLE_MAIL:
            self._drop = piece.literal
            response.store(Dropped())
        else:
            self._store(response, piece.literal)

    def _collect(self) -> None:
        assert self._response is not None
        octets = self._reader.take(self._inline)
        self._inline -= len(octets)
        self._response.add(octets)

    def _store(self, response: FetchResponse, size: int) -> None:
        """Into the mail pool, unless the mail is larger than the policy permits."""
        conversation = self._conversation
        acl = conversation.command_acl
        limit: MailLimit | None = acl.max_mail_in if acl is not None else None
        if limit is not None and size > limit.size:
            if not limit.refuse:
                conversation.exceeded("max-mail-in")
                return
            conversation.log(messages.MAIL_REFUSED, item="max-mail-in", size=size)
            self._drop = size
            response.store(Unavailable(too_large=True))
            return
        octets = self._reader.take(size)
        rest = size - len(octets)
        if conversation.count(Side.SERVER, rest):
            if rest:
                self._reader.passed(rest)
            self._outcomes.perform(Store(Side.SERVER, octets, rest), self._on_stored)

    def _on_stored(self, event: Stored) -> None:
        assert self._response is not None
        stored: object = event.mail
        if event.mail is None:
            self._conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
            stored = Unavailable(too_large=False, reason=event.reason)
        self._response.store(stored)

    # --- whole responses ---------------------------------------------------------------------

    def _deliver(self, response: FetchResponse) -> None:
        items = response.items()
        if self.job is not None:
            self.job.on_response(response.number, items)
        else:
            self.tell(response.number, items)

    def tell(self, number: int, items: List[FetchItem]) -> None:
        """Give the client what shows nothing of a mail's content."""
        kept = [item for item in items if not holds_content(item.name)]
        if len(kept) < len(items):
            self._log_dropped()
            release(items)
        octets = encode_response(number, kept)
        if octets:
            self._conversation.outbox.to_client(octets)

    def _log_dropped(self) -> None:
        reason = "content not asked for"
        self._conversation.log_once(
            messages.SERVER_DATA_DROPPED, reason, kind="FETCH", reason=reason
        )


def _before_literal(piece: Data) -> bytes:
    """The octets of a piece but for the item whose literal it announces: see `forbids`."""
    octets = piece.octets
    return octets[: octets.rindex(piece.item)] if piece.item else octets


def _each(piece: Data) -> List[bytes]:
    """The whole responses in a piece; without literals, CRLF only ends them."""
    if piece.count == 1:
        return [piece.octets]
    return [line + b"\r\n" for line in piece.octets.split(b"\r\n")[:-1]]


def release(items: List[FetchItem]) -> None:
    """Mails among the values are of no use any more."""
    for item in items:
        if not isinstance(item.value, (bytes, Dropped, Unavailable)):
            item.value.release()
