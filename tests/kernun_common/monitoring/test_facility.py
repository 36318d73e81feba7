"""facility: memory, a folder and a socket, or a complaint at the item that asks for them."""

import os
import socket

import pytest

from kernun_common.errors import ConfigurationError
from kernun_common.log.message import Message, Severity
from kernun_common.monitoring.facility import Subject, disabled, open_facility
from tests.support.configurations import proxy
from tests.support.lines import Lines
from tests.support.ports import free_ports

ROWS = [Message(f"ABCD-10{n}", severity, "X", "X.") for n, severity in enumerate(Severity)]
SUBJECT = Subject("imap4-proxy", "MAIL", 3, {"session-acl": ("A", "B", "A")}, ROWS)


def monitoring(text):
    return proxy(f"monitoring {{ {text} }}").monitoring


@pytest.fixture
def opened(tmp_path):
    """Open by the items; what was opened is closed."""
    made, out = [], Lines()

    def make(text, subject=SUBJECT, present=None, folder=tmp_path / "monitor"):
        section = monitoring(f'comm-dir "{folder}"; {text}')
        made.append(open_facility(section, subject, out.log, present))
        return made[-1]

    make.out = out
    yield make
    for one in made:
        one.close()


def test_what_it_has(opened, tmp_path):
    facility = opened("")
    assert facility.folder == facility.folder_inside == str(tmp_path / "monitor")
    assert os.path.isdir(facility.folder) and facility.sock is None and facility.fds == []
    assert facility.board.parents_slot == 3
    assert facility.board.keys[-6:] == (
        ("acls", "session-acl", "A"),
        ("acls", "session-acl", "B"),
        ("acls", "session-acl", "none"),
        ("messages", "ABCD-100", "C"),
        ("messages", "ABCD-101", "E"),
        ("messages", "ABCD-102", "W"),
    )


def test_the_limits_of_the_section(opened):
    facility = opened("user 3; data 9 tail 2;")
    assert facility.board.octets < opened("user 300; data 900;").board.octets


@pytest.mark.parametrize("make", [disabled, lambda: open_facility(
    monitoring('disabled; comm-dir "/no/such"; http [127.0.0.1] : 1;'), SUBJECT, Lines().log
)])
def test_disabled(make):
    facility = make()
    assert (facility.board, facility.folder, facility.sock) == (None, None, None)
    facility.seat.take(0)
    facility.seat.begin("a")
    facility.close()
    facility.forget()


def test_http(opened):
    port = free_ports(1)[0]
    facility = opened(f"http [127.0.0.1] : {port};")
    assert facility.fds == [facility.sock.fileno()]
    with socket.create_connection(("127.0.0.1", port)):
        again = opened(f"http [127.0.0.1] : {port};", present=facility)
    assert again.sock is facility.sock
    facility.close(again)
    with socket.create_connection(("127.0.0.1", port)):
        pass  # it is still there
    other = opened(f"http [127.0.0.1] : {free_ports(1)[0]};", present=again)
    again.close(other)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_the_socket_is_closed_for_all_processes(opened):
    port = free_ports(1)[0]
    facility = opened(f"http [127.0.0.1] : {port};")
    heir = os.dup(facility.sock.fileno())
    try:
        facility.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    finally:
        os.close(heir)


def test_an_address_in_use(opened):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError) as error:
            opened(f"\nhttp [127.0.0.1] : {port};")
    assert (error.value.where.line, error.value.text) == (
        2, f"cannot listen on [127.0.0.1]:{port}: Address already in use"
    )  # fmt: skip


def test_an_ipv6_address_does_not_take_the_ipv4_one(opened):
    port = free_ports(1)[0]
    opened(f"http [::] : {port} from *;")
    opened(f"http [0.0.0.0] : {port} from *;")


def test_a_folder_that_is_asked_for_and_cannot_be_had(opened):
    with pytest.raises(ConfigurationError) as error:
        opened("", folder="/no/such/folder")
    assert error.value.text == "/no/such/folder: No such file or directory"


def test_the_default_folder_is_asked_for_by_nobody(monkeypatch):
    def refuse(path, owner):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kernun_common.monitoring.facility.make_folder", refuse)
    out = Lines()
    facility = open_facility(monitoring("interval 5;"), SUBJECT, out.log)
    assert facility.folder is None and facility.folder_inside is None and facility.board
    [line] = out.lines
    assert line.startswith("MNTR-810-W NO-COMM-DIR DIR=") and "Permission denied" in line


def test_another_root(opened, tmp_path):
    facility = opened("", Subject("p", "N", root=str(tmp_path)))
    assert (facility.folder, facility.folder_inside) == (str(tmp_path / "monitor"), "/monitor")
    (tmp_path / "jail").mkdir()
    with pytest.raises(ConfigurationError, match="it is not below"):
        opened("", Subject("p", "N", root=f"{tmp_path}/monitor/../jail"))
    with pytest.raises(ConfigurationError, match="it is not below /var/empty"):
        opened("", Subject("p", "N", root="/var/empty"))
