"""mail_means - what a proxy's sessions have mails processed with; made in the parent.

    means = MailMeans.of(proxy, log)            ConfigurationErrors: what cannot be had
    work = means.work(resolution)               of one session
    means.forget()                              when the session is gone

A proxy that scans nothing opens nothing.  Everything that is opened here is opened
before children give up their root and their user: the mail pool, the folders of
quarantine, libmagic.
See also: mail_work.py, spool.py, quarantine.py, mail_check.py.
"""

from __future__ import annotations

import gc
from contextlib import nullcontext
from typing import Callable, List, Optional, Tuple, TypeVar

from kernun_common.acl.facts import Resolution
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where
from kernun_common.log.sinks import Log
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.traffic_shaping.section import Queue

from .mail_check import MailChecker
from .mail_work import MailWork, Sparing
from .quarantine import Folders
from .section import Imap4Proxy
from .section.transfer import Direction
from .spool import MailPool

T = TypeVar("T")
ShapeOf = Callable[[Optional[Queue]], Shape]  # what a queue is to a socket


class MailMeans:
    """See the file's first lines."""

    def __init__(
        self,
        pool: Optional[MailPool],
        checker: Optional[MailChecker],
        folders: Folders,
        sparing: Sparing = nullcontext,
    ) -> None:
        self._pool = pool
        self._checker = checker
        self._folders = folders
        self._sparing = sparing

    @classmethod
    def of(
        cls,
        proxy: Imap4Proxy,
        log: Log,
        shape: ShapeOf = lambda queue: UNSHAPED,
        sparing: Sparing = nullcontext,
    ) -> MailMeans:
        if not proxy.scans_mails:
            return cls(None, None, Folders())
        pool, folders = check_folders(proxy)
        return cls(pool, _checker(proxy, log, shape), folders, sparing)

    def work(self, resolution: Resolution) -> MailWork:
        return MailWork(self._pool, self._checker, self._folders, resolution, self._sparing)

    def forget(self) -> None:
        """Let no mail of the session stay while the child waits for the next one.

        The objects of a session refer to each other, so that only the collector finds them; and
        the map of a file has a descriptor of its own, which keeps the file on the disk.
        """
        if self._pool is not None and self._pool.used:
            self._pool.used = False
            gc.collect()


def check_folders(proxy: Imap4Proxy) -> Tuple[Optional[MailPool], Folders]:
    """Open the mail pool and the folders of quarantine; ConfigurationErrors."""
    if not proxy.scans_mails:
        return None, Folders()
    errors: List[ConfigurationError] = []
    section = proxy.mail_pool
    pool = _opened(lambda: MailPool(section), section.place("dir"), section.dir, errors)
    folders = Folders()
    for acl in proxy.mail_acl:
        if acl.quarantine is not None:
            path = acl.quarantine
            _opened(lambda: folders.open(path), acl.place("quarantine"), path, errors)
    if errors:
        raise ConfigurationErrors(errors)
    return pool, folders


def _checker(proxy: Imap4Proxy, log: Log, shape: ShapeOf) -> MailChecker:
    """With the engines that the command-acls name."""
    wanted = [acl.checks(each) for acl in proxy.command_acl for each in Direction]
    antivirus = {row.enable.name: row.enable for it in wanted for row in it.antivirus if row.enable}
    antispam = {
        it.antispam.enable.name: it.antispam.enable
        for it in wanted
        if it.antispam is not None and it.antispam.enable is not None
    }
    engines = antivirus.values(), antispam.values()
    return MailChecker(*engines, log, proxy.chroot_dir, proxy.verdict_cache, shape)


def _opened(
    make: Callable[[], T], where: Where, path: str, errors: List[ConfigurationError]
) -> Optional[T]:
    try:
        return make()
    except OSError as error:
        errors.append(ConfigurationError(where, f"{path}: {error.strerror}"))
        return None
