"""sightings - what a proxy publishes of itself, made up for tests.

    status(session(pid=7, user="alice"), session(pid=8))
"""

from kernun_common.monitoring.record import Live, Record
from kernun_common.monitoring.speed import Speed
from kernun_common.monitoring.status import Session, Status

NOW = 1_760_000_000.0


def session(pid=7, age=60.0, live=Live(), speed=Speed(), **words):
    return Session(pid, NOW - age, live, speed, Record(**words))


def status(*sessions, **parts):
    made = {
        "program": "imap4-proxy",
        "name": "MAIL",
        "parent": 5,
        "started": NOW - 90.0,
        "at": NOW,
        "interval": 5.0,
        "ending": False,
        "children": {"idle": 2, "busy": len(sessions)},
        "sessions": sessions,
    }
    return Status(**{**made, **parts})
