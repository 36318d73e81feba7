"""Pages of section 6 out of messages."""

import subprocess
from typing import NamedTuple, Tuple

from kernun_common.configuration.message_page import render


class Severity(NamedTuple):
    name: str
    value: str
    dbglev: int


class Message(NamedTuple):
    identification: str
    severity: Severity
    text: str
    description: str
    see: Tuple[str, ...]


MESSAGE = Message(
    "TEST-810", Severity("WARNING", "W", 4), "LOST COUNT=%(count)s\\", "Lines were lost.\n\nAgain.",
    ("log(5)",),
)


def test_a_page():
    page = render(MESSAGE, "July 1, 2026")
    assert page.splitlines()[1:] == [
        ".Dd July 1, 2026", ".Dt TEST-810 6", ".Os", ".Sh NAME", ".Nm TEST-810",
        ".Nd log message, warning", ".Sh SYNOPSIS", ".Bd -literal -offset indent",
        "TEST-810-W LOST COUNT=%(count)s\\e", ".Ed", ".Sh DESCRIPTION", "Lines were lost.", ".Pp",
        "Again.", ".Pp", "Written from level 4 on.", ".Sh SEE ALSO", ".Xr log 5 ,",
        ".Xr logging 7",
    ]
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning"], input=page, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
