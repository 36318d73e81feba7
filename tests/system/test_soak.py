"""Clients of all manners at once for a while: nothing grows, nothing is lost, nothing is left.

The same for an hour is `tox -e soak`; see tests/soak.  `pytest -s` prints the table.
"""

from __future__ import annotations

from tests.soak.run import run

SECONDS = 65


def test_soak(tmp_path, clamd, spamd):
    outcome = run(tmp_path, clamd, spamd, SECONDS)
    print(f"\n{outcome.table}")
    assert not outcome.faults
