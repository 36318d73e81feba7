"""title: what is shown, and that the system is asked only for a change."""

import pytest

from kernun_common.tcpserver import title

CASES = [
    # name, texts, titles set
    ("MAIL", ["parent, 1 children"], ["imap4-proxy MAIL: parent, 1 children"]),
    ("", ["child: idle"], ["imap4-proxy: child: idle"]),
    ("A", ["x", "x", "y", "x"], ["imap4-proxy A: x", "imap4-proxy A: y", "imap4-proxy A: x"]),
]


@pytest.mark.parametrize("name, texts, titles", CASES)
def test_titles(monkeypatch, name, texts, titles):
    shown = []
    monkeypatch.setattr(title, "setproctitle", shown.append)
    one = title.Title("imap4-proxy", name)
    for text in texts:
        one.show(text)
    assert shown == titles
