import pytest

from imap4proxy.section.transfer import Direction
from tests.support.configurations import proxy

BEFORE = (
    "antivirus A { connection clamav [127.0.0.1] : 1; } "
    "antivirus B { connection clamav [127.0.0.1] : 2; } "
    "antispam S { connection [127.0.0.1] : 3; } "
)
DOWN, UP = Direction.DOWNLOAD, Direction.UPLOAD


def acl(items):
    [found] = proxy(f"command-acl A {{ {items} accept; }}", BEFORE).command_acl
    return found


SCANS = [
    # items, download, upload
    ("", True, True),
    ("no-mail-scanning;", False, False),
    ("download { no-mail-scanning; }", False, True),
    ("upload { no-mail-scanning; }", True, False),
]


@pytest.mark.parametrize("items, download, upload", SCANS)
def test_scans(items, download, upload):
    found = acl(items)
    assert (found.scans(DOWN), found.scans(UP)) == (download, upload)
    assert found.scans_any is (download or upload)


CHECKS = [
    # items, engines of a download, of an upload
    ("", "", ""),
    ("use-antivirus enable A;", "A", "A"),
    ("use-antivirus enable A; use-antispam enable S;", "A S", "A S"),
    ("use-antivirus enable A; upload { use-antivirus disable; }", "A", ""),
    ("use-antivirus enable A; upload { use-antivirus enable B; }", "A", "B"),
    ("use-antispam enable S; download { use-antispam disable; }", "", "S"),
]


@pytest.mark.parametrize("items, download, upload", CHECKS)
def test_checks(items, download, upload):
    found = acl(items)
    for direction, names in ((DOWN, download), (UP, upload)):
        checks = found.checks(direction)
        engines = [*checks.antivirus, *([checks.antispam] if checks.antispam else [])]
        assert " ".join(row.enable.name for row in engines) == names
        assert checks.mode == "lenient"


def test_defaults():
    download = acl("").download
    assert (download.metadata, download.size_preserving) == ("pass", True)


def test_written():
    found = acl("antivirus-mode strict; download { metadata process; size-preserving no; }")
    assert (found.download.metadata, found.download.size_preserving) == ("process", False)
    assert found.checks(DOWN).mode == "strict"


def test_no_unknown_command_where_mails_are_scanned():
    assert "UNKNOWN" not in acl("commands *;").permitted_commands
    assert "UNKNOWN" in acl("no-mail-scanning; commands *;").permitted_commands
