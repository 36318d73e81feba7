"""apply - the queues of one proxy in the kernel: there, changed, gone.

    shaping = Shaping("imap4-proxy", "MAIL")
    shaping.complaint(queues)               what `install` would say; None as far as one can see
    with shaping.installed(queues, log):    Unavailable: nothing has changed
        ...                                 what was before comes back if this fails
    shaping.shape(queue)                    what its sockets get, ../netio/shape.py
    shaping.remove()                        at the very end
    shaping.keep(fd); delegate()            in a helper; in the process that has one

A device is taken that has nothing but the kernel's default, or where `parent` is a class of its
HTB; anything else is left alone, and nothing is installed.  Several proxies share the HTB of a
device, one after another: they lock the network namespace meanwhile (lock.py).  Who removes the
last class removes the HTB.

Classes are there until the end: sessions of an earlier configuration may need them.  Only where
their device has gone since, is somebody else's or has another parent now, they are forgotten.
See also: classes.py, traffic-shaping(7), tc(8).
"""

from __future__ import annotations

import json
import select
import sys
from contextlib import contextmanager, suppress
from typing import Collection, Dict, Iterable, Iterator, List, NamedTuple, Optional, Tuple

from kernun_common.commands import find, run
from kernun_common.errors import Unavailable
from kernun_common.log.sinks import Log
from kernun_common.netio.shape import UNSHAPED, Shape

from . import messages
from .classes import (
    HANDLE,
    Id,
    Present,
    Wish,
    classes_in,
    install_commands,
    numbered,
    own_classes,
    own_number,
    remove_commands,
    wanted,
    wishes_of,
)
from .lock import locked
from .section import Queue

_DEFAULT = Id(0)  # the number of a discipline that the kernel has made by itself

Wishes = Dict[Tuple[str, str], Wish]  # by device and queue


class Root(NamedTuple):
    """What stands at the root of a device."""

    kind: str
    handle: Id
    classes: List[Present]

    @property
    def ours(self) -> bool:
        return self.kind == "htb" and self.handle == Id(HANDLE)

    def holds(self, base: Id) -> bool:
        """Is this a class of it, or itself?"""
        known = {self.handle, *(one.id for one in self.classes)}
        return self.kind == "htb" and base in known


class Shaping:
    """See the file's first lines."""

    def __init__(self, program: str, name: str, platform: str = sys.platform) -> None:
        self._own = own_number(program, name)
        self._linux = platform == "linux"
        self._log: Optional[Log] = None  # from the first class to the last
        self._wishes: Wishes = {}
        self._numbers: Dict[str, int] = {}  # of queues
        self._delegated = False

    def complaint(self, queues: Collection[Queue]) -> Optional[str]:
        wishes = _by_place(wishes_of(queues))
        try:
            self._check(queues)
            if wishes:
                find("tc")
                _suit(wishes, _roots())
        except Unavailable as failure:
            return failure.what
        return None

    def _check(self, queues: Collection[Queue]) -> None:
        """Also of those that need no class: elsewhere nothing would pace their sockets."""
        if queues and not self._linux:
            raise Unavailable("queues are possible on Linux only")

    @contextmanager
    def installed(self, queues: Collection[Queue], log: Log) -> Iterator[None]:
        self._check(queues)
        wishes, before = _by_place(wishes_of(queues)), self._wishes
        if not wishes:
            if not before:
                self._clear_unwanted(log)
            yield
            return
        find("tc")
        self._replace(wishes)
        try:
            self._log = log
            self._tell_installed(log, wishes)
            yield
        except BaseException:
            self._go_back(before)
            raise

    def _replace(self, wishes: Wishes) -> None:
        """What was wanted before stays wanted, beside these."""
        before = self._wishes
        with locked():
            roots = _roots()
            _suit(wishes, roots)
            together = {**_remaining(before, roots, wishes), **wishes}
            try:
                self._load(together, roots)
            except Unavailable:
                with suppress(Unavailable):
                    self._restore(before)
                raise
        self._wishes = together

    def _go_back(self, before: Wishes) -> None:
        """Something failed: what is there now is not to stay."""
        with suppress(Unavailable), locked():
            self._restore(before)
        self._wishes = before

    def _restore(self, before: Wishes) -> None:
        if before:
            roots = _roots()
            self._load(_remaining(before, roots), roots)
        else:
            self._clear()
            self._log = None

    def _load(self, wishes: Wishes, roots: Dict[str, Root]) -> None:
        others = [
            one.id.minor
            for root in roots.values()
            for one in set(root.classes) - set(own_classes(self._own, root.classes))
        ]
        names = [wish.name for wish in wishes.values()]
        self._numbers = numbered(names, self._own, self._numbers, others)
        lines: List[str] = []
        for device, root in roots.items():
            here = [wish for wish in wishes.values() if wish.device == device]
            kept = set(wanted(self._own, here, self._numbers))
            lines += remove_commands(device, self._own, root.classes, kept)
            if here:
                if root.handle == _DEFAULT:
                    lines.append(f"qdisc add dev {device} root handle {Id(HANDLE)} htb\n")
                lines += install_commands(device, self._own, here, self._numbers)
            elif root.ours and _all_own(self._own, root):
                lines.append(f"qdisc del dev {device} root\n")
        _batch(lines)

    def _tell_installed(self, log: Log, wishes: Wishes) -> None:
        for name in {wish.name: None for wish in wishes.values()}:
            [first, *others] = [wish for wish in wishes.values() if wish.name == name]
            log.write(
                messages.INSTALLED,
                number=Id(first.major, self._numbers[name]),
                queue=name,
                devices=",".join(wish.device for wish in (first, *others)),
                rate=first.rate,
                ceiling=first.ceiling,
            )

    def shape(self, queue: Optional[Queue]) -> Shape:
        """What sockets get whose octets leave by way of this queue; None: of none.

        None of them is faster than its class can be, so that few octets wait in the class, and
        none waits long for the others.
        """
        if queue is None:
            return UNSHAPED
        rates = (queue.per_session, queue.ceiling or queue.bandwidth)
        pacing = min(rate for rate in rates if rate is not None) // 8
        if queue.bandwidth is None or queue.name not in self._numbers:
            return Shape(None, pacing)
        [first, *_] = wishes_of([queue])
        return Shape(Id(first.major, self._numbers[queue.name]).priority, pacing)

    def _clear(self) -> None:
        _batch(self._clearing())

    def _clearing(self) -> List[str]:
        """The commands that remove what there is of ours."""
        lines: List[str] = []
        for device, root in _roots().items():
            ours = list(remove_commands(device, self._own, root.classes))
            if root.ours and _all_own(self._own, root):
                ours = [f"qdisc del dev {device} root\n"]
            lines += ours
        return lines

    def _clear_unwanted(self, log: Log) -> None:
        """Nobody wants classes: what a killed parent left goes.

        Who may not look for them made none either; where there are none, nothing is touched, and
        nobody is waited for.
        """
        with suppress(Unavailable):
            if self._linux and self._clearing():
                self._remove(log)

    def remove(self) -> None:
        if self._log is not None and not self._delegated:
            self._remove(self._log)

    def _remove(self, log: Log) -> None:
        self._log, self._wishes = None, {}
        number = Id(HANDLE, self._own)
        try:
            with locked():
                self._clear()
        except Unavailable as failure:
            log.write(messages.NOT_REMOVED, number=number, reason=failure.what)
        else:
            log.write(messages.REMOVED, number=number)

    def delegate(self) -> None:
        """Another process, which has called `keep`, removes them; this one will not be allowed."""
        self._delegated = True

    def keep(self, fd: int) -> None:
        """Until the descriptor is readable, and then remove them."""
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.poll()
        if self._log is not None:
            self._remove(self._log)


