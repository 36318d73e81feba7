"""section: the item by itself, and as one of two ways in another item."""

from typing import NamedTuple, Optional

import pytest

from kernun_common.configuration.schema import Section, item, section
from kernun_common.configuration.types import Sock
from kernun_common.redis_store.section import REDIS, Redis
from kernun_common.tls.section import SslParams
from tests.support.one_section import complaint, read


class Store(NamedTuple):
    path: Optional[str] = None
    sock: Optional[Sock] = None
    user: Optional[str] = None
    password_file: Optional[str] = None
    ssl_params: Optional[SslParams] = None
    prefix: Optional[str] = None


@section("keeper", "Something that keeps something.")
class Keeper(Section):
    redis: Optional[Redis] = item(REDIS, into=Redis, text="There.")
    store: Optional[Store] = item(f"<path> path | redis {REDIS}", into=Store, text="Or here.")


def written(body):
    return f"ssl-params T {{ verify none; }} keeper {{ {body} }}"


def keeper(body):
    return read(written(body), SslParams, Keeper)


def test_the_item():
    whole = 'r.example : 6379 user u password-file "pw" ssl-params T prefix "a:"'
    for redis in (keeper(f"redis {whole};").redis, keeper(f"store redis {whole};").store):
        assert str(redis.sock) == "r.example : 6379"
        assert (redis.user, redis.password_file, redis.prefix) == ("u", "/etc/pw", "a:")
        assert redis.ssl_params.name == "T"
    assert keeper("redis [192.0.2.1] : 1 prefix x;").redis[1:] == (None, None, None, "x")
    assert keeper("store logins;").store == Store("/etc/logins")


@pytest.mark.parametrize(
    "body, words",
    [("redis here;", "expected host : port"), ("redis [192.0.2.1] : 1 ssl-params U;", "`U`")],
)
def test_errors(body, words):
    assert words in complaint(written(body), SslParams, Keeper)
