"""A soak of any length: python -m tests.soak --seconds 3600

Needs what the system tests need: root, dovecot, clamd, spamd.  Ends with status 1 where anything
has grown, was lost, or was not what it should have been.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.engines import Clamd, Spamd

from .run import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, Clamd() as clamd, Spamd() as spamd:
        outcome = run(Path(folder), clamd, spamd, options.seconds)
    print(outcome.table)
    for fault in outcome.faults:
        print(f"FAULT: {fault}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
