"""engine - one antivirus engine as a session sees it; antivirus(7).

    engine = Engine(section, root)                  in the parent; ConfigurationError
    engine.identity                                 what it is, for the verdict-cache
    verdict = yield from engine.check(contents, limit, resolution, shape)   Steps of ../steps.py
    version = yield from engine.version(resolution, shape)

`check` asks for each content, the mail itself first, until a virus is found; the
verdicts are combined strictly.  A failure is a Verdict, too: Status.ERROR, and why;
after one that comes when recv-timeout has passed, no further content is asked for, so
that an engine that hangs costs a mail that time once, however many readings it has.
`version` is that of the engine's database, remembered for a few seconds; None:
the engine tells none, Unavailable: it cannot be asked.

`root` is the root of the children, if they get one: paths are written in the
configuration as they are seen from outside, and so clamd is told of them.
"""

from __future__ import annotations

import os
import time
from typing import Any, Callable, Iterable, List, Mapping, NamedTuple, Optional

from kernun_common.acl.facts import Resolution
from kernun_common.errors import ConfigurationError

from ..content import Content, TooLarge
from ..errors import Unavailable
from ..inside import inside
from ..netio.dialogue import converse
from ..netio.script import Script
from ..netio.shape import UNSHAPED, Shape
from ..steps import Steps
from . import clamd, icap
from .combine import STRICT, combine
from .lending import descriptor, file_in
from .section import SERVICE, Antivirus, Connection, Place
from .status import SKIPPED, Status, Verdict

VERSION_SECONDS = 10.0  # a database that is new is known after that time


class _Way(NamedTuple):
    """How an engine is reached: what its name stands for, and how octets leave for it."""

    resolution: Resolution
    shape: Shape


class _Known(NamedTuple):
    told: Any  # by the engine: a version, or icap.Options
    until: float


class Engine:
    """See the file's first lines."""

    def __init__(self, section: Antivirus, root: Optional[str] = None) -> None:
        self.name = section.name
        self._largest = section.max_checked_size
        self._options = section.sock_opt
        connection = section.connection
        kind = next(kind for kind in _ASK if getattr(connection, kind) is not None)
        self.identity = f"{section.name} {kind} {connection.place} {connection.service or ''}"
        self._place = _seen(connection.place, root, section, "connection")
        self._folder = section.comm_dir  # as clamd sees it
        self._inside = _seen(section.comm_dir, root, section, "comm_dir")
        if section.comm_dir is not None and not os.path.isdir(section.comm_dir):
            text = f"there is no folder {section.comm_dir}"
            raise ConfigurationError(section.place("comm_dir"), text)
        self._service = _service(connection)
        self._ask = _ASK[kind]
        self._known: Optional[_Known] = None

    def most(self, limit: Optional[int]) -> int:
        """Octets of a content that is checked."""
        return self._largest if limit is None else min(limit, self._largest)

    def check(
        self,
        contents: Iterable[Content],
        limit: Optional[int],
        resolution: Resolution,
        shape: Shape = UNSHAPED,
    ) -> Steps[Verdict]:
        """`limit`: octets of a mail, beside max-checked-size; a larger one is skipped whole."""
        most, way = self.most(limit), _Way(resolution, shape)
        given_up_after = time.monotonic() + self._options.recv_timeout
        verdicts: List[Verdict] = []
        for content in contents:
            if not verdicts and content.exceeds(most):
                return SKIPPED
            verdicts.append((yield from self._one(content, most, way)))
            if verdicts[-1].status is Status.FOUND:
                return verdicts[-1]._replace(content=content.name)
            if verdicts[-1].status is Status.ERROR and time.monotonic() >= given_up_after:
                break
        return combine(verdicts, STRICT)

    def _one(self, content: Content, most: int, way: _Way) -> Steps[Verdict]:
        if content.exceeds(most):
            return SKIPPED
        try:
            return (yield from self._ask(self, content, most, way))
        except TooLarge:
            return SKIPPED
        except Unavailable as failure:
            return Verdict(Status.ERROR, reason=failure.what)
        except OSError as failure:
            return Verdict(Status.ERROR, reason=f"{failure.filename}: {failure.strerror}")

    def version(
        self, resolution: Resolution, shape: Shape = UNSHAPED
    ) -> Steps[Optional[bytes]]:
        way = _Way(resolution, shape)
        if self._service is None:
            return (yield from self._told(clamd.version(), way))
        return (yield from self._told(icap.options(self._service), way)).istag

    def _told(self, script: Script, way: _Way) -> Steps:
        """What the engine says of itself, or has said a moment ago."""
        known = self._known
        if known is None or known.until < time.monotonic():
            told = yield from self._converse(script, way)
            self._known = known = _Known(told, time.monotonic() + VERSION_SECONDS)
        else:
            script.close()
        return known.told

    def _converse(self, script: Script, way: _Way) -> Steps:
        assert self._place is not None
        return converse(self._place, self._options, way.resolution, script, way.shape)

    def _instream(self, content: Content, most: int, way: _Way) -> Steps[Verdict]:
        return self._converse(clamd.instream(content.pieces(most)), way)

    def _file(self, content: Content, most: int, way: _Way) -> Steps[Verdict]:
        if self._inside is None or self._folder is None:
            with descriptor(content, most) as fd:
                return (yield from self._converse(clamd.fildes(fd), way))
        with file_in(str(self._inside), content, most) as name:
            script = clamd.scan(os.path.join(self._folder, name))
            return (yield from self._converse(script, way))

    def _icap(self, content: Content, most: int, way: _Way) -> Steps[Verdict]:
        assert self._service is not None
        options = yield from self._told(icap.options(self._service), way)
        script = icap.respmod(self._service, options, lambda: content.pieces(most), content.kind)
        return (yield from self._converse(script, way))


_Ask = Callable[[Engine, Content, int, _Way], Steps[Verdict]]

# By the field of `connection` that is given.
_ASK: Mapping[str, _Ask] = {
    "clamav": Engine._instream,
    "clamav_file": Engine._file,
    "icap": Engine._icap,
}


def _service(connection: Connection) -> Optional[icap.Service]:
    sock = connection.icap
    if sock is None:
        return None
    return icap.Service(sock.host, sock.port, connection.service or SERVICE)


def _seen(
    place: Optional[Place], root: Optional[str], section: Antivirus, attribute: str
) -> Optional[Place]:
    """A path as the children see it; anything else as it is."""
    if root is None or not isinstance(place, str):
        return place
    path = inside(place, root)
    if path is None:
        text = f"{place}: it is not below chroot-dir {root}"
        raise ConfigurationError(section.place(attribute), text)
    return path
