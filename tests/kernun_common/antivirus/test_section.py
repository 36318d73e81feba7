"""`antivirus` through the checker of a language that has nothing else."""

import pytest

from kernun_common.antivirus.section import Antivirus, Connection
from kernun_common.netio.section import SockOpt
from tests.support.one_section import complaint, read


def antivirus(body):
    return read(f"antivirus A {{ {body} }}", Antivirus)


CONNECTIONS = [
    ("clamav [127.0.0.1] : 3310", "clamav", "[127.0.0.1] : 3310", None),
    ("clamav scan.example.org : 3310", "clamav", "scan.example.org : 3310", None),
    ('clamav "/run/clamd.sock"', "clamav", "/run/clamd.sock", None),
    ("clamav clamd.sock", "clamav", "/etc/clamd.sock", None),
    ('clamav-file "/run/clamd.sock"', "clamav_file", "/run/clamd.sock", None),
    ("icap [127.0.0.1] : 1344", "icap", "[127.0.0.1] : 1344", None),
    ("icap [127.0.0.1] : 1344 service avscan", "icap", "[127.0.0.1] : 1344", "avscan"),
]


@pytest.mark.parametrize("written, kind, place, service", CONNECTIONS)
def test_connection(written, kind, place, service):
    connection = antivirus(f"connection {written};").connection
    given = {name for name in Connection._fields[:3] if getattr(connection, name) is not None}
    assert given == {kind}
    assert (str(connection.place), connection.service) == (place, service)


def test_defaults_and_items():
    section = antivirus("connection clamav clamd.sock;")
    assert (section.max_checked_size, section.comm_dir) == (20 << 20, None)
    assert section.sock_opt == SockOpt()
    section = antivirus(
        "connection clamav-file [127.0.0.1] : 3310; comm-dir pool; max-checked-size 50M;"
        " sock-opt { recv-timeout 60; }"
    )
    assert (section.max_checked_size, section.comm_dir) == (50 << 20, "/etc/pool")
    assert section.sock_opt == SockOpt(recv_timeout=60.0)


BAD = [
    ("max-checked-size 1M;", "`connection` is missing"),
    ("connection clamav;", "behind `clamav`"),
    ("connection sophos [127.0.0.1] : 1;", "expected `clamav` or `clamav-file` or `icap`"),
    ("connection icap icap.sock;", "expected host : port"),
    ('connection icap [127.0.0.1] : 1 service "a b";', "in printable ASCII"),
    ('connection icap [127.0.0.1] : 1 service "a\\r\\nb: c";', "in printable ASCII"),
    ("connection icap [127.0.0.1] : 1 service \"\";", "in printable ASCII"),
    ("connection clamav [127.0.0.1] : 1 service a;", "expected `;`"),
    ("connection clamav-file [127.0.0.1] : 3310;", "needs comm-dir"),
    ("connection clamav [127.0.0.1] : 3310; comm-dir pool;", "only clamav-file"),
    ("connection clamav clamd.sock; max-checked-size 0;", "must not be zero"),
    ("connection clamav clamd.sock; sock-opt { recv-timeout 0; }", "must not be zero"),
]


@pytest.mark.parametrize("body, words", BAD)
def test_errors(body, words):
    assert words in complaint(f"antivirus A {{ {body} }}", Antivirus)
