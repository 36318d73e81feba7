"""site: requests and answers, without a network."""

import re

import pytest
from werkzeug.test import Client

from kernun_common.auth.admission import Admission
from kernun_common.auth.notes import InProcess
from kernun_common.auth.section import StorePlace
from kernun_common.auth.store import Store
from kernun_common.auth.user import Challenge, Denied, User
from kernun_common.auth.web.site import Site
from kernun_common.auth.web.style import POLICY
from kernun_common.errors import Unavailable
from tests.support.logins import Lines, desk

PLAIN, SECURE = "http://desk.example", "https://desk.example"


class Backend:
    verdict: object = User("alice")

    def check(self, name, password, resolution):
        self.asked = name, password.reveal()
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict

    def respond(self, name, answer, state, resolution):
        return User(name) if answer.reveal() == b"123456" else Denied("wrong")


class Browser:
    def __init__(self, site, base=SECURE, address="192.0.2.7", **headers):
        self._client = Client(site)
        self._more = {"base_url": base, "environ_base": {"REMOTE_ADDR": address}}
        self._headers = headers
        self.page = ""

    def get(self, path="/", method="GET"):
        return self._kept(
            self._client.open(path, method=method, headers=self._headers, **self._more)
        )

    def post(self, path, **fields):
        data = {"token": self.token, **fields}
        return self._kept(
            self._client.post(path, data=data, headers=self._headers, **self._more)
        )

    def log_in(self, user="alice", password="secret"):
        self.get()
        return self.post("/login", user=user, password=password)

    @property
    def token(self):
        found = re.search(r'name="token" value="(.*?)"', self.page)
        return found[1] if found else ""

    def _kept(self, response):
        self.page = response.text
        return response


@pytest.fixture
def backend():
    return Backend()


@pytest.fixture
def site(tmp_path, backend):
    log = Lines()
    store = Store(desk(StorePlace(str(tmp_path / "logins"))), log)
    return Site(Admission(store, backend, log, "DESK", InProcess()), log, "DESK", dict)


def test_in_and_out(site):
    browser = Browser(site)
    answer = browser.log_in()
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "User: alice" in browser.get().text
    assert "User: alice" not in Browser(site, address="192.0.2.8").get().text
    answer = browser.post("/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?out")
    assert "You have logged out" in browser.get("/?out").text


def test_headers(site):
    answer = Browser(site).get()
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-kernun-oob=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    [plain] = Browser(site, PLAIN).get().headers.getlist("Set-Cookie")
    assert plain.startswith("kernun-oob=") and "Secure" not in plain


VERDICTS = [
    (Denied("wrong password"), 403, "is wrong"),
    (Unavailable("no answer"), 503, "cannot be checked now"),
    (User("x" * 65), 503, "cannot be logged in now"),
]


@pytest.mark.parametrize("verdict, status, words", VERDICTS)
def test_verdicts(site, backend, verdict, status, words):
    backend.verdict = verdict
    answer = Browser(site).log_in()
    assert answer.status_code == status and words in answer.text
    assert 'value="alice"' in answer.text


def test_locked(site, backend):
    backend.verdict = Denied("wrong password")
    browser = Browser(site)
    assert [browser.log_in().status_code for _ in range(6)] == [403] * 5 + [429]


def test_challenge(site, backend):
    backend.verdict = Challenge("<Code>?", b"state")
    browser = Browser(site)
    answer = browser.log_in()
    assert answer.status_code == 200 and "&lt;Code&gt;?" in answer.text
    challenge = re.search(r'name="challenge" value="(.*?)"', answer.text)[1]
    assert browser.post("/login", challenge=challenge, answer="123456").status_code == 303


def test_blanks_around_a_name(site, backend):
    Browser(site).log_in(" alice ", " secret ")
    assert backend.asked == ("alice", b" secret ")


FORGED = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": PLAIN},
]


@pytest.mark.parametrize("headers", FORGED)
def test_forged(site, headers):
    browser = Browser(site, **headers)
    assert browser.log_in().status_code == 403
    assert "no longer valid" in browser.page


def test_tokens_of_others(site):
    browser, attacker = Browser(site), Browser(site, address="192.0.2.8")
    browser.get()
    attacker.get()
    for token in ("", "x", attacker.token):
        assert browser.post("/login", token=token, user="alice").status_code == 403
    assert Browser(site).post("/logout").status_code == 403
    assert Browser(site, Origin=SECURE).log_in().status_code == 303


REQUESTS = [("GET", "/login", 404), ("GET", "/x", 404), ("PUT", "/", 404), ("HEAD", "/", 200)]


@pytest.mark.parametrize("method, path, status", REQUESTS)
def test_requests(site, method, path, status):
    assert Browser(site).get(path, method).status_code == status


def test_too_large(site):
    browser = Browser(site)
    browser.get()
    assert browser.post("/login", user="x" * 9000).status_code == 413


LANGUAGES = [("cs", "cs"), ("cs-CZ,en;q=0.5", "cs"), ("de", "en"), ("", "en"), ("en,cs", "en")]


@pytest.mark.parametrize("wanted, language", LANGUAGES)
def test_language(site, wanted, language):
    answer = Browser(site, **{"Accept-Language": wanted}).get()
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text


def test_a_broken_store(site, tmp_path):
    browser = Browser(site)
    browser.get()
    for file in tmp_path.iterdir():
        file.write_bytes(b"no database" * 1000)
    assert browser.get().status_code == 503
    assert "Logins are not possible" in browser.page
