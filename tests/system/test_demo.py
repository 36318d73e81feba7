"""The demonstration as its reader has it: it runs, curl gets a mail, Ctrl-C leaves nothing."""

import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

from imap4proxy.demo.engines import EICAR
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.mails import mails
from tests.support.ports import free_ports, is_listening
from tests.support.process import Process
from tests.support.proxy import ROOT


class Demo(Process):
    """python -m imap4proxy.demo, in a folder for temporary files of its own."""

    def __init__(self, folder, *arguments):
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}
        command = [sys.executable, "-m", "imap4proxy.demo", *arguments]
        super().__init__(command, folder / "output", environment)

    def wait_for_words(self):
        self.wait_until(lambda: "Ctrl-C ends" in self.output, "it does not tell how to connect")
        return self.output


@pytest.fixture
def port():
    return free_ports(1)[0]


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", *arguments], capture_output=True, timeout=60)
    return done.stdout + done.stderr


def test_embedded_mailbox(tmp_path, port):
    with Demo(tmp_path, "--port", str(port)) as demo:
        words = demo.wait_for_words()
        command = re.search(r"curl -u (\S+) '(imap://\S+;UID=101)'", words)
        mail = curl("-u", command[1], command[2])
        assert mail.startswith(b"From: friend@example.com\r\n") and b"\r\n\r\n" in mail
        virus, spam = re.findall(r"curl -u \S+ '(imap://\S+;UID=\d+)' +(?:had|is)", words)
        mail = curl("-u", command[1], virus)
        assert b"Subject: [VIRUS REMOVED] " in mail and b"File:   invoice.com" in mail
        assert b"Please open" in mail and EICAR not in mail
        assert b"Subject: [SPAM] " in curl("-u", command[1], spam)
        refused = curl("-u", command[1], f"imap://127.0.0.1:{port}/", "-X", "DELETE Sent")
        assert b"error" in refused and "CMD=DELETE" in demo.output
        children = psutil.Process(demo.pid).children(recursive=True)
        assert len(children) >= 4  # pymap, the engines, the proxy's parent, its children
        demo.signal(signal.SIGINT)
        assert demo.wait() == 0
        _, alive = psutil.wait_procs(children, 0)
        assert not alive and not is_listening(port)
        assert os.listdir(demo.temporary) == []


def test_own_server(tmp_path, port):
    with Dovecot() as server:
        server.fill("alice", mails(3))
        with Demo(tmp_path, "--port", str(port), "--server", f"127.0.0.1:{server.port}") as demo:
            demo.wait_for_words()
            url = f"imap://127.0.0.1:{port}/INBOX;UID=2"
            assert curl("-u", f"alice:{PASSWORD}", url) == mails(3)[1]
            demo.signal(signal.SIGTERM)
            assert demo.wait() == 0


def test_a_program_that_fails_ends_it(tmp_path, port):
    with Demo(tmp_path, "--port", str(port)) as demo:
        demo.wait_for_words()
        for child in psutil.Process(demo.pid).children():
            if "pymap" in " ".join(child.cmdline()):
                child.kill()
        assert demo.wait() == 1
        assert "the mailbox ended with status -9" in demo.output and not is_listening(port)


def test_wrong_usage(tmp_path):
    with Demo(tmp_path, "--server", "no-port") as demo:
        assert demo.wait() == 2
        assert "HOST:PORT" in demo.output
