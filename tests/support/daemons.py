"""daemons - the echo program of echo.py as a process, and what one can see of it.

    with Daemon(folder, items="pid-file pid;") as daemon:
        client = daemon.connect()
        client.pid                              of the child that serves it
        daemon.children()                       pids, by their titles
        daemon.reconfigure(items="...")
    daemon.status
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import psutil

from .ports import HOST, free_ports
from .process import Process
from .proxy import ROOT

CONFIGURATION = """
version ECHO-1_0-RELEASE;
echo ONE {{
    {foreground}
    log-debug {{ level full; }}
    listen-on {{ non-transparent [{host}] port {port}; {listen} }}
    {items}
}}
"""


class Client:
    """A connection to an echo; it has read the greeting."""

    def __init__(self, port, source=HOST):
        self.sock = socket.create_connection((HOST, port), source_address=(source, 0))
        self.file = self.sock.makefile("rwb")
        self.greeting, self.pid = self.line().split()
        self.pid = int(self.pid)

    def line(self):
        """The next line, b"" at the end of the session, also where the end is rude."""
        try:
            return self.file.readline()
        except ConnectionResetError:
            return b""

    def ask(self, word):
        self.file.write(word + b"\r\n")
        self.file.flush()
        return self.line()

    def close(self):
        self.file.close()
        self.sock.close()


class Daemon:
    """See the file's first lines."""

    def __init__(self, folder: Path, *, text=None, start=True, **parts):
        self.folder = folder
        self.port = free_ports(1)[0]
        self.file = folder / "echo.cfg"
        self.log_file = folder / "echo.log"
        self.reconfigure(text=text, **parts)
        if start:
            self.start()

    def reconfigure(self, text=None, items="", listen="", foreground="nodaemon;"):
        text = text or CONFIGURATION.format(
            host=HOST, port=self.port, items=items, listen=listen, foreground=foreground
        )
        self.file.write_text(text.replace("{port}", str(self.port)))

    def run(self, *options, **environment):
        """The program as it is; `Process`."""
        command = [sys.executable, "-m", "tests.support.echo", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        return Process(command, self.log_file, environment)

    def start(self, **environment):
        self.process = self.run("-f", self.file, **environment)
        try:
            self.wait_until_ready()
        except BaseException:
            self.process.stop()
            raise

    def wait_until_ready(self):
        self.process.wait_for_port(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.status = self.process.stop()

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return self.process.output

    def logged(self, identification):
        return [line for line in self.log.splitlines() if f" {identification}-" in line]

    def connect(self, port=None, source=HOST):
        return Client(port or self.port, source)

    def titled(self, word):
        """The processes below the first one that show this word in their titles."""
        return [it.pid for it in below(self.pid) if word in title(it)]

    def children(self):
        return self.titled(": child: ")


def below(pid):
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def title(process):
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def idle_children(pid):
    """The children below that wait for a connection, as their titles say."""
    return {it.pid for it in below(pid) if "child: idle" in title(it)}


def busy(pid):
    """The children below that have a session, likewise."""
    titles = {it.pid: title(it) for it in below(pid)}
    return [pid for pid, words in titles.items() if ": child: " in words and "idle" not in words]


def listens(pid):
    """Has this process a listening TCP socket?"""
    connections = psutil.Process(pid).net_connections("tcp")
    return any(it.status == psutil.CONN_LISTEN for it in connections)


def lives(pid):
    """A process that is neither gone nor a zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
