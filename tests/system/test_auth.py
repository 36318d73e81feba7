"""Users who log in out of band, through the real programs: the page, the list, the proxy."""

from __future__ import annotations

import os
import pwd
import tempfile
import time
from pathlib import Path
from typing import Callable, Iterator

import pytest

from kernun_common.auth.passwd import Entry, hashed
from kernun_common.secret import Secret
from tests.support.certificates import Authority
from tests.support.chromium import Chromium
from tests.support.gates import Gates, greeting
from tests.support.oob import Desk, Visitor
from tests.support.peers import connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.redis_server import RedisServer
from tests.support.waiting import wait_until

STAFF_ONLY = "group staff;"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Proxy]]:
    """Starts a proxy that knows the users of a desk."""
    with Gates(tmp_path) as gates:
        yield gates.open


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """alice is of staff and of sales, bob of nothing."""
    path = tmp_path_factory.mktemp("passwords") / "passwd"
    lines = [
        Entry("alice", hashed(Secret(b"wonderland")), ("staff", "sales")),
        Entry("bob", hashed(Secret(b"builder"))),
    ]
    path.write_text("".join(f"{entry.write()}\n" for entry in lines))
    return path


@pytest.fixture
def desk(tmp_path: Path, passwords: Path) -> Callable[..., Desk]:
    """Makes a desk by the password file, with more items than it needs."""
    def made(items: str = "") -> Desk:
        sections = f'passwd-auth STAFF {{ file "{passwords}"; }}'
        store = f'store "{tmp_path}/logins";'
        return Desk(tmp_path, f"auth passwd STAFF; {store} {items}", sections=sections)

    return made


def test_from_login_to_logout(desk: Callable[..., Desk], start: Callable[..., Proxy]) -> None:
    with desk() as served:
        proxy = start(served)
        assert greeting(proxy) == b""
        visitor = Visitor(served.port)
        assert visitor.log_in("alice", "looking-glass") == 403
        assert greeting(proxy) == b""
        assert visitor.log_in("alice", "wonderland") == 303
        assert greeting(proxy).startswith(b"* OK")
        assert visitor.log_out() == 303
        assert greeting(proxy) == b""
        assert served.stop() == 0
    users = [line.split(" USER=")[1].split()[0] for line in proxy.wait_for("IMAP-720", 4)]
    assert users == ["<NULL>", "<NULL>", "alice", "<NULL>"]
    results = [line.split()[-1] for line in served.logged("AUTH-710")]
    assert results == ["DENIED", "ACCEPTED", "LOGOUT"]


# --- what ends a login -----------------------------------------------------------------------


def test_max_time(desk: Callable[..., Desk], start: Callable[..., Proxy]) -> None:
    """Whatever happens meanwhile; the proxy may be the one who notices."""
    with desk("max-time 2;") as served:
        proxy = start(served)
        assert Visitor(served.port).log_in("alice", "wonderland") == 303
        wait_until(lambda: greeting(proxy) == b"", "the login to end")
        told = served.logged("AUTH-710") + proxy.logged("AUTH-710")
    assert [line.split()[-1] for line in told] == ["ACCEPTED", "TIMEOUT"]


def test_idle_timeout(desk: Callable[..., Desk], start: Callable[..., Proxy]) -> None:
    """A session that is open keeps the login, though nothing happens in it."""
    with desk("idle-timeout 2;") as served:
        proxy = start(served)
        assert Visitor(served.port).log_in("alice", "wonderland") == 303
        with connect(proxy.port) as client:
            assert client.line().startswith(b"* OK")
            begin = time.monotonic()
            wait_until(lambda: time.monotonic() > begin + 4, "twice the idle-timeout")
            assert greeting(proxy).startswith(b"* OK")
        wait_until(lambda: served.command("list").stdout == "", "the login to end")
        assert greeting(proxy) == b""


def test_max_sessions(desk: Callable[..., Desk]) -> None:
    with desk("max-sessions 1;") as served:
        first, second = Visitor(served.port), Visitor(served.port, source="127.0.0.2")
        assert first.log_in("alice", "wonderland") == 303
        assert second.log_in("bob", "builder") == 503
        assert first.log_in("bob", "builder") == 303  # in the place of alice
        first.log_out()
        assert second.log_in("alice", "wonderland") == 303
        told = [line.split(" REASON=")[1] for line in served.logged("AUTH-710")]
    assert "max-sessions DENIED" in told and '"logged in anew" LOGOUT' in told


