"""Whole sessions: every transcript, whole, at every cut and octet by octet."""

from __future__ import annotations

from pathlib import Path
from typing import Collection, Iterator

import pytest

from tests.support.rehearsal import faults
from tests.support.transcript import Transcript, read

FILES = sorted((Path(__file__).parents[2] / "transcripts").glob("*.txt"))


def all_cuts(transcript: Transcript) -> Iterator[Collection[int]]:
    """The places where segments end: nowhere, at each place, everywhere."""
    yield ()
    if "uncut" not in transcript.head:
        places = range(1, transcript.octets)
        yield from ((place,) for place in places)
        yield places


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_transcript(path: Path) -> None:
    transcript = read(path)
    for cuts in all_cuts(transcript):
        for fault in faults(transcript, cuts):
            pytest.fail(f"{fault}\n(cut at {cuts})", pytrace=False)
