"""The real program test-imap4 on configuration files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from imap4proxy import VERSION_TAG

ROOT = Path(__file__).parent.parent.parent

OFFICE = f"""version {VERSION_TAG};
include "tls.cfg";
imap4-proxy MAIL {{
    listen-on {{ non-transparent [127.0.0.1] port 1143; }}
    session-acl OTHERS {{
        from ! {{ [10.0.0.0/8], [127.0.0.1], [2001:db8::]-[2001:db8::ffff] }};
        deny;
    }}
    session-acl STAFF {{
        from {{ [10.0.0.0/8] }};
        to * port 993;
        time {{ mon-fri }} {{ 0800-1800 }};
        plug-to localhost : 993;
        language CZ;
        accept;
    }}
    session-acl NIGHT {{
        time-period-set {{ exclude; time-spec DAY {{ hours 0800 1800; }} }}
        plug-to [192.0.2.7] : 143;
        accept;
    }}
    command-acl STAFF {{
        session-acl {{ STAFF }};
        server-ssl-params OUT session;
        commands ! {{ DELETE, UNKNOWN }};
        max-mail-out 50M refuse;
        no-mail-scanning;
        accept;
    }}
    command-acl SERVER {{ server [192.0.2.0/24] port 143; no-mail-scanning; accept; }}
}}
"""


def run(folder, *arguments):
    """Status, output and complaints of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "imap4proxy.testtool", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def office(tmp_path):
    (tmp_path / "office.cfg").write_text(OFFICE)
    (tmp_path / "tls.cfg").write_text("ssl-params OUT { verify none; }\n")
    return tmp_path


def test_good_configuration(office):
    assert run(office, "-f", "office.cfg") == (0, "", "")


def test_many_errors_in_one_run(office):
    (office / "tls.cfg").write_text(
        "ssl-params OUT { verify sometimes; }\nssl-parms IN { verify none; }\n"
    )
    text = OFFICE.replace("time { mon-fri }", "time { mon-fry }").replace("no-mail", "no-male")
    (office / "office.cfg").write_text(text)
    status, out, err = run(office, "-f", "office.cfg")
    assert (status, out) == (1, "")
    places = [line.split(": ")[0] for line in err.splitlines()]
    assert "tls.cfg:1:25" in places
    assert "office.cfg:12:16" in places
    assert len(places) > 3


def test_an_error_is_one_line(office):
    (office / "office.cfg").write_text(OFFICE.replace('"tls.cfg"', r'"no\nsuch\x1b[31m.cfg"'))
    status, _, err = run(office, "-f", "office.cfg")
    [line] = [line for line in err.splitlines() if "cannot read" in line]
    assert status == 1 and r"no\x0asuch\x1b[31m.cfg: No such file" in line


@pytest.mark.parametrize("arguments", [(), ("-f",), ("-f", "office.cfg", "-t", "nonsense;")])
def test_used_wrongly(office, arguments):
    status, out, err = run(office, *arguments)
    assert (status, out) == (2, "")
    assert err


TRIALS = [
    # expression, lines that are there in this order
    (
        "test from [10.1.2.3] to [127.0.0.1] : 993 time 11230930;",
        [
            "phase 1: session-acl STAFF (office.cfg:9:5) is selected: accepted",
            "    not OTHERS (office.cfg:5:5): from ! { [10.0.0.0/8], [127.0.0.1], "
            "[2001:db8::]-[2001:db8::ffff] } (office.cfg:6:9): does not hold for [10.1.2.3]",
            "        plug-to localhost : 993;",
            "        language CZ;",
            "phase 2: command-acl STAFF (office.cfg:22:5) is selected: accepted",
            "        language CZ;",
            "        server-ssl-params OUT session;",
            "        commands ! { DELETE, UNKNOWN };",
            "        max-mail-out 50M refuse;",
        ],
    ),
    (
        "test from [10.1.2.3] to [127.0.0.1] : 993 time 11231930;",
        [
            "phase 1: session-acl NIGHT (office.cfg:17:5) is selected: accepted",
            "    not STAFF (office.cfg:9:5): time { mon-fri } { 0800-1800 } (office.cfg:12:9): "
            "does not hold for mon 23 nov 1930",
            "phase 2: command-acl SERVER (office.cfg:30:5) is selected: accepted",
            "    not STAFF (office.cfg:22:5): session-acl { STAFF } (office.cfg:23:9): "
            "does not hold for session-acl NIGHT",
        ],
    ),
    (
        "test from [127.0.0.1] time 11231200;",
        [
            "phase 1: no session-acl is selected: denied",
            "    not NIGHT (office.cfg:17:5): time-period-set (office.cfg:18:9): "
            "does not hold for mon 23 nov 1200",
        ],
    ),
    (
        "test from [192.0.2.7];",
        ["phase 1: session-acl OTHERS (office.cfg:5:5) is selected: denied"],
    ),
]


