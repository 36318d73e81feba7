"""Marks are in their range and stay the same; what is installed is what is removed."""

from kernun_common.transparency.routing import install_commands, mark_of, remove_commands

RULE = "pref 143 fwmark 0x494d0001 lookup 1229783041"
ROUTE = "local default dev lo table 1229783041"


def test_commands():
    assert install_commands(0x494D0001) == f"route replace {ROUTE}\nrule add {RULE}\n"
    assert remove_commands(0x494D0001) == f"rule del {RULE}\nroute del {ROUTE}\n"


def test_marks():
    marks = {mark_of(f"imap4-proxy-{number}") for number in range(20)}
    assert len(marks) == 20 and all(mark >> 16 == 0x494D for mark in marks)
    assert mark_of("imap4-proxy-MAIL") == mark_of("imap4-proxy-MAIL")
