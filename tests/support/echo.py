"""echo - a small daemon on application.run, for tests of processes.

    python -m tests.support.echo -f cfgfile

    version ECHO-1_0-RELEASE;
    echo NAME { nodaemon; listen-on { ... } greeting hello; }

It greets with `GREETING PID`, then sends back line for line, but for these words:

    crash   the process dies by SIGSEGV        quit    BYE and the end of the session
    raise   the session raises ValueError      deaf    it no longer looks whether it must end

`stillborn;`: every process that it forks exits at once, with status 9.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from functools import partial

from kernun_common.application.program import Program
from kernun_common.application.run import run
from kernun_common.application.section import Application
from kernun_common.configuration.schema import item, key, section
from kernun_common.errors import ConfigurationError

SECRET = "what the client sent"
BYE = b"BYE\r\n"


@section("echo", "Sends back what it gets.", named=True)
class Echo(Application):
    greeting: str = item("str", default="hello", text="Greets with this; `wrong` cannot be had.")
    stillborn: bool = key(text="Children die at once.")


def serve(echo, sock, arrival, stopping):
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    poll.register(stopping.fd, select.POLLIN)
    sock.sendall(b"%s %d\r\n" % (echo.greeting.encode(), os.getpid()))
    while True:
        ready = [fd for fd, _ in poll.poll()]
        if stopping.fd in ready and stopping.stopping:
            sock.sendall(BYE)
            return
        if sock.fileno() in ready:
            octets = sock.recv(4096)
            if not octets or not answer(sock, octets, poll, stopping):
                return


def answer(sock, octets, poll, stopping):
    """False if the session is over."""
    word = octets.strip()
    if word == b"crash":
        signal.raise_signal(signal.SIGSEGV)
    if word == b"raise":
        raise ValueError(SECRET)
    if word == b"deaf":
        poll.unregister(stopping.fd)
    sock.sendall(BYE if word == b"quit" else octets)
    return word != b"quit"


def prepare(echo, means):
    if echo.greeting == "wrong":
        raise ConfigurationError(echo.place("greeting"), "this greeting cannot be had")
    if echo.stillborn:
        os.register_at_fork(after_in_child=partial(os._exit, 9))
    return partial(serve, echo)


PROGRAM = Program("echo", "ECHO-1_0-RELEASE", (Echo,), "echo", prepare)

if __name__ == "__main__":
    sys.exit(run(PROGRAM))
