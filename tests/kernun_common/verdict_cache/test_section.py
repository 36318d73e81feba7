"""`verdict-cache` through the checker."""

import pytest

from kernun_common.redis_store.section import Redis
from kernun_common.tls.section import SslParams
from kernun_common.verdict_cache.section import VerdictCache
from tests.support.one_section import complaint, read

TLS = "ssl-params T { verify none; }"


def written(body):
    return f"{TLS} verdict-cache {{ {body} }}"


def test_file():
    section = read(written("path verdicts.sqlite;"), SslParams, VerdictCache)
    assert (section.path, section.redis) == ("/etc/verdicts.sqlite", None)
    assert (section.max_age, section.max_entries) == (86400.0, 100_000)


def test_redis():
    body = (
        "redis r.example : 6379 user proxy password-file pw ssl-params T prefix \"mail:\";"
        " max-age 30m; max-entries 10;"
    )
    section = read(written(body), SslParams, VerdictCache)
    assert str(section.redis.sock) == "r.example : 6379"
    assert section.redis[1:3] == ("proxy", "/etc/pw")
    assert (section.redis.ssl_params.name, section.redis.prefix) == ("T", "mail:")
    assert (section.max_age, section.max_entries) == (1800.0, 10)
    section = read(written("redis [127.0.0.1] : 6379;"), SslParams, VerdictCache)
    assert section.redis == Redis(section.redis.sock)


BAD = [
    ("max-age 1h;", "either `path` or `redis`"),
    ("path a; redis [127.0.0.1] : 6379;", "not in both"),
    ("path a; max-age 0;", "must not be zero"),
    ("path a; max-entries 0;", "must not be zero"),
    ("redis [127.0.0.1];", "expected host : port"),
    ("redis [127.0.0.1] : 6379 ssl-params U;", "no ssl-params `U`"),
]


@pytest.mark.parametrize("body, words", BAD)
def test_errors(body, words):
    assert words in complaint(written(body), SslParams, VerdictCache)
