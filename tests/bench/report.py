"""report - what the passes came to: medians, spread, and ratios to each peer.

    results = Results(); results.add("plain", "nginx", sample); ...
    print(table(results)); json.dumps(document(results))

A ratio is taken within each pass, where both targets met the machine in the
same mood, and the median of the passes is shown; below 1 the first is smaller.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass
from typing import Any, Iterator, NamedTuple, Sequence

from .load import Sample
from .tables import aligned, cell
from .tables import ratios as quotients


class Metric(NamedTuple):
    """A column: a field of Sample, its heading, and the factor to the unit that is shown."""

    field: str
    heading: str
    factor: float
    digits: int


METRICS = (
    Metric("cpu_per_gigabyte", "CPU s/GB", 1, 2),
    Metric("fetched_per_second", "MB/s", 1e-6, 0),
    Metric("sessions_per_second", "sessions/s", 1, 0),
    Metric("cpu_per_session", "CPU ms/session", 1e3, 2),
    Metric("noop", "NOOP us", 1e6, 0),
    Metric("memory_per_idle_session", "KiB/idle session", 1 / 1024, 0),
    Metric("private_of_a_child", "KiB private", 1 / 1024, 0),
    Metric("start_up", "start-up ms", 1e3, 0),
)


class Row(NamedTuple):
    """Samples of one target in one mode, or the ratios of two targets."""

    mode: str
    name: str
    values: Sequence[Sequence[float]]  # by metric, by pass


@dataclass(frozen=True)
class Results:
    """Samples by mode and target, in the order of the passes."""

    samples: dict[tuple[str, str], list[Sample]]

    def add(self, mode: str, target: str, sample: Sample) -> None:
        self.samples.setdefault((mode, target), []).append(sample)

    def rows(self) -> Iterator[Row]:
        """What was measured, in the units of METRICS."""
        for (mode, target), samples in self.samples.items():
            yield Row(mode, target, [_values(metric, samples) for metric in METRICS])

    def ratios(self) -> Iterator[Row]:
        """The first target of each mode to each of the others."""
        first: dict[str, Row] = {}
        for row in self.rows():
            ours = first.setdefault(row.mode, row)
            if ours is not row:
                values = [quotients(*pair) for pair in zip(ours.values, row.values)]
                yield Row(row.mode, f"{ours.name} / {row.name}", values)


def _values(metric: Metric, samples: Sequence[Sample]) -> list[float]:
    return [getattr(sample, metric.field) * metric.factor for sample in samples]


def table(results: Results) -> str:
    """Two tables as text: the measures, then the ratios; median and [lowest - highest]."""
    measures = [_cells(row, [metric.digits for metric in METRICS]) for row in results.rows()]
    ratios = [_cells(row, [2] * len(METRICS)) for row in results.ratios()]
    head = ["mode", "target", *(metric.heading for metric in METRICS)]
    return "\n\n".join(aligned([head, *rows]) for rows in (measures, ratios) if rows)


def _cells(row: Row, digits: Sequence[int]) -> list[str]:
    return [row.mode, row.name, *map(cell, row.values, digits)]


def document(results: Results) -> dict[str, Any]:
    """Everything as JSON can hold it: each sample, in seconds and octets, and the ratios."""
    fields = [metric.field for metric in METRICS]
    return {
        "samples": [
            {"mode": mode, "target": target, "pass": number, **_known(asdict(sample))}
            for (mode, target), samples in results.samples.items()
            for number, sample in enumerate(samples, 1)
        ],
        "ratios": [
            {"mode": row.mode, "targets": row.name}
            | _known(dict(zip(fields, map(statistics.median, row.values))))
            for row in results.ratios()
        ],
    }


def _known(values: dict[str, float]) -> dict[str, float | None]:
    """JSON has no NaN."""
    return {name: None if math.isnan(value) else value for name, value in values.items()}
