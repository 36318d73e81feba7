"""cache: it never fails, says why it does nothing, and rests then."""

import pytest

from kernun_common.errors import ConfigurationError
from kernun_common.redis_store.section import Redis
from kernun_common.verdict_cache import cache as caching
from kernun_common.verdict_cache.cache import Cache
from kernun_common.verdict_cache.section import VerdictCache
from tests.support.checking import at
from tests.support.lines import Lines
from tests.support.ports import free_ports


@pytest.fixture
def out():
    return Lines()


def test_a_file(tmp_path, out):
    cache = Cache(VerdictCache(path=str(tmp_path / "verdicts")), out.log)
    assert cache.get(b"key", {}) is None
    cache.put(b"key", b"free", {})
    assert (cache.get(b"key", {}), out.lines) == (b"free", [])


def test_redis(redis_server, out):
    place = Redis(at(redis_server.port), prefix="test_cache:")
    cache = Cache(VerdictCache(redis=place), out.log)
    assert cache.get(b"key", {}) is None
    cache.put(b"key", b"free", {})
    assert (cache.get(b"key", {}), out.lines) == (b"free", [])


def test_broken(tmp_path, out, monkeypatch):
    path = tmp_path / "no" / "verdicts"
    cache = Cache(VerdictCache(path=str(path)), out.log)
    for _ in range(3):
        assert cache.get(b"key", {}) is None
        cache.put(b"key", b"free", {})
    [line] = out.lines  # once, and then it rests
    assert line.startswith("MAVC-820-W VERDICT-CACHE-FAILED REASON=") and str(path) in line
    path.parent.mkdir()
    cache.put(b"key", b"free", {})
    assert not path.exists()
    monkeypatch.setattr(caching, "REST", -1.0)
    cache = Cache(VerdictCache(path=str(tmp_path / "other" / "verdicts")), out.log)
    assert cache.get(b"key", {}) is None
    (tmp_path / "other").mkdir()
    cache.put(b"key", b"free", {})
    assert cache.get(b"key", {}) == b"free"


def test_a_redis_that_is_not_there(out):
    cache = Cache(VerdictCache(redis=Redis(at(free_ports(1)[0]))), out.log)
    assert cache.get(b"key", {}) is None
    assert len(out.lines) == 1


def test_below_the_childrens_root(tmp_path, out):
    jail = tmp_path / "jail"
    jail.mkdir()
    cache = Cache(VerdictCache(path=str(jail / "verdicts")), out.log, str(jail))
    assert cache._kept._file._path == "/verdicts"
    with pytest.raises(ConfigurationError) as error:
        Cache(VerdictCache(path=str(tmp_path / "verdicts")), out.log, str(jail))
    assert "is not below chroot-dir" in error.value.text
