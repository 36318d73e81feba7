"""section: every item of it, and that a proxy's section may be derived from it."""

import pytest

from kernun_common.configuration.loader import load
from tests.support.echo import Echo

ITEMS = [
    # item, attribute, value
    ("nodaemon;", "nodaemon", True),
    ("", "nodaemon", False),
    ("singleproc;", "singleproc", True),
    ("", "singleproc", False),
    ('pid-file "/run/x.pid";', "pid_file", "/run/x.pid"),
    ("", "pid_file", None),
    ("tcpserver { max-idle 7; }", "tcpserver.max_idle", 7),
    ("", "tcpserver.max_idle", 20),
    ("log-debug { level full; }", "log_debug.level", 9),
    ("log-stats { level error; }", "log_stats.level", 3),
    ("", "log_stats.level", 6),
    ("greeting x;", "greeting", "x"),
]


@pytest.mark.parametrize("text, attribute, value", ITEMS)
def test_items(tmp_path, text, attribute, value):
    path = tmp_path / "echo.cfg"
    listen = "listen-on { non-transparent [127.0.0.1] port 1; }"
    path.write_text(f"version ECHO-1_0-RELEASE; echo A {{ {listen} {text} }}")
    [found] = load(str(path), (Echo,), "ECHO-1_0-RELEASE").members
    for name in attribute.split("."):
        found = getattr(found, name)
    assert found == value


def test_a_path_is_made_absolute(tmp_path):
    path = tmp_path / "echo.cfg"
    listen = "listen-on { non-transparent [127.0.0.1] port 1; }"
    path.write_text(f"version ECHO-1_0-RELEASE; echo A {{ {listen} pid-file run/x; }}")
    [found] = load(str(path), (Echo,), "ECHO-1_0-RELEASE").members
    assert found.pid_file == str(tmp_path / "run" / "x")