@pytest.mark.parametrize("expression, lines", TRIALS)
def test_trial(office, expression, lines):
    status, out, err = run(office, "-f", "office.cfg", "-t", expression)
    assert (status, err) == (0, "")
    shown = iter(out.splitlines())
    for line in lines:
        assert line in shown, out


def test_names_are_resolved(office):
    status, out, err = run(office, "-r", "-f", "office.cfg", "-t", "test;")
    assert (status, err) == (0, "")
    assert out.startswith("# localhost: [")


def test_show_proxy_shows_a_configuration(office):
    _, shown, _ = run(office, "-f", "office.cfg", "-t", "show-proxy all;")
    (office / "shown.cfg").write_text(shown)
    assert run(office, "-f", "shown.cfg") == (0, "", "")
    assert run(office, "-f", "shown.cfg", "-t", "show-proxy all;") == (0, shown, "")
    _, digest, _ = run(office, "-f", "office.cfg", "-t", "show-hash;")
    assert digest == hashlib.sha256(shown.encode()).hexdigest() + "\n"


def test_show_acl(office):
    _, first, _ = run(office, "-f", "office.cfg", "-t", "show-acl;")
    _, second, _ = run(office, "-f", "office.cfg", "-t", "show-acl 2;")
    assert [line for line in first.splitlines() if line.endswith(" {")] == [
        "session-acl OTHERS {",
        "session-acl STAFF {",
        "session-acl NIGHT {",
        "    time-period-set {",
        "        time-spec DAY {",
    ]
    assert "# office.cfg:22:5\ncommand-acl STAFF {\n" in second


MAILS = f"""version {VERSION_TAG};
imap4-proxy MAIL {{
    listen-on {{ non-transparent [127.0.0.1] port 1143; }}
    mail-pool {{ dir "."; }}
    session-acl ALL {{ plug-to [192.0.2.7] : 143; accept; }}
    command-acl ALL {{ upload {{ no-mail-scanning; }} accept; }}
    mail-acl VIRUS {{ virus-status {{ found, error }}; deny; }}
    mail-acl SPAM {{ spam-score ge 5000; size lt 1M; status-headers yes; accept; }}
    mail-acl REST {{ accept; }}
    doc-acl PROGRAM {{ filename *.exe; remove; accept; }}
    doc-acl IMAGE {{ mime-type image/*; accept; }}
}}
"""
MAIL_TRIALS = [
    (
        "test mail-size 20K spam 7200 mime-type application/zip filename Setup.EXE;",
        [
            "phase 3M: mail-acl SPAM (mails.cfg:8:5) is selected: accepted",
            "    not VIRUS (mails.cfg:7:5): virus-status { found, error } (mails.cfg:7:22): "
            "does not hold for virus status skipped",
            "        status-headers yes;",
            "phase 3D: doc-acl PROGRAM (mails.cfg:10:5) is selected: accepted",
            "        remove;",
        ],
    ),
    (
        "test mime-type text/html;",
        [
            "phase 3M: mail-acl REST (mails.cfg:9:5) is selected: accepted",
            "    not SPAM (mails.cfg:8:5): spam-score ge 5000 (mails.cfg:8:21): "
            "does not hold for spam score unknown",
            "phase 3D: no doc-acl is selected: denied",
            "    not IMAGE (mails.cfg:11:5): mime-type { image/* } (mails.cfg:11:21): "
            "does not hold for type text/html",
        ],
    ),
    ("test virus found;", ["phase 3M: mail-acl VIRUS (mails.cfg:7:5) is selected: denied"]),
    (
        "test direction upload virus found;",
        ["phase 3 is not reached: no-mail-scanning (mails.cfg:6:32)"],
    ),
    ("show-acl 3;", ["# mails.cfg:9:5", "mail-acl REST {", "# mails.cfg:11:5", "doc-acl IMAGE {"]),
]


@pytest.mark.parametrize("expression, lines", MAIL_TRIALS)
def test_trial_of_a_mail(tmp_path, expression, lines):
    (tmp_path / "mails.cfg").write_text(MAILS)
    status, out, err = run(tmp_path, "-f", "mails.cfg", "-t", expression)
    assert (status, err) == (0, "")
    shown = iter(out.splitlines())
    for line in lines:
        assert line in shown, out


def test_warning_does_not_spoil(office):
    text = OFFICE.replace("from ! {", "from { *.example.net }; from ! {")
    (office / "office.cfg").write_text(text)
    status, out, err = run(office, "-f", "office.cfg")
    assert (status, out) == (0, "")
    assert err.startswith("office.cfg:6:9: warning: ")
