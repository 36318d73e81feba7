"""reading - a configuration file, checked also for what no single section can see.

    proxies, warnings = read_proxies(program, path)         ConfigurationErrors

Between proxies: no two may listen on one socket, for HTTP neither, or redirect the same
clients, and each needs a pid file of its own.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence, Tuple

from kernun_common.configuration.loader import load
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where
from kernun_common.tcpserver.listen_rows import NonTransparent
from kernun_common.tcpserver.section import Wanted, caught_twice, listened_twice

from .program import Program
from .section import Application


def read_proxies(
    program: Program, path: str
) -> Tuple[Tuple[Application, ...], List[ConfigurationError]]:
    """The proxies of the file, at least one, and what the loader warns of."""
    configuration = load(path, program.root, program.version_tag)
    proxies = configuration.sections(program.keyword)
    errors = list(_complaints(path, program.keyword, proxies))
    if errors:
        raise ConfigurationErrors(errors)
    return proxies, configuration.warnings


def _complaints(
    path: str, keyword: str, proxies: Sequence[Application]
) -> Iterator[ConfigurationError]:
    if not proxies:
        yield ConfigurationError(Where(path, 1, 1), f"there is no section `{keyword}`")
    listen_on = [proxy.listen_on for proxy in proxies]
    for where, text in listened_twice(listen_on, _http(proxies)):
        yield ConfigurationError(where, text)
    for where, text in caught_twice(listen_on):
        yield ConfigurationError(where, text)
    pid_files: Dict[str, Application] = {}
    for proxy in proxies:
        if proxy.pid_file is not None:
            first = pid_files.setdefault(proxy.pid_file, proxy)
            if first is not proxy:
                text = f"this is the pid file of `{first.name}` already"
                yield ConfigurationError(proxy.place("pid_file"), text)


def _http(proxies: Sequence[Application]) -> Iterator[Wanted]:
    """Where they are monitored over HTTP."""
    for proxy in proxies:
        http = proxy.monitoring.http
        if http is not None and not proxy.monitoring.disabled:
            row = NonTransparent(http.at.host, None, http.at.port, None)
            yield proxy.monitoring.place("http"), row
