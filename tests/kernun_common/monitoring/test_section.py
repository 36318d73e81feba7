"""section: what may be written, with its defaults, and what is refused."""

import pytest

from kernun_common.monitoring.record import Data
from kernun_common.monitoring.section import Http, Monitoring
from tests.support.configurations import errors_in, proxy


def monitoring(text):
    return proxy(f"monitoring {{ {text} }}").monitoring


def test_defaults():
    section = proxy("").monitoring
    assert section == Monitoring()
    assert (section.disabled, section.comm_dir, section.interval) == (False, "/run/imap4-proxy", 5)
    assert (section.user, section.data, section.http) == (8, Data(180, 60), None)


ITEMS = [
    # what is written, the attribute, its value
    ("disabled;", "disabled", True),
    ('comm-dir "mon";', "comm_dir", "/etc/mon"),
    ("interval 30m;", "interval", 1800.0),
    ("user 40;", "user", 40),
    ("data 20 tail 5;", "data", Data(20, 5)),
    ("data 20;", "data", Data(20, None)),
]


@pytest.mark.parametrize("text, attribute, value", ITEMS)
def test_items(text, attribute, value):
    assert getattr(monitoring(text), attribute) == value


HTTP = [
    # what is written, where to listen, whether a set of clients is given
    ("http [127.0.0.1] : 9143;", "[127.0.0.1] : 9143", False),
    ("http [::1] : 9143;", "[::1] : 9143", False),
    ("http [0.0.0.0] : 9143 from { [10.0.0.0/8], [192.0.2.1]-[192.0.2.9] };", "[0.0.0.0]", True),
    ("http [192.0.2.1] : 80 from ! [192.0.2.1];", "[192.0.2.1] : 80", True),
    ("http [192.0.2.1] : 80 from *;", "[192.0.2.1] : 80", True),
]


@pytest.mark.parametrize("text, at, has_from", HTTP)
def test_http(text, at, has_from):
    http = monitoring(text).http
    assert isinstance(http, Http) and str(http.at).startswith(at)
    assert (http.from_ is not None) is has_from


WRONG = [
    # what is written, a part of the complaint
    ("interval 0.5;", "from 1 to 3600"),
    ("interval 2h;", "from 1 to 3600"),
    ("user 0;", "from 1 to 1000"),
    ("data 3;", "more characters than its tail and three dots"),
    ("data 10 tail 7;", "more characters than its tail and three dots"),
    ("data 1001;", "at most 1000"),
    ("http localhost : 80;", "must have an address"),
    ("http [127.0.0.1] : 80 from admin.example.org;", "must have an address"),
    ("http [127.0.0.1] : 80 from *.example.org;", "must have an address"),
    ("http [192.0.2.1] : 80;", "needs `from`"),
    ("http [0.0.0.0] : 80;", "needs `from`"),
]


@pytest.mark.parametrize("text, complaint", WRONG)
def test_what_is_refused(text, complaint):
    [(line, told)] = errors_in(f"monitoring {{ {text} }}")
    assert line == 1 and complaint in told
