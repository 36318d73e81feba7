"""oob: the commands, and what they refuse."""

import pytest

from kernun_common.auth.oob import DONE, FAILED, Usage, manage, serve
from kernun_common.auth.section import BackendName, Listen, OobAuth, PasswdAuth, StorePlace
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import ConfigurationError
from tests.support.logins import Lines, desk


@pytest.fixture
def log():
    return Lines()


@pytest.fixture
def run(tmp_path, log):
    section = desk(StorePlace(str(tmp_path / "logins")), max_sessions=2, max_user=8)
    return lambda *words: manage(section, log, words[0], words[1:])


def test_the_list(run, log, capsys):
    assert run("list") == DONE
    assert run("add", "2001:db8::1", "bob") == DONE
    assert run("add", "[192.0.2.7]", "alice", "staff", "sales") == DONE
    assert run("list") == DONE
    assert capsys.readouterr().out == "192.0.2.7\talice\tstaff,sales\n2001:db8::1\tbob\t\n"
    assert run("del", "192.0.2.7") == DONE
    assert run("del", "192.0.2.7") == FAILED
    assert run("flush") == DONE
    assert run("list") == DONE
    assert capsys.readouterr().out == ""
    assert log.results == [
        "bob ACCEPTED by the administrator",
        "alice ACCEPTED by the administrator",
        "alice LOGOUT by the administrator",
        "bob LOGOUT by the administrator",
    ]


def test_limits(run, capsys):
    assert run("add", "192.0.2.1", "much-too-long") == FAILED
    assert run("add", "192.0.2.1", "a") == run("add", "192.0.2.2", "b") == DONE
    assert run("add", "192.0.2.3", "c") == FAILED
    assert capsys.readouterr().err == "kernun-oob: max-user\nkernun-oob: max-sessions\n"


WRONG = [
    ("look",), ("add",), ("add", "192.0.2.1"), ("add", "here", "alice"), ("del",),
    ("del", "192.0.2.1", "192.0.2.2"), ("del", "x"), ("list", "x"), ("flush", "x"),
]


@pytest.mark.parametrize("words", WRONG)
def test_used_wrongly(run, words):
    with pytest.raises(Usage):
        run(*words)


def form(tmp_path, **items):
    auth = BackendName(PasswdAuth(file=str(tmp_path / "passwd")))
    store = StorePlace(str(tmp_path / "logins"))
    return OobAuth(name="DESK", method="html-form", auth=auth, store=store, **items)


def test_users_log_in_by_themselves(tmp_path, log):
    with pytest.raises(Usage):
        manage(form(tmp_path), log, "add", ["192.0.2.1", "alice"])


def test_not_to_be_served(tmp_path, log):
    with pytest.raises(ConfigurationError, match="no page"):
        serve(desk(StorePlace(str(tmp_path / "logins"))), log)
    nowhere = Sock(Host(name="nowhere.invalid"), 80)
    with pytest.raises(ConfigurationError, match="no address"):
        serve(form(tmp_path, listen=Listen(nowhere)), log)


def test_a_store_that_is_broken(tmp_path, log, capsys):
    section = desk(StorePlace(str(tmp_path / "nowhere" / "logins")))
    assert manage(section, log, "list", []) == FAILED
    assert "nowhere" in capsys.readouterr().err
