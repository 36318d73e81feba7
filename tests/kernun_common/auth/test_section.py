"""The sections through the checker."""

import pytest

from kernun_common.auth.section import OobAuth, PasswdAuth, WithAuth
from kernun_common.configuration.types import Name
from kernun_common.redis_store.section import Redis
from kernun_common.sockaddr import address
from kernun_common.tls.section import SslParams
from tests.support.one_section import complaint, read

ROOT = (SslParams, PasswdAuth, OobAuth)
BEFORE = "ssl-params T { verify none; } passwd-auth P { file passwd; }"
FORM = "method html-form; listen [127.0.0.1] : 80; auth passwd P; store logins;"


def written(body):
    return f"{BEFORE} oob-auth DESK {{ {body} }}"


def test_form():
    section = read(written(FORM), *ROOT)
    assert (section.method, str(section.listen.at)) == ("html-form", "[127.0.0.1] : 80")
    assert section.listen.proxy_protocol is None
    assert section.auth.passwd.file == "/etc/passwd"
    assert (section.store.path, section.store.redis) == ("/etc/logins", None)
    assert (section.max_sessions, section.idle_timeout, section.max_time) == (4096, 900.0, 43200.0)
    assert (section.max_user, section.max_groups) == (64, 512)


def test_a_balancer():
    listen = "listen [127.0.0.1] : 80 proxy-protocol { [192.0.2.10], lb.example }"
    section = read(written(FORM.replace("listen [127.0.0.1] : 80", listen)), *ROOT)
    members = section.listen.proxy_protocol.members
    assert members == (address("192.0.2.10"), Name("lb.example"))


def test_external_and_redis():
    section = read(written("method external; store redis r.example : 6379 prefix x;"), *ROOT)
    assert section.store.redis == Redis(section.store.sock, prefix="x")


BAD = [
    ("method html-form; store logins;", "needs `listen`"),
    ("method html-form; store logins; listen [127.0.0.1] : 80;", "needs `auth`"),
    ("method external;", "`store` is missing"),
    ("method external; store logins; listen [127.0.0.1] : 80;", "no effect"),
    ("method external; store logins; auth passwd P;", "no effect"),
    ("method external; store logins; ssl-params T;", "no effect"),
    (FORM.replace("[127.0.0.1]", "[192.0.2.1]"), "in clear"),
    (FORM.replace("[127.0.0.1]", "localhost"), "in clear"),
    (FORM.replace(": 80", ": 80 proxy-protocol { *.example }"), "glob or regex"),
    (FORM.replace("passwd P", "passwd Q"), "no passwd-auth `Q`"),
    (f"{FORM} max-sessions 0;", "must not be zero"),
    (f"{FORM} idle-timeout 0;", "must not be zero"),
    (f"{FORM} max-time 0;", "must not be zero"),
    (f"{FORM} max-user 0;", "must not be zero"),
]


@pytest.mark.parametrize("body, words", BAD)
def test_errors(body, words):
    assert words in complaint(written(body), *ROOT)


def test_the_item_of_a_proxy():
    root = (*ROOT, WithAuth)
    auth = read(f"{written(FORM)} auth {{ auth oob DESK; }}", *root).auth
    assert (auth.none, auth.oob.name) == (False, "DESK")
    assert WithAuth().auth == (True, None)
    assert "no oob-auth `SHOP`" in complaint(f"{written(FORM)} auth {{ auth oob SHOP; }}", *root)
