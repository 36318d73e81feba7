"""status: JSON there and back; what is not ours is refused, whatever it is."""

import json

import pytest

from kernun_common.monitoring.record import Live
from kernun_common.monitoring.speed import Speed
from kernun_common.monitoring.status import Status, read
from tests.support.sightings import session, status

FULL = status(
    session(7, 60.0, Live(1, 2, 3, 4, 5), Speed(1.5, 0.0), client="ž", user="a", acls=("X", "Y")),
    session(8, 61.0),
    ending=True,
)


@pytest.mark.parametrize("one", [FULL, status()])
def test_there_and_back(one):
    assert read(one.write()) == one and "\n" not in one.write()


def changed(path, value):
    """FULL with one member changed, or without it."""
    found = json.loads(FULL.write())
    *outer, last = path
    place = found
    for word in outer:
        place = place[word]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(found)


WRONG = [
    # the member, what it is instead (...: it is not there)
    *((path, ...) for path in (["name"], ["parent"], ["children"], ["sessions"], ["ending"])),
    *((["sessions", 0, word], ...) for word in ("pid", "since", "live", "speed", "record")),
    *((["sessions", 0, "record", word], ...) for word in ("client", "acls", "server_tls")),
    (["name"], 7),
    (["parent"], "7"),
    (["parent"], -1),
    (["parent"], 1.5),
    (["at"], "now"),
    (["at"], float("nan")),
    (["started"], float("inf")),
    (["children"], []),
    (["children", "busy"], "many"),
    (["sessions"], {}),
    (["sessions", 0], "a"),
    (["sessions", 0, "live"], [1, 2, 3, 4]),
    (["sessions", 0, "live"], [1, 2, 3, 4, "5"]),
    (["sessions", 0, "speed"], [1.0, None]),
    (["sessions", 0, "record"], None),
    (["sessions", 0, "record", "user"], None),
    (["sessions", 0, "record", "acls"], "XY"),
    (["sessions", 0, "record", "acls", 0], 5),
]


@pytest.mark.parametrize("path, value", WRONG)
def test_what_is_refused(path, value):
    with pytest.raises(ValueError):
        read(changed(path, value))


@pytest.mark.parametrize("text", ["", "{", "7", "[]", "null", FULL.write()[:-1], "[" * 50])
def test_no_status(text):
    with pytest.raises(ValueError):
        read(text)


def test_a_later_version_may_tell_more():
    assert isinstance(read(changed(["sessions", 0, "record", "mail"], "checked")), Status)


def test_texts_are_made_harmless():
    found = read(changed(["sessions", 0, "record", "user"], "\x1b]0;x\x07"))
    assert found.sessions[0].record.user == "?]0;x?"
    assert read(changed(["name"], "A\nB")).name == "A?B"
    assert read(changed(["children", "\x1b"], 1)).children["?"] == 1
