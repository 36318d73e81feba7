"""oob - what kernun-oob(8) does, once its configuration has been read.

    status = serve(section, log, notify.ready)              method html-form, until a signal
    status = manage(section, log, "add", ["192.0.2.7", "alice", "staff"])

`ready` is called when the page can be had.  Exit status: 0 done; 1 it could not be done.
ConfigurationError: the section asks for what cannot be had.  Usage: a command that is used
wrongly raises it.
"""

from __future__ import annotations

import sys
from typing import Callable, Mapping, Sequence

from kernun_common.log.sinks import Log

from ..errors import ConfigurationError, Unavailable
from ..netio.connect import addresses_of
from ..netio.proxy_hosts import brings_header
from ..sockaddr import Address, Sockaddr, address
from ..tls.context import Context, Role
from . import messages
from .admission import Admission
from .backend import backend_of
from .names import SystemNames
from .notes import notes_of
from .section import EXTERNAL, OobAuth
from .store import ACCEPTED, Store
from .user import User
from .web.server import bound, run
from .web.site import Site

ADMINISTRATOR = "by the administrator"
DONE, FAILED = 0, 1

NAMES = SystemNames()


class Usage(Exception):
    """A command is used wrongly."""


def serve(section: OobAuth, log: Log, ready: Callable[[], object] = lambda: None) -> int:
    if section.method == EXTERNAL:
        raise ConfigurationError(section.place("method"), "external: there is no page to serve")
    assert section.auth is not None and section.listen is not None
    store = Store(section, log)
    backend, notes = backend_of(section.auth), notes_of(section)
    admission = Admission(store, backend, log, section.name, notes)
    params = section.ssl_params
    context = Context(params, Role.SERVER) if params is not None else None
    site = Site(admission, log, section.name, lambda: NAMES)
    try:
        with bound(site, _place(section), context, log, section.name, _proxied(section)) as server:
            at = Sockaddr.of(server.bind_addr)
            log.write(messages.SERVING, name=section.name, at=at, tls=context is not None)
            ready()
            run(server, lambda: _sweep(admission, section, log))
    except OSError as failure:
        raise ConfigurationError(section.place("listen"), str(failure)) from failure
    log.write(messages.STOPPED, name=section.name)
    return DONE


def _place(section: OobAuth) -> Sockaddr:
    assert section.listen is not None
    sock = section.listen.at
    addresses = addresses_of(sock, NAMES)
    if not addresses:
        raise ConfigurationError(section.place("listen"), f"{sock.host}: no address is known")
    return Sockaddr(addresses[0], sock.port)


def _proxied(section: OobAuth) -> Callable[[Address], bool]:
    """Must this peer's connection begin with a PROXY header?"""
    hosts = section.listen.proxy_protocol if section.listen is not None else None
    return lambda peer: brings_header(hosts, peer, lambda: NAMES)


def _sweep(admission: Admission, section: OobAuth, log: Log) -> None:
    try:
        admission.sweep(NAMES)
    except Unavailable as failure:
        log.write(
            messages.STORE_FAILED, name=section.name, client=None, reason=failure.what
        )


# --- the commands ----------------------------------------------------------------------------


def manage(section: OobAuth, log: Log, command: str, words: Sequence[str]) -> int:
    work = COMMANDS.get(command)
    if work is None:
        raise Usage(f"there is no command {command}: {', '.join(COMMANDS)}")
    if command == "add" and section.method != EXTERNAL:
        raise Usage("add: users log in by themselves, as `method` says")
    try:
        return work(Store(section, log), words)
    except Unavailable as failure:
        return _fail(failure.what)


def _add(store: Store, words: Sequence[str]) -> int:
    if len(words) < 2:
        raise Usage("add ADDRESS USER [GROUP...]")
    client, user = _address(words[0]), User(words[1], tuple(words[2:]))
    reason = store.enter(client, user, NAMES)
    if reason is not None:
        return _fail(reason)
    store.tell(ACCEPTED, client, user, ADMINISTRATOR)
    return DONE


def _del(store: Store, words: Sequence[str]) -> int:
    if len(words) != 1:
        raise Usage("del ADDRESS")
    if store.leave(_address(words[0]), ADMINISTRATOR, NAMES):
        return DONE
    return _fail(f"{words[0]}: nobody is logged in")


def _list(store: Store, words: Sequence[str]) -> int:
    _none(words, "list")
    for login in sorted(store.all(NAMES), key=lambda it: (it.address.version, int(it.address))):
        print(login.address, login.user.name, ",".join(login.user.groups), sep="\t")
    return DONE


def _flush(store: Store, words: Sequence[str]) -> int:
    _none(words, "flush")
    for login in store.all(NAMES):
        store.leave(login.address, ADMINISTRATOR, NAMES)
    return DONE


COMMANDS: Mapping[str, Callable[[Store, Sequence[str]], int]] = {
    "add": _add,
    "del": _del,
    "list": _list,
    "flush": _flush,
}


def _none(words: Sequence[str], command: str) -> None:
    if words:
        raise Usage(f"{command}: nothing follows")


def _address(word: str) -> Address:
    try:
        return address(word.strip("[]"))
    except ValueError:
        raise Usage(f"{word}: not an address") from None


def _fail(text: str) -> int:
    print(f"kernun-oob: {text}", file=sys.stderr)
    return FAILED
