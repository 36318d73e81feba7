"""facility - what one configuration needs to be monitored: memory, a folder, a socket.

    facility = open_facility(section, subject, log)             at start
    facility = open_facility(section, subject, log, present)    at a reload
    facility.sit(slot, log)                 in a child, which writes then by facility.seat
    facility.vacate(slot)                   in the parent, when that has gone
    facility.close(remaining)               in the parent: of no use any longer
    facility.forget()                       in a child: it is the parent's

What cannot be had is a ConfigurationError at the item that asks for it.  The folder
that is the default is asked for by no item: without it there is a warning in the log,
and no file.

See also: board.py, seat.py, helper.py.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Iterator, Mapping, Optional, Sequence

from kernun_common.errors import ConfigurationError
from kernun_common.inside import inside
from kernun_common.log.message import Message, Severity
from kernun_common.log.sinks import Log
from kernun_common.netio import listening
from kernun_common.sockaddr import Sockaddr

from . import messages
from .board import Board, Key
from .publish import Owner, make_folder
from .seat import NONE, Seat
from .section import Monitoring

QUEUE = 64  # HTTP clients that wait until they are accepted
_GRAVE = (Severity.CRITICAL, Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Subject:
    """What is monitored."""

    program: str
    name: str  # of the proxy
    slots: int = 1  # the most children
    acls: Mapping[str, Sequence[str]] = field(default_factory=dict)  # names, by their layer
    messages: Sequence[Message] = ()  # that can be logged; warnings and worse are counted
    owner: Optional[Owner] = None  # what the helper becomes, as children do
    root: str = "/"  # likewise


@dataclass(frozen=True)
class Facility:
    """`board` is None where monitoring is disabled; then nothing else is there either."""

    section: Monitoring
    subject: Subject
    seat: Seat
    board: Optional[Board] = None
    folder: Optional[str] = None  # of the file
    folder_inside: Optional[str] = None  # the same, as the helper sees it from its own root
    sock: Optional[socket.socket] = None  # that listens for HTTP

    @property
    def fds(self) -> list[int]:
        """What a daemon must not close."""
        return [] if self.sock is None else [self.sock.fileno()]

    def sit(self, slot: int, log: Log) -> None:
        """In the process that has this slot from now on, and writes this log."""
        if self.board is not None:
            self.seat.take(slot)
            log.tally = self.seat.count_message

    def vacate(self, slot: int) -> None:
        """In the parent: the process of this slot has gone."""
        if self.board is not None:
            self.board.vacate(slot)

    def close(self, remaining: Optional[Facility] = None) -> None:
        """Close the socket for every process that has it, unless `remaining` has it too."""
        if self.sock is None or (remaining is not None and remaining.sock is self.sock):
            return
        listening.unlisten(self.sock)

    def forget(self) -> None:
        """In another process: the socket is not its own."""
        if self.sock is not None:
            self.sock.close()


def disabled() -> Facility:
    """Of a proxy that is not monitored."""
    section = Monitoring(disabled=True)
    return Facility(section, Subject("", ""), Seat(None, section.limits))


def open_facility(
    section: Monitoring, subject: Subject, log: Log, present: Optional[Facility] = None
) -> Facility:
    """See the file's first lines; ConfigurationError."""
    if section.disabled:
        return disabled()
    board = Board(subject.slots, tuple(_counters(subject)), section.limits.octets)
    seat = Seat(board, section.limits, tuple(subject.acls))
    folder = _folder(section, subject, log)
    folder_inside = inside(folder, subject.root) if folder is not None else None
    sock = _socket(section, present)
    return Facility(section, subject, seat, board, folder, folder_inside, sock)


def _counters(subject: Subject) -> Iterator[Key]:
    for layer, names in subject.acls.items():
        for name in dict.fromkeys((*names, NONE)):
            yield "acls", layer, name
    for message in subject.messages:
        if message.severity in _GRAVE:
            yield "messages", message.identification, message.severity.value


def _folder(section: Monitoring, subject: Subject, log: Log) -> Optional[str]:
    path = section.comm_dir
    try:
        if inside(path, subject.root) is None:
            raise FileNotFoundError(0, f"it is not below {subject.root}")
        make_folder(path, subject.owner)
    except OSError as error:
        if "comm_dir" in section.places:
            text = f"{path}: {error.strerror}"
            raise ConfigurationError(section.place("comm_dir"), text) from error
        log.write(messages.NO_COMM_DIR, dir=path, reason=error.strerror)
        return None
    return path


def _socket(section: Monitoring, present: Optional[Facility]) -> Optional[socket.socket]:
    http = section.http
    if http is None:
        return None
    assert http.at.host.address is not None
    at = Sockaddr(http.at.host.address, http.at.port)
    if present is not None and present.sock is not None:
        if Sockaddr.of(present.sock.getsockname()) == at:
            return present.sock
    try:
        return listening.listen(at, QUEUE)
    except OSError as error:
        text = f"cannot listen on {at}: {error.strerror}"
        raise ConfigurationError(section.place("http"), text) from error
