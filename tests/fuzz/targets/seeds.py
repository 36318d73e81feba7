"""seeds - octets to begin with, from what the tests have already.

    of_client(), of_server()     all that arrives in a transcript, and in the wire cases
"""

from __future__ import annotations

from functools import lru_cache
from typing import List

from kernun_common.errors import Side
from tests.support import client_cases, server_cases
from tests.support.rehearsal import TRANSCRIPTS
from tests.support.transcript import Octets, read

LONGEST = 2000  # octets of a seed


def _of_transcripts(side: Side) -> List[bytes]:
    found = []
    for path in sorted(TRANSCRIPTS.rglob("*.txt")):
        stimuli = [stimulus for turn in read(path).turns for stimulus in turn.stimuli]
        octets = [one.octets for one in stimuli if isinstance(one, Octets) and one.side is side]
        found.append(b"".join(octets))
    return found


def short(seeds: List[bytes]) -> List[bytes]:
    """Those that are not long, each once, in their order."""
    return [octets for octets in dict.fromkeys(seeds) if 0 < len(octets) <= LONGEST]


@lru_cache(maxsize=1)
def of_client() -> List[bytes]:
    return short([*_of_transcripts(Side.CLIENT), *(case.sent for case in client_cases.CASES)])


@lru_cache(maxsize=1)
def of_server() -> List[bytes]:
    said = [octets for case in server_cases.CASES for _, octets in case.talk]
    return short([*_of_transcripts(Side.SERVER), *said])
