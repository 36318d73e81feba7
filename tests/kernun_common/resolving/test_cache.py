import pytest

from kernun_common.resolving.cache import Cache


@pytest.mark.parametrize("now, expected", [(0, 1), (9.9, 1), (10, None), (11, None)])
def test_an_answer_is_good_until_its_time(now, expected):
    cache = Cache(2)
    cache.put("a", 1, 10)
    assert cache.get("a", now) == expected
    assert cache.get("b", now) is None


def test_the_answer_that_has_stood_longest_makes_room():
    cache = Cache(2)
    for name in ("a", "b", "a", "c"):
        cache.put(name, name, 10)
    assert [cache.get(name, 0) for name in "abc"] == ["a", None, "c"]


def test_no_room_at_all():
    cache = Cache(0)
    cache.put("a", 1, 10)
    assert cache.get("a", 0) is None
