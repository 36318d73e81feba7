"""Every target: its seeds, what was once at fault, some thousand mutations, and that it is linear.

More of the same, led by coverage: README.md.
"""

from __future__ import annotations

from random import Random
from typing import Iterator

import pytest

from .growth import Unit, steep
from .mutation import mutated
from .target import REGRESSIONS, regressions, run
from .targets import TARGETS

every_target = pytest.mark.parametrize("name", TARGETS)


def check(name: str, octets: bytes) -> None:
    fault = run(TARGETS[name], octets)
    assert fault is None, f"{octets!r}\n{fault.words}"


@every_target
def test_seeds(name: str) -> None:
    for octets in TARGETS[name].seeds():
        check(name, octets)


@every_target
def test_regressions(name: str) -> None:
    for path in regressions(name):
        check(name, path.read_bytes())


def test_regressions_are_of_targets() -> None:
    assert {path.name for path in REGRESSIONS.iterdir()} <= set(TARGETS)


@every_target
def test_mutations(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    for number in range(target.rounds):
        octets = mutated(Random(f"{name} {number}"), seeds, target.words)
        check(name, octets[:target.longest])


def units(name: str) -> Iterator[Unit]:
    """Each word again and again, alone and where a seed was cut."""
    target = TARGETS[name]
    chance = Random(name)
    for word in target.words:
        yield Unit(b"", word, b"")
        seed = chance.choice(target.seeds())
        at = chance.randrange(len(seed) + 1)
        yield Unit(seed[:at], word, seed[at:])


@every_target
def test_work_is_linear(name: str) -> None:
    target = TARGETS[name]
    found = steep(target.work or target.check, units(name), target.grown)
    assert found is None, f"{name}: {found}"
