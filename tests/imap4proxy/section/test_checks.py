"""checks: the rows through the checker, and which of them count for a direction."""

from typing import Optional

import pytest

from imap4proxy.section.checks import Checks, WithChecks, wanted
from kernun_common.antispam.section import Antispam
from kernun_common.antivirus.section import Antivirus
from kernun_common.configuration.schema import part, section
from tests.support.one_section import complaint, read

ENGINES = (
    "antivirus A { connection clamav a; } antivirus B { connection clamav b; }"
    " antispam S { connection [127.0.0.1] : 1; }"
)


@section("download", "A direction.")
class Download(WithChecks):
    """As in command-acl."""


@section("all", "All directions.")
class All(WithChecks):
    """As command-acl."""

    download: Optional[Download] = part(Download, optional=True, text="A direction.")


ROOT = (Antivirus, Antispam, All)


def written(body):
    return f"{ENGINES} all {{ {body} }}"


def told(checks: Checks):
    antivirus = [(use.enable.name, use.size) for use in checks.antivirus]
    spam = checks.antispam
    return antivirus, spam and (spam.enable.name, spam.size)


ROWS = [
    # of the command-acl, of the direction; what counts
    ("use-antivirus enable A;", "", ([("A", None)], None)),
    ("use-antivirus enable A; use-antivirus enable B 10M;", "",
     ([("A", None), ("B", 10 << 20)], None)),
    ("use-antivirus enable A; use-antispam enable S 1K;", "", ([("A", None)], ("S", 1024))),
    ("use-antivirus disable;", "", ([], None)),
    ("use-antispam enable S;", "use-antispam disable;", ([], None)),
    ("use-antivirus enable A; use-antispam enable S;", "use-antispam disable;",
     ([("A", None)], None)),
    ("use-antivirus enable A;", "use-antivirus enable B;", ([("B", None)], None)),
    ("use-antivirus enable A;", "use-antivirus disable;", ([], None)),
    ("use-antivirus disable;", "use-antivirus enable B; use-antispam enable S;",
     ([("B", None)], ("S", None))),
]


@pytest.mark.parametrize("every, direction, counts", ROWS)
def test_what_counts(every, direction, counts):
    read_all = read(
        written(every + (f" download {{ {direction} }}" if direction else "")), *ROOT
    )
    checks = wanted(read_all, read_all.download, "strict")
    assert (told(checks), checks.mode) == (counts, "strict")


BAD = [
    ("use-antivirus enable A; use-antivirus disable;", "`disable` stands alone"),
    ("use-antivirus enable A; use-antivirus enable A 1M;", "A is given twice"),
    ("use-antivirus enable C;", "no antivirus `C` is defined"),
    ("use-antispam enable A;", "no antispam `A` is defined"),
    ("use-antispam enable S; use-antispam enable S;", "is given twice"),
]


@pytest.mark.parametrize("body, words", BAD)
def test_errors(body, words):
    assert words in complaint(written(body), *ROOT)