@pytest.mark.parametrize(
    "items, user, password, status",
    [
        ("max-user 4;", "alice", "wonderland", 503),
        ("max-user 4;", "bob", "builder", 303),
        ("max-groups 10;", "alice", "wonderland", 503),
        ("max-groups 11;", "alice", "wonderland", 303),
    ],
)
def test_lengths(
    desk: Callable[..., Desk], items: str, user: str, password: str, status: int
) -> None:
    with desk(items) as served:
        assert Visitor(served.port).log_in(user, password) == status


def test_groups(desk: Callable[..., Desk], start: Callable[..., Proxy]) -> None:
    with desk() as served:
        proxy = start(served, STAFF_ONLY)
        visitor = Visitor(served.port)
        assert visitor.log_in("bob", "builder") == 303
        assert greeting(proxy) == b""
        assert visitor.log_in("alice", "wonderland") == 303
        assert greeting(proxy).startswith(b"* OK")


def test_nobody_is_logged_in_where_the_store_is_broken(
    desk: Callable[..., Desk], start: Callable[..., Proxy], tmp_path: Path
) -> None:
    with desk() as served:
        proxy = start(served)
        assert Visitor(served.port).log_in("alice", "wonderland") == 303
        for file in tmp_path.glob("logins*"):
            file.write_bytes(b"no database" * 1000)
        assert greeting(proxy) == b""
        assert "REASON=" in proxy.wait_for("AUTH-810")[0]


# --- who fails too often, and who sends forms of others --------------------------------------


def test_lockout(desk: Callable[..., Desk]) -> None:
    """The address is locked, and the user wherever from."""
    with desk() as served:
        visitor = Visitor(served.port)
        for _ in range(5):
            assert visitor.log_in("alice", "guess") == 403
        assert visitor.log_in("alice", "wonderland") == 429
        assert visitor.log_in("bob", "builder") == 429
        assert Visitor(served.port, source="127.0.0.3").log_in("alice", "wonderland") == 429
        assert Visitor(served.port, source="127.0.0.3").log_in("bob", "builder") == 303


def test_lockout_however_a_name_is_written(desk: Callable[..., Desk]) -> None:
    """Directories do not tell these names apart, so neither does who counts their failures."""
    with desk() as served:
        sources = [Visitor(served.port, source=f"127.0.0.{number}") for number in range(2, 8)]
        names = ("alice", "Alice", "ALICE", "aLICE", " alicE ", "alice")
        told = [visitor.log_in(name, "x") for visitor, name in zip(sources, names)]
        assert told == [403] * 5 + [429]


def test_forms_of_others(desk: Callable[..., Desk]) -> None:
    with desk() as served:
        victim, attacker = Visitor(served.port), Visitor(served.port, source="127.0.0.2")
        victim.ask("GET", "/")
        attacker.ask("GET", "/")
        form = {"user": "alice", "password": "wonderland"}
        assert victim.ask("POST", "/login", form) == 403
        assert victim.ask("POST", "/login", {**form, "token": attacker.token}) == 403
        own = {**form, "token": victim.token}
        assert victim.ask("POST", "/login", own, Origin="https://evil.example") == 403
        assert victim.ask("POST", "/login", own, Origin=f"http://{HOST}:{served.port}") == 303
        assert victim.ask("POST", "/logout", {}) == 403
        assert not any("LOGOUT" in line for line in served.logged("AUTH-710"))


def test_czech(desk: Callable[..., Desk]) -> None:
    with desk() as served:
        for language, words in (("cs,en;q=0.5", "Přihlásit se"), ("de", "Log in")):
            visitor = Visitor(served.port, language=language)
            assert visitor.ask("GET", "/") == 200
            assert words in visitor.page
        assert visitor.ask("GET", "/etc/passwd") == 404
        assert visitor.ask("PUT", "/login", {"x": "y" * 9000}) == 404
        assert visitor.ask("POST", "/login", {"x": "y" * 9000}) == 413


# --- the list of the administrator -----------------------------------------------------------


def test_external(tmp_path: Path, start: Callable[..., Proxy]) -> None:
    desk = Desk(tmp_path, f'store "{tmp_path}/logins";', external=True)
    proxy = start(desk, STAFF_ONLY)
    assert greeting(proxy) == b""
    assert desk.command("add", HOST, "alice", "staff", "sales").returncode == 0
    assert desk.command("add", "2001:db8::1", "bob").returncode == 0
    listed = f"{HOST}\talice\tstaff,sales\n2001:db8::1\tbob\t\n"
    assert desk.command("list").stdout == listed
    assert greeting(proxy).startswith(b"* OK")
    assert desk.command("del", HOST).returncode == 0
    assert greeting(proxy) == b""
    assert desk.command("add", HOST, "alice", "staff").returncode == 0
    assert desk.command("flush").returncode == 0
    assert (desk.command("list").stdout, greeting(proxy)) == ("", b"")


