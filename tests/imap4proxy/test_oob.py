"""oob: the command line of kernun-oob; what it does then: tests/kernun_common/auth/test_oob.py."""

import os

import pytest

from imap4proxy import VERSION_TAG, oob

CONFIGURATION = f"""
version {VERSION_TAG};
oob-auth LIST {{ method external; store logins; }}
imap4-proxy MAIL {{
    auth oob LIST;
    listen-on {{ non-transparent [127.0.0.1] port 1143; }}
    session-acl ALL {{ deny; }}
}}
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    mask = os.umask(0)
    os.umask(mask)
    file = tmp_path / "proxy.cfg"
    file.write_text(CONFIGURATION)
    yield lambda *words: oob.main(["-f", str(file), *words])
    os.umask(mask)


def test_commands(run, capfd, tmp_path):
    assert run("LIST", "add", "192.0.2.7", "alice", "staff") == 0
    assert run("LIST", "list") == 0
    out, err = capfd.readouterr()
    assert out == "192.0.2.7\talice\tstaff\n"
    assert "AUTH-710-I" in err and err.endswith(" ACCEPTED\n")
    assert (tmp_path / "logins").stat().st_mode & 0o077 == 0


ERRORS = [
    (("LIST",), 1, "no page to serve"),
    (("SHOP",), 1, "there is no oob-auth `SHOP`"),
    (("LIST", "del", "192.0.2.9"), 1, "nobody is logged in"),
    (("LIST", "look"), 2, "there is no command look"),
    (("LIST", "add", "192.0.2.9"), 2, "add ADDRESS USER"),
]


@pytest.mark.parametrize("words, status, text", ERRORS)
def test_errors(run, capfd, words, status, text):
    assert run(*words) == status
    assert text in capfd.readouterr().err


def test_bad_configuration(run, capfd, tmp_path):
    (tmp_path / "proxy.cfg").write_text(CONFIGURATION.replace("method", "methods"))
    assert run("LIST", "list") == 1
    assert "methods" in capfd.readouterr().err
