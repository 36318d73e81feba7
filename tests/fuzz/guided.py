"""guided - one target under atheris, which changes octets by what they reach in our code.

    python -m tests.fuzz.guided NAME CORPUS FAULTS SECONDS RUNS

A process of its own: libFuzzer ends it.  Each fault (by its place, target.py) is written once to
FAULTS, and the run goes on.  Nothing of the project may be imported before it is instrumented.
"""

from __future__ import annotations

import sys
from hashlib import sha1
from pathlib import Path
from typing import Set

import atheris


def main(name: str, corpus: Path, faults: Path, seconds: int, runs: int) -> None:
    with atheris.instrument_imports(include=["imap4proxy", "kernun_common"]):
        from .target import run
        from .targets import TARGETS
    target = TARGETS[name]
    for octets in target.seeds():
        (corpus / sha1(octets).hexdigest()).write_bytes(octets)
    words = corpus.with_suffix(".words")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words))
    known: Set[str] = set()

    def one(octets: bytes) -> None:
        fault = run(target, octets)
        if fault is not None and fault.place not in known:
            known.add(fault.place)
            path = faults / sha1(octets).hexdigest()[:12]
            path.write_bytes(octets)
            path.with_suffix(".txt").write_text(f"{fault.place}\n{octets!r}\n{fault.words}")
            print(f"FAULT {path} {fault.place}", file=sys.stderr, flush=True)

    options = [
        f"-max_total_time={seconds}", f"-runs={runs}", f"-max_len={target.longest}",
        f"-dict={words}", "-print_final_stats=1", "-timeout=300", "-rss_limit_mb=4096",
        "-use_value_profile=1", f"-artifact_prefix={faults}/",
    ]  # fmt: skip
    atheris.Setup(["fuzz", *options, str(corpus)], one)
    atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{octet:02x}" for octet in word)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