def _by_place(wishes: Iterable[Wish]) -> Wishes:
    return {(wish.device, wish.name): wish for wish in wishes}


def _roots() -> Dict[str, Root]:
    """By device; only what can have to do with us is looked at more closely."""
    roots = {}
    for one in json.loads(run(["tc", "-j", "qdisc", "show"]) or "[]"):
        if one.get("root"):
            device, kind = one["dev"], one["kind"]
            text = run(["tc", "class", "show", "dev", device]) if kind == "htb" else ""
            roots[device] = Root(kind, Id.of(one["handle"]), classes_in(text))
    return roots


def _remaining(
    before: Wishes, roots: Dict[str, Root], wishes: Optional[Wishes] = None
) -> Wishes:
    """Those of an earlier configuration that the devices, and the wishes of now, still suit."""
    bases = {wish.device: wish.base for wish in (wishes or {}).values()}
    return {
        place: one
        for place, one in before.items()
        if _misfit(one, roots) is None and bases.get(one.device, one.base) == one.base
    }


def _suit(wishes: Wishes, roots: Dict[str, Root]) -> None:
    """Unavailable where a device is not as the wishes for it need it."""
    bases: Dict[str, Optional[Id]] = {}
    for wish in wishes.values():
        complaint = _misfit(wish, roots)
        if wish.device in roots and bases.setdefault(wish.device, wish.base) != wish.base:
            complaint = f"the queues on {wish.device} must have the same parent"
        if complaint is not None:
            raise Unavailable(complaint)


def _misfit(wish: Wish, roots: Dict[str, Root]) -> Optional[str]:
    """Why the device of the wish cannot have the class."""
    device = wish.device
    root = roots.get(device)
    if root is None:
        return f"there is no device {device}, or it has never been up"
    if wish.base is not None:
        if not root.holds(wish.base):
            return f"{device} has no HTB with the class {wish.base}"
    elif root.handle != _DEFAULT and not root.ours:
        words = f"{root.kind} {root.handle}"
        return f"{device} has a queueing discipline of somebody else: {words}"
    return None


def _all_own(own: int, root: Root) -> bool:
    return len(own_classes(own, root.classes)) == len(root.classes)


def _batch(lines: List[str]) -> None:
    if lines:
        run(["tc", "-batch", "-"], "".join(lines))
