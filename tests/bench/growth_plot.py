"""growth_plot - small pictures beside each other, one for each figure that grows.

    draw([("CPU s/GB", "sessions", {"nginx": [(10, 1.2), (100, 1.3)]}), ...], Path("growth.svg"))

Both axes are logarithmic: a figure of 0 is off the picture.  Needs matplotlib, the extra `bench`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Sequence

Curves = dict[str, list[tuple[int, float]]]  # by target: how much there was, the figure
Panel = tuple[str, str, Curves]  # what is on the vertical axis, on the horizontal one
_COLUMNS = 3
_MARKS = "osD^v"


def draw(panels: Sequence[Panel], path: Path) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    pyplot.rcParams["svg.fonttype"] = "none"  # text stays text, and the file small
    rows = -(-len(panels) // _COLUMNS)
    figure, grid = pyplot.subplots(rows, _COLUMNS, figsize=(10, 3 * rows), squeeze=False)
    places = list(grid.flat)
    for place, panel in zip(places, panels):
        _panel(place, *panel)
    for place in places[len(panels):]:
        place.axis("off")
    handles, names = places[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="lower center", ncols=len(names), frameon=False)
    figure.tight_layout(rect=(0, 0.3 / rows / 3, 1, 1))
    figure.savefig(path, dpi=80)
    pyplot.close(figure)


def _panel(place: Any, vertical: str, horizontal: str, curves: Curves) -> None:
    from matplotlib import ticker

    for mark, (target, points) in zip(_MARKS, curves.items()):
        place.plot(*zip(*points), marker=mark, label=target)
    place.set(xscale="log", yscale="log", xlabel=horizontal, title=vertical)
    numbers = sorted({number for points in curves.values() for number, _ in points})
    place.set_xticks(numbers, [f"{number:,}" for number in numbers])
    place.set_xticks([], minor=True)
    place.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    place.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: f"{value:,g}"))
    place.yaxis.set_minor_locator(ticker.NullLocator())
    place.grid(alpha=0.3)
