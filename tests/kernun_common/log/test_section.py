"""section: what excludes what in log-debug and log-stats."""

import pytest

from kernun_common.log.section import LogDebug, LogStats, Rotate

COMPLAINTS = [
    # values, attributes complained of
    ({}, []),
    ({"facility": "mail"}, []),
    ({"file": "/var/log/proxy"}, []),
    ({"file": "/var/log/proxy", "rotate": Rotate(1000, None)}, []),
    ({"file": "/var/log/proxy", "facility": "mail"}, ["facility"]),
    ({"rotate": Rotate(1000, None)}, ["rotate"]),
    ({"facility": "mail", "rotate": Rotate(1000, None)}, ["rotate"]),
    ({"syslog_failure": "stop"}, []),
    ({"syslog_failure": "file"}, ["syslog_failure"]),
    ({"syslog_failure": "file", "file": "/var/log/proxy"}, []),
    ({"syslog_failure": "file", "file": "/var/log/proxy", "facility": "mail"}, []),
    ({"syslog_failure": "stop", "file": "/var/log/proxy"}, ["syslog_failure"]),
    ({"syslog_failure": "stop", "file": "/f", "facility": "mail"}, ["facility"]),
]


@pytest.mark.parametrize("cls", [LogDebug, LogStats])
@pytest.mark.parametrize("values, attributes", COMPLAINTS)
def test_complaints(cls, values, attributes):
    assert [attribute for attribute, _ in cls(**values).complaints()] == attributes


ROTATES = [((0, None), False), ((1, 0), False), ((1, 1), True), ((1, None), True)]


@pytest.mark.parametrize("values, good", ROTATES)
def test_rotate(values, good):
    check = LogDebug.TABLE.rows["rotate"].check
    assert (check(Rotate(*values)) is None) == good


def test_defaults():
    section = LogDebug()
    assert (section.level, section.data_limit, section.format) == (6, 4096, "text")
    assert section.syslog_failure == "ignore"
    assert (section.facility, section.file, section.rotate) == (None, None, None)
