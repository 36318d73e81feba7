"""engines - the demonstration's antivirus and antispam: they know the two usual test texts.

    python -m imap4proxy.demo.engines ANTIVIRUS-PORT ANTISPAM-PORT

The one speaks the protocol of clamd (INSTREAM, VERSION) and finds EICAR's test file, the
other that of spamd (CHECK) and scores GTUBE with 1000.  So everybody can see what the
proxy does about a virus and about spam; they protect nobody.
See also: clamd(8), spamd/PROTOCOL of SpamAssassin.
"""

from __future__ import annotations

import re
import struct
import sys
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Iterator, Sequence

from .program import HOST

# In two parts each, so that no engine takes this file for what it tells of.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-" + b"ANTI-UBE-TEST-EMAIL*C.34X"

_LENGTH = struct.Struct("!I")
_LONGEST_COMMAND = 64
_CONTENT_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


class Antivirus(StreamRequestHandler):
    """One command of clamd."""

    def handle(self) -> None:
        command = b"".join(iter(lambda: self.rfile.read(1), b"\0"))[:_LONGEST_COMMAND]
        if command == b"zVERSION":
            self.wfile.write(b"ClamAV demonstration\0")
        elif command == b"zINSTREAM":
            found = EICAR in b"".join(self._chunks())
            self.wfile.write(b"stream: Eicar-Test FOUND\0" if found else b"stream: OK\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _chunks(self) -> Iterator[bytes]:
        while size := _LENGTH.unpack(self.rfile.read(_LENGTH.size))[0]:
            yield self.rfile.read(size)


class Antispam(StreamRequestHandler):
    """One CHECK of spamd."""

    def handle(self) -> None:
        size = 0
        for line in iter(self.rfile.readline, b"\r\n"):
            told = _CONTENT_LENGTH.match(line)
            size = int(told[1]) if told else size
        score = b"True ; 1000.0" if GTUBE in self.rfile.read(size) else b"False ; 0.0"
        self.wfile.write(b"SPAMD/1.5 0 EX_OK\r\nSpam: %b / 5.0\r\n\r\n" % score)


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main(arguments: Sequence[str]) -> None:
    antivirus, antispam = map(int, arguments)
    second = _Server((HOST, antispam), Antispam)
    threading.Thread(target=second.serve_forever, daemon=True).start()
    _Server((HOST, antivirus), Antivirus).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
