"""privileges - what children give up before they see a client; application(5), tcpserver(7).

    errors = list(complaints(section))          what stands against it on this machine
    privileges = Privileges.of(section)         ConfigurationErrors: no such user, group, folder
    privileges.give_up()                        in a child, or in the only process

They get another root and another user, no process that they start can gain
anything (no-new-privs), and their capability set is empty, even where they are
root's still; the bounding set is empty, too, but where the program was started without
CAP_SETPCAP, as a service manager may do that has set bounds of its own.  What is
needed for that is looked up before, so `give_up` opens no file.

Only where they connect from addresses of clients (source-address client), or lead packets to
the class of a queue, they keep CAP_NET_RAW, which the kernel asks for; it is of no use for
anything else but sniffing, for which they have no socket: `keep` is what they keep.  For a
queue older kernels ask for CAP_NET_ADMIN, which is kept where this one does.

Capabilities and no-new-privs are Linux's; elsewhere the user and the root have to do.
See also: capabilities(7), prctl(2).
"""

from __future__ import annotations

import ctypes
import errno
import grp
import os
import pwd
import socket
import sys
from dataclasses import dataclass
from functools import cache
from typing import Callable, FrozenSet, Iterator, Optional, Set, Tuple

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError
from kernun_common.traffic_shaping.section import shaped

from .rules import rules_place, uses_client_sources
from .section import Application

PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 23, 24, 38  # linux/prctl.h
CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h
CAPABILITY_WORDS = 2 * 3  # effective, permitted and inheritable, twice 32 bits of each
PR_SET_KEEPCAPS = 8  # linux/prctl.h: what is permitted stays so when the user changes
CAP_NET_ADMIN, CAP_NET_RAW = 12, 13  # linux/capability.h
FIRST_CLASS = 0x10000  # a priority of a socket that is a class

_LIBRARY = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Privileges:
    """What a child becomes; None: it stays as it is."""

    user: Optional[int] = None
    group: Optional[int] = None
    groups: Tuple[int, ...] = ()  # all of them, the group included
    root: Optional[str] = None
    keep: int = 0  # a bit for each capability

    @classmethod
    def of(cls, section: Application) -> Privileges:
        errors = list(complaints(section))
        if errors:
            raise ConfigurationErrors(errors)
        keep = sum(1 << capability for capability in _kept(section))
        if section.app_user is None:
            return cls(root=section.chroot_dir, keep=keep)
        user = pwd.getpwnam(section.app_user.user)
        if section.app_user.group is None:
            group, groups = user.pw_gid, os.getgrouplist(user.pw_name, user.pw_gid)
        else:
            group = grp.getgrnam(section.app_user.group).gr_gid
            groups = [group]
        return cls(user.pw_uid, group, tuple(sorted(groups)), section.chroot_dir, keep)

    def give_up(self) -> None:
        """OSError where the system does not allow it."""
        if sys.platform == "linux":
            _empty_bounding_set()  # first: who has become another user may not
        if self.root is not None:
            os.chroot(self.root)
            os.chdir("/")
        if self.keep:
            _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
        if self.user is not None and self.group is not None:
            self._change_user(self.user, self.group)
        if sys.platform == "linux":
            _give_up_capabilities(self.keep)
            _gain_nothing_new()

    def _change_user(self, user: int, group: int) -> None:
        if set(os.getgroups()) != set(self.groups):
            os.setgroups(self.groups)
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)


def complaints(section: Application) -> Iterator[ConfigurationError]:
    """What is wrong with app-user and chroot-dir on this machine."""
    user = section.app_user
    if user is not None:
        where = section.place("app_user")
        if not _exists(pwd.getpwnam, user.user):
            yield ConfigurationError(where, f"there is no user {user.user}")
        elif user.group is not None and not _exists(grp.getgrnam, user.group):
            yield ConfigurationError(where, f"there is no group {user.group}")
        elif os.geteuid() not in (0, pwd.getpwnam(user.user).pw_uid):
            yield ConfigurationError(where, f"only root's processes can become {user.user}")
    if sys.platform == "linux" and uses_client_sources(section) and not _may(CAP_NET_RAW):
        text = "source-address client needs the capability CAP_NET_RAW, which root has"
        yield ConfigurationError(rules_place(section), text)
    queue = next(iter(shaped(section)), None)
    if sys.platform == "linux" and queue is not None and not all(map(_may, _for_classes())):
        text = "a queue with bandwidth needs the capability CAP_NET_RAW, which root has"
        yield ConfigurationError(queue.where, text)
    root = section.chroot_dir
    if root is not None:
        where = section.place("chroot_dir")
        if not os.path.isdir(root):
            yield ConfigurationError(where, f"there is no folder {root}")
        elif os.geteuid() != 0:
            yield ConfigurationError(where, "only root's processes can change their root")


def _kept(section: Application) -> Set[int]:
    """The capabilities that children need."""
    if sys.platform != "linux":
        return set()
    sources = {CAP_NET_RAW} if uses_client_sources(section) else set()
    return sources | (_for_classes() if shaped(section) else set())


@cache
def _for_classes() -> FrozenSet[int]:
    """What this kernel asks of who leads packets to a class: Linux 5.19 and later CAP_NET_RAW."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            _give_up_capabilities(1 << CAP_NET_RAW)
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, FIRST_CLASS)
            status = 0
        finally:
            os._exit(status)
    allowed = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return frozenset({CAP_NET_RAW if allowed else CAP_NET_ADMIN})


def _exists(lookup: Callable[[str], object], name: str) -> bool:
    try:
        lookup(name)
    except KeyError:
        return False
    return True


def _may(capability: int) -> bool:
    """Has this process the capability, to pass it on?"""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    words = (ctypes.c_uint32 * CAPABILITY_WORDS)()
    _call("capget", header, words)
    return bool(words[1] & 1 << capability)


def _empty_bounding_set() -> None:
    number = 0
    while (bound := _LIBRARY.prctl(PR_CAPBSET_READ, number, 0, 0, 0)) >= 0:
        if bound:
            try:
                _call("prctl", PR_CAPBSET_DROP, number, 0, 0, 0)
            except OSError as error:
                if error.errno != errno.EPERM:
                    raise
                return  # without CAP_SETPCAP: see the file's first lines
        number += 1


def _give_up_capabilities(keep: int) -> None:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * CAPABILITY_WORDS)(keep, keep))


def _gain_nothing_new() -> None:
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _call(name: str, *arguments: object) -> None:
    """A function of the C library that returns 0, or sets errno."""
    if getattr(_LIBRARY, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
