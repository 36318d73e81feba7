"""`antispam` through the checker of a language that has nothing else."""

import pytest

from kernun_common.antispam.section import Antispam
from tests.support.one_section import complaint, read


def antispam(body):
    return read(f"antispam A {{ {body} }}", Antispam)


def test_items():
    section = antispam("connection [127.0.0.1] : 783;")
    assert (str(section.connection), section.user) == ("[127.0.0.1] : 783", None)
    section = antispam(
        'connection a.example : 11333; user "Šárka N"; sock-opt { recv-timeout 9; }'
    )
    assert (section.user, section.sock_opt.recv_timeout) == ("Šárka N", 9.0)


BAD = [
    ("user a;", "`connection` is missing"),
    ('connection "/run/spamd.sock";', "expected host : port"),
    ('connection [127.0.0.1] : 783; user "a\\r\\nb";', "must be printable"),
    ('connection [127.0.0.1] : 783; user "";', "must be printable"),
]


@pytest.mark.parametrize("body, words", BAD)
def test_errors(body, words):
    assert words in complaint(f"antispam A {{ {body} }}", Antispam)
