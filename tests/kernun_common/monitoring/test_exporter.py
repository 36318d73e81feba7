"""exporter: the page, the metrics as Prometheus' own reader understands them, the health."""

from collections import Counter
from dataclasses import replace
from http import HTTPStatus

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kernun_common.monitoring.exporter import COUNTERS, Exporter, Sight
from kernun_common.monitoring.http_message import Request
from kernun_common.monitoring.record import Live
from kernun_common.monitoring.style import POLICY
from tests.support.sightings import NOW, session, status

STATUS = status(
    session(7, user="alice", live=Live(0, 5)),
    session(8, user="bob", live=Live(0, 9)),
    children={"idle": 3, "busy": 2},
)
TALLY = Counter(
    {
        ("sessions", "ACCEPTED"): 10,
        ("sessions", "REJECTED"): 0,
        ("octets", "from", "client"): 5 << 40,
        ("octets", "to", "client"): 7,
        ("commands",): 99,
        ("acls", "session-acl", 'ST"A\\F\nF'): 4,
        ("messages", "TCPS-640", "E"): 1,
    }
)


def answer(target, sight=Sight(STATUS, TALLY), interval=5.0):
    path, _, query = target.partition("?")
    return Exporter(lambda: sight, interval).answer(Request("GET", path, query))


def samples():
    response = answer("/metrics")
    assert response.status is HTTPStatus.OK and response.kind.startswith("text/plain; version=")
    families = list(text_string_to_metric_families(response.body))
    assert all(family.documentation.endswith(".") for family in families)
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics():
    assert samples() == {
        ("imap4_proxy_info", "MAIL"): 1,
        ("imap4_proxy_start_time_seconds",): NOW - 90,
        ("imap4_proxy_ending",): 0,
        ("imap4_proxy_active_sessions",): 2,
        ("imap4_proxy_children", "idle"): 3,
        ("imap4_proxy_children", "busy"): 2,
        ("imap4_proxy_sessions_total", "ACCEPTED"): 10,
        ("imap4_proxy_sessions_total", "REJECTED"): 0,
        ("imap4_proxy_commands_total",): 99,
        # labels in the order of their names: acl, layer; direction, peer; id, severity
        ("imap4_proxy_transferred_bytes_total", "from", "client"): 5 << 40,
        ("imap4_proxy_transferred_bytes_total", "to", "client"): 7,
        ("imap4_proxy_acl_selections_total", 'ST"A\\F\nF', "session-acl"): 4,
        ("imap4_proxy_log_messages_total", "TCPS-640", "E"): 1,
    }


def test_every_counter_has_a_name_of_its_own():
    assert len({counted.name for counted in COUNTERS}) == len(COUNTERS)
    assert {key[0] for key in TALLY} == {counted.word for counted in COUNTERS}


HEALTH = [(False, HTTPStatus.OK, "serving\n"), (True, HTTPStatus.SERVICE_UNAVAILABLE, "ending\n")]


@pytest.mark.parametrize("ending, code, body", HEALTH)
def test_health(ending, code, body):
    response = answer("/healthz", Sight(replace(STATUS, ending=ending), TALLY))
    assert (response.status, response.body) == (code, body)


def test_the_page():
    response = answer("/", interval=7.0)
    assert response.status is HTTPStatus.OK and response.kind == "text/html; charset=utf-8"
    assert '<meta http-equiv="refresh" content="7">' in response.body and "<form>" in response.body
    assert f"Content-Security-Policy: {POLICY}\r\n" in response.headers


def test_the_page_does_as_the_form_asks():
    body = answer("/?s=in&c=user&t=1&T=in").body
    assert ">bob</td>" in body and ">alice</td>" not in body
    assert answer("/?s=<script>").body == answer("/").body


@pytest.mark.parametrize("target", ["/metrics/", "/favicon.ico", "//", "/healthz2", "/?/metrics"])
def test_other_places(target):
    found = answer(target)
    assert (found.status is HTTPStatus.NOT_FOUND) is not target.startswith("/?")