def test_auth_none(tmp_path: Path, start: Callable[..., Proxy]) -> None:
    """Who has logged in is nobody to a proxy that does not ask."""
    desk = Desk(tmp_path, f'store "{tmp_path}/logins";', external=True)
    assert desk.command("add", HOST, "alice").returncode == 0
    assert greeting(start(desk, "user none;", auth="none")).startswith(b"* OK")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root")
def test_another_user_in_another_root(tmp_path: Path, start: Callable[..., Proxy]) -> None:
    """The children find the file below their root, and write that a session keeps the login."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory() as jail:
        desk = Desk(tmp_path, f'store "{jail}/logins";', external=True)
        assert desk.command("add", HOST, "alice").returncode == 0
        for path in (Path(jail), *Path(jail).iterdir()):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        proxy = start(desk, items=f'app-user nobody; chroot-dir "{jail}";')
        assert greeting(proxy).startswith(b"* OK")
        proxy.wait_for("IMAP-702")
        assert proxy.logged("AUTH-810") == []


# --- several proxies -------------------------------------------------------------------------


def test_two_proxies_share_logins_in_redis(
    tmp_path: Path, start: Callable[..., Proxy], passwords: Path
) -> None:
    """And without the server nobody is logged in."""
    with RedisServer() as redis:
        sections = f'passwd-auth STAFF {{ file "{passwords}"; }}'
        items = f"auth passwd STAFF; store redis [{HOST}] : {redis.port} prefix desk;"
        with Desk(tmp_path, items, sections=sections) as served:
            proxies = start(served), start(served)
            visitor = Visitor(served.port)
            assert visitor.log_in("alice", "wonderland") == 303
            assert all(greeting(proxy).startswith(b"* OK") for proxy in proxies)
            assert visitor.log_out() == 303
            assert [greeting(proxy) for proxy in proxies] == [b"", b""]
            assert visitor.log_in("alice", "wonderland") == 303
            redis.stop()
            assert [greeting(proxy) for proxy in proxies] == [b"", b""]
            assert visitor.ask("GET", "/") == 503
            assert all(proxy.wait_for("AUTH-810") for proxy in proxies)
            redis.start()  # it has forgotten everybody, and serves again
            assert visitor.log_in("alice", "wonderland") == 303
            assert all(greeting(proxy).startswith(b"* OK") for proxy in proxies)


# --- a browser -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "language, width, words",
    [
        ("en", 1000, ("Log in", "is wrong", "You are logged in", "You have logged out")),
        ("cs", 390, ("Přihlásit se", "není správné", "Jste přihlášeni", "Odhlásili jste se")),
    ],
    ids=["desktop", "phone"],
)
def test_a_browser_by_keyboard(
    tmp_path: Path,
    passwords: Path,
    start: Callable[..., Proxy],
    language: str,
    width: int,
    words: tuple[str, ...],
) -> None:
    """From the wrong password to the logout, by keys alone; pictures of every step."""
    form, wrong, logged_in, logged_out = words
    files = Authority("CA").issue(HOST, ips=[HOST]).write(tmp_path)
    sections = f"""
        ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}
        passwd-auth STAFF {{ file "{passwords}"; }}
    """
    items = f'ssl-params IN; auth passwd STAFF; store "{tmp_path}/logins";'
    with Desk(tmp_path, items, sections=sections) as served:
        proxy = start(served)
        with Chromium(width, 800, language) as browser:
            browser.open(f"https://{HOST}:{served.port}/")
            browser.see(form)
            browser.picture(tmp_path / f"{language}-form.png")
            browser.type("alice")
            browser.press("Tab")
            browser.type("looking-glass")
            browser.press("Enter")
            browser.see(wrong)
            browser.picture(tmp_path / f"{language}-wrong.png")
            assert greeting(proxy) == b""
            browser.type("wonderland")  # the password has the focus, the name is still there
            browser.press("Enter")
            browser.see(logged_in)
            browser.picture(tmp_path / f"{language}-in.png")
            assert greeting(proxy).startswith(b"* OK")
            browser.press("Tab")
            browser.press("Enter")
            browser.see(logged_out)
            browser.picture(tmp_path / f"{language}-out.png")
            assert greeting(proxy) == b""
            wide = browser.evaluate("document.documentElement.scrollWidth")
            assert wide <= width
