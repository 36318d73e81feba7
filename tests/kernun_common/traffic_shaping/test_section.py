"""section: what a queue must say, and which queues a configuration uses."""

import pytest

from kernun_common.configuration.loader import load
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section, parts, section
from kernun_common.traffic_shaping.section import Queue, WithAltq, queues_of, shaped

TAG = "TEST-1_0-RELEASE"


@section("rule", "One of several.", named=True)
class Rule(WithAltq, Section):
    pass


@section("app", "A proxy.", named=True)
class App(Section):
    rule: tuple = parts(Rule, text="Rules.")


def loaded(tmp_path, text):
    path = tmp_path / "test.cfg"
    path.write_text(f"version {TAG};\n{text}")
    return load(str(path), (Queue, App), TAG).members


GOOD = [
    # items, bandwidth, ceiling, per-session, devices, priority, parent
    ("bandwidth 10M; dev { eth0 };", 10**7, None, None, ("eth0",), 0, None),
    ("per-session 512K;", None, None, 512000, (), 0, None),
    ('bandwidth 1M; ceiling 2M; per-session 1K; dev { a, b.1 }; priority 7; parent "1:1f";',
     10**6, 2 * 10**6, 1000, ("a", "b.1"), 7, "1:1f"),
]  # fmt: skip


@pytest.mark.parametrize("items, bandwidth, ceiling, single, devices, priority, parent", GOOD)
def test_good(tmp_path, items, bandwidth, ceiling, single, devices, priority, parent):
    [queue] = loaded(tmp_path, f"queue Q {{ {items} }}")
    assert (queue.bandwidth, queue.ceiling, queue.per_session) == (bandwidth, ceiling, single)
    assert (queue.devices, queue.priority, queue.parent) == (devices, priority, parent)


BAD = [
    ("priority 1;", "queue Q needs bandwidth or per-session"),
    ("bandwidth 1M;", "needs dev"),
    ("bandwidth 1M; dev { };", "needs dev"),
    ("bandwidth 1M; ceiling 500K; dev { a };", "must not be less than bandwidth"),
    ("bandwidth 999; dev { a };", "must be at least 1K"),
    ("per-session 0;", "must be at least 1K"),
    ("bandwidth 1M; dev { eth* };", "must name devices, without patterns"),
    ("bandwidth 1M; dev ! { eth0 };", "must name devices, without patterns"),
    ('bandwidth 1M; dev { "a b" };', "must name devices, without patterns"),
    ("bandwidth 1M; dev { a }; priority 8;", "must be from 0 to 7"),
    ('bandwidth 1M; dev { a }; parent "1:x";', "must be the number of a class"),
    *((f"per-session 1M; {item};", "is of no use without bandwidth")
      for item in ("ceiling 2M", "dev { a }", "priority 1", 'parent "1:"')),
]  # fmt: skip


@pytest.mark.parametrize("items, words", BAD)
def test_bad(tmp_path, items, words):
    with pytest.raises(ConfigurationErrors) as caught:
        loaded(tmp_path, f"queue Q {{ {items} }}")
    assert any(words in error.text for error in caught.value)


def test_which_are_used(tmp_path):
    text = """
    queue A { bandwidth 1M; dev { a }; }
    queue B { per-session 1M; }
    queue C { bandwidth 1M; dev { a }; }
    app P {
        rule ONE { altq to-client A; }
        rule TWO { altq to-client B to-server A; }
    }
    """
    app = loaded(tmp_path, text)[-1]
    assert [queue.name for queue in queues_of(app)] == ["A", "B"]
    assert [queue.name for queue in shaped(app)] == ["A"]


def test_altq_names_some_queue(tmp_path):
    with pytest.raises(ConfigurationErrors):
        loaded(tmp_path, "app P { rule ONE { altq; } }")
