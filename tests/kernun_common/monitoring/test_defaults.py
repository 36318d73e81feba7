"""The section and the program go by the same, and the program needs no configuration for it."""

import subprocess
import sys

import pytest

from kernun_common.monitoring import monitor
from kernun_common.monitoring.defaults import COMM_DIR, LONGEST, SHORTEST
from tests.support.configurations import errors_in, proxy

SECONDS = [(SHORTEST - 1, False), (SHORTEST, True), (LONGEST, True), (LONGEST + 1, False)]


@pytest.mark.parametrize("seconds, good", SECONDS)
def test_bounds(tmp_path, capsys, seconds, good):
    assert (errors_in(f"monitoring {{ interval {seconds}; }}") == []) is good
    parse = monitor._parser().parse_args
    if good:
        assert parse(["-r", str(seconds)]).r == seconds
    else:
        with pytest.raises(SystemExit):
            parse(["-r", str(seconds)])


def test_folder():
    assert proxy("").monitoring.comm_dir == COMM_DIR == monitor._parser().parse_args([]).d


def test_the_program_does_not_load_the_language():
    script = (
        "import sys, kernun_common.monitoring.monitor\n"
        "print([name for name in sys.modules if name == 'lark' or name.endswith('.schema')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
