"""lines - a log that a test can read.

    out = Lines()
    log = out.log
    ...
    out.lines           "IMAP-701-I SESSION-START FROM=..."
"""

from kernun_common.log.sinks import Log


class Lines:
    """An output of a log that keeps what it gets."""

    fds = ()

    def __init__(self):
        self.lines = []
        self.log = Log(self, self)

    def put(self, message, fields, data_limit):
        self.lines.append(f"{message.tag} {message.render(fields, data_limit)}")
