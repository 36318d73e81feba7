"""exporter - what a proxy answers over HTTP: its page, its metrics, its health.

    exporter = Exporter(look, interval)
    response = exporter.answer(request)

    /           the page; its form asks by the query
    /metrics    for Prometheus, in its text format
    /healthz    200 while the proxy serves, 503 from the moment on when it is to end

`look()` is called for each answer, so that it tells how things are now.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Callable, Dict, Iterator, Mapping, NamedTuple, Tuple

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from .board import Key, Tally
from .columns import columns
from .http_message import HTML, PLAIN, Request, Response
from .page import page
from .status import Status
from .style import POLICY
from .view import PAGE, View


@dataclass(frozen=True)
class Sight:
    """What `look` sees."""

    status: Status
    tally: Tally


class Counted(NamedTuple):
    """A counter: the first word of its keys, what it is called, what the other words are."""

    word: str
    name: str
    help: str
    labels: Tuple[str, ...]


COUNTERS = (
    Counted("sessions", "sessions", "Sessions that have ended, by their result.", ("result",)),
    Counted("commands", "commands", "IMAP commands that were sent to servers.", ()),
    Counted(
        "octets",
        "transferred_bytes",
        "Octets inside TLS, from and to clients and servers.",
        ("direction", "peer"),
    ),
    Counted("acls", "acl_selections", "ACLs selected, by layer and name.", ("layer", "acl")),
    Counted(
        "messages",
        "log_messages",
        "Warnings and graver messages that were logged, by identification.",
        ("id", "severity"),
    ),
)


class Exporter:
    """See the file's first lines."""

    def __init__(self, look: Callable[[], Sight], interval: float) -> None:
        self._look = look
        self._interval = interval
        self._view = View(columns(PAGE))
        self._pages: Mapping[str, Callable[[Request], Response]] = {
            "/": self._page,
            "/metrics": self._metrics,
            "/healthz": self._health,
        }

    def answer(self, request: Request) -> Response:
        make = self._pages.get(request.path)
        return Response(HTTPStatus.NOT_FOUND) if make is None else make(request)

    def _page(self, request: Request) -> Response:
        status = self._look().status
        view = self._view.asked(request.query)
        text = page((status,), view, status.at, self._interval, form=True)
        policy = f"Content-Security-Policy: {POLICY}\r\nReferrer-Policy: no-referrer\r\n"
        return Response(HTTPStatus.OK, HTML, text, policy)

    def _metrics(self, request: Request) -> Response:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Seen(self._look()))
        text = generate_latest(registry).decode("utf-8")
        return Response(HTTPStatus.OK, CONTENT_TYPE_LATEST, text)

    def _health(self, request: Request) -> Response:
        if self._look().status.ending:
            return Response(HTTPStatus.SERVICE_UNAVAILABLE, PLAIN, "ending\n")
        return Response(HTTPStatus.OK, PLAIN, "serving\n")


class _Seen(Collector):
    """What is seen, as Prometheus' library wants it."""

    def __init__(self, sight: Sight) -> None:
        self._status = sight.status
        self._tally = sight.tally
        self._prefix = sight.status.program.replace("-", "_")

    def collect(self) -> Iterator[Metric]:
        status = self._status
        info = InfoMetricFamily(self._name(), "The proxy that this is.")
        info.add_metric((), {"name": status.name})
        yield info
        yield self._gauge("start_time_seconds", "When the proxy was started.", status.started)
        yield self._gauge("ending", "1 from the moment on when it is to end.", status.ending)
        yield self._gauge("active_sessions", "Sessions that are open.", len(status.sessions))
        children = GaugeMetricFamily(
            self._name("children"), "Children by their states.", labels=("state",)
        )
        for state, count in status.children.items():
            children.add_metric((state,), count)
        yield children
        yield from self._counters()

    def _name(self, *words: str) -> str:
        return "_".join((self._prefix, *words))

    def _gauge(self, name: str, help: str, value: float) -> Metric:
        return GaugeMetricFamily(self._name(name), help, value=value)

    def _counters(self) -> Iterator[Metric]:
        values: Dict[str, Dict[Key, int]] = defaultdict(dict)
        for (word, *labels), value in self._tally.items():
            values[word][tuple(labels)] = value
        for counted in COUNTERS:
            family = CounterMetricFamily(
                self._name(counted.name), counted.help, labels=counted.labels
            )
            for label_values, value in values[counted.word].items():
                family.add_metric(label_values, value)
            yield family
