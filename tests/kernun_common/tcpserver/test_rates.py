"""rates: connections as rows of time and client, and what becomes of each."""

from ipaddress import ip_address

import pytest

from kernun_common.tcpserver.rates import Rates, Verdict

A, B, C = map(ip_address, ("192.0.2.1", "192.0.2.2", "2001:db8::3"))
YES, NOW, NO = Verdict.ADMITTED, Verdict.DENIED_NOW, Verdict.DENIED


def run(rates, steps):
    found = []
    for now, client in steps:
        found.append(rates.judge(client, now))
        if found[-1] is YES:
            rates.count(now)
    return found


PER_CLIENT = [
    # seconds and clients, verdicts for a rate of 2
    ([(0.0, A), (0.5, A)], [YES, YES]),
    ([(0.0, A), (0.1, A), (0.2, A)], [YES, YES, NOW]),
    ([(0.0, A)] * 5, [YES, YES, NOW, NO, NO]),
    ([(0.0, A)] * 3 + [(0.9, A), (1.0, A), (1.9, A), (2.0, A)], [YES, YES, NOW, NO, NO, NO, YES]),
    ([(0.0, A)] * 3 + [(0.1, B), (1.1, B), (1.2, C)], [YES, YES, NOW, YES, YES, YES]),
    ([(0.9, A), (0.9, A), (1.0, A), (1.0, A)], [YES, YES, YES, YES]),
    ([(0.0, A)] * 3 + [(2.0, A)] * 3, [YES, YES, NOW, YES, YES, NOW]),
    ([(0.0, A)] * 3 + [(9.0, A)], [YES, YES, NOW, YES]),
]


@pytest.mark.parametrize("steps, verdicts", PER_CLIENT)
def test_per_client(steps, verdicts):
    assert run(Rates(0, 2, 100), steps) == verdicts


def test_no_limits():
    rates = Rates(0, 0, 1)
    assert set(run(rates, [(0.0, A)] * 1000)) == {YES} and rates.wait(0.0) == 0.0


def test_those_seen_last_are_known():
    rates = Rates(0, 1, 2)
    assert run(rates, [(0.0, A), (0.0, A), (0.0, B), (0.0, A)]) == [YES, NOW, YES, NO]
    assert run(rates, [(0.0, C), (0.0, A), (0.0, B)]) == [YES, NO, YES]  # B was forgotten


TOTAL = [
    # seconds at which a connection is served, then: now, seconds to wait, for a rate of 3
    ([], 0.0, 0.0),
    ([0.0, 0.1], 0.2, 0.0),
    ([0.0, 0.1, 0.2], 0.25, 0.75),
    ([0.0, 0.1, 0.2], 1.0, 0.0),
    ([0.0, 0.9, 1.0, 1.1], 1.2, 0.0),
    ([5.0] * 3, 5.5, 0.5),
]


@pytest.mark.parametrize("served, now, wait", TOTAL)
def test_total(served, now, wait):
    rates = Rates(3, 0, 1)
    for second in served:
        assert rates.wait(second) == 0.0
        rates.count(second)
    assert rates.wait(now) == pytest.approx(wait)


def test_denied_ones_do_not_count_for_the_total():
    rates = Rates(3, 1, 10)
    run(rates, [(0.0, A)] * 100 + [(0.0, B)])
    assert rates.wait(0.0) == 0.0
    run(rates, [(0.0, C)])
    assert rates.wait(0.0) == 1.0
