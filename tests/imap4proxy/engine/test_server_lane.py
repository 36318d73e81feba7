"""Octets of a server that break other proxies: whole, at every cut and octet by octet."""

from __future__ import annotations

from typing import Callable, Iterator, Sequence

import pytest

from kernun_common.errors import Side
from tests.support import fetch_cases
from tests.support.cuts import every_cut
from tests.support.rehearsal import transcripts
from tests.support.server_cases import CASES, Case, without_progress
from tests.support.stage import ACCEPTING, CONNECTED, Stage, configured

test_transcript = transcripts("server_lane")

SLOW_PARTS = (1 << 21, 16384, 1460, 997)  # octets of a segment, where the octets are many
POLICY = {True: "server-ssl-params OUT command;", False: ""}

Cut = Callable[[bytes], Sequence[bytes]]


def cuts(case: Case) -> Iterator[Cut]:
    """Ways to cut the octets of a turn."""
    yield lambda octets: [octets]
    if case.slow:
        for size in SLOW_PARTS:
            yield lambda octets: [octets[at:at + size] for at in range(0, len(octets), size)]
    elif not case.whole:
        longest = max(len(answer) for _, answer in case.talk)
        for at in range(1, longest):
            yield lambda octets: [part for part in (octets[:at], octets[at:]) if part]
        yield lambda octets: list(every_cut(octets))[-1]


def play(case: Case, cut: Cut, mail: str = "") -> Stage:
    stage = Stage(configured(command_acl=POLICY[case.starttls], mail=mail))
    stage.happen(CONNECTED)
    for command, answer in case.talk:
        if command:
            stage.arrive(Side.CLIENT, command)
        for part in cut(answer):
            stage.arrive(Side.SERVER, part)
    return stage


@pytest.mark.parametrize("case", CASES, ids=str)
def test_server(case: Case) -> None:
    for cut in cuts(case):
        stage = play(case, cut)
        assert bytes(stage.sent[Side.CLIENT]) == case.gets
        check_end(stage, case)


def check_end(stage: Stage, case: Case) -> None:
    """It is there, or the next command works."""
    assert stage.over is case.ends
    if not case.ends:
        stage.sent[Side.SERVER].clear()
        stage.arrive(Side.CLIENT, b"zz NOOP\r\n")
        assert stage.sent[Side.SERVER].endswith(b" NOOP\r\n")


@pytest.mark.parametrize("case", [case for case in CASES if not case.streaming], ids=str)
def test_server_where_mails_are_scanned(case: Case) -> None:
    whole, *other = cuts(case)
    for cut in (whole, *other[-1:]):
        stage = play(case, cut, ACCEPTING)
        assert without_progress(bytes(stage.sent[Side.CLIENT])) == case.scanned
        check_end(stage, case)


@pytest.mark.parametrize("case", fetch_cases.CASES, ids=str)
def test_fetch_of_scanned_mails(case: Case) -> None:
    for cut in cuts(case):
        stage = play(case, cut, ACCEPTING)
        assert without_progress(bytes(stage.sent[Side.CLIENT])) == case.gets
        check_end(stage, case)
