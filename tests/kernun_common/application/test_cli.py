"""cli: what is taken, what is refused, and with which status."""

import os

import pytest

from kernun_common.application.cli import Options, parse

GOOD = [
    (["-f", "/etc/x.cfg"], Options("/etc/x.cfg", 6)),
    (["-f/etc/x.cfg", "-d", "9"], Options("/etc/x.cfg", 9)),
    (["-d3", "-f", "x.cfg"], Options(os.path.abspath("x.cfg"), 3)),
]


@pytest.mark.parametrize("argv, options", GOOD)
def test_good(argv, options):
    assert parse("imap4-proxy", "TAG", argv) == options


ENDS = [
    # arguments, status, a word of standard output, one of standard error
    (["-h"], 0, "usage: imap4-proxy [-h] [-v] [-d dbglev] -f cfgfile", ""),
    (["-v"], 0, "TAG\n", ""),
    (["-hv"], 0, "usage", ""),
    (["-vh"], 0, "TAG\n", ""),
    ([], 2, "", "-f"),
    (["-f"], 2, "", "-f"),
    (["-f", "x", "y"], 2, "", "y"),
    (["-d", "2", "-f", "x"], 2, "", "-d"),
    (["-d", "10", "-f", "x"], 2, "", "-d"),
    (["-d", "many", "-f", "x"], 2, "", "-d"),
    (["-x", "-f", "x"], 2, "", "-x"),
    (["--help", "-f", "x"], 2, "", "--help"),
]


@pytest.mark.parametrize("argv, status, out, err", ENDS)
def test_ends(capsys, argv, status, out, err):
    with pytest.raises(SystemExit) as caught:
        parse("imap4-proxy", "TAG", argv)
    assert caught.value.code == status
    captured = capsys.readouterr()
    assert out in captured.out and err in captured.err
    assert bool(out) == bool(captured.out) and bool(err) == bool(captured.err)
