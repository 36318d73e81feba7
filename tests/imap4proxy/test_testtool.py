from __future__ import annotations

from datetime import datetime

import pytest

from imap4proxy import VERSION_TAG, testtool
from kernun_common.resolving.system import SystemResolver
from tests.support.certificates import Authority, write

HEAD = f"version {VERSION_TAG};\n"
LISTEN = "listen-on { non-transparent [127.0.0.1] port 1143; }"
NAMES = {
    "imap.example.org": ["192.0.2.8", "192.0.2.7", "2001:db8::7"],
    "pc.example.org": ["10.1.2.3"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """The only names that there are."""
    system = SystemResolver(forward=lambda name: NAMES.get(name, ()))
    monkeypatch.setattr(testtool, "resolver_of", lambda section: system)


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """Write a configuration and run the program; its status, output and complaints."""
    monkeypatch.chdir(tmp_path)

    def run(text, *arguments):
        (tmp_path / "a.cfg").write_text(HEAD + text)
        try:
            status = testtool.main(["-f", "a.cfg", *arguments])
        except SystemExit as leaving:
            status = leaving.code
        out, err = capfd.readouterr()
        return status, out.splitlines(), err.splitlines()

    return run


def proxy(body, before=""):
    """From line 2 of the file on: `before`, then the section."""
    return f"{before} imap4-proxy A {{ {LISTEN} {body} }}"


GOOD = proxy("\nsession-acl ALL { plug-to imap.example.org : 143; accept; }")


def test_good_configuration_is_silent(run):
    assert run(GOOD) == (0, [], [])
    assert run(GOOD.replace("imap.example.org", "[192.0.2.7]"), "-r") == (0, [], [])


BAD = [
    # configuration, the complaints
    ("", ["a.cfg:1:1: there is no section `imap4-proxy`"]),
    ("imap4-prox A { nodaemon; }", ["imap4-proxy"]),
    (proxy("\nsession-acl A { from [10.0.0.0/8; deny; }"), ["a.cfg:3:22: "]),
    (proxy("\nidle-timeout 0;\nsession-acl A { denny; }"), ["a.cfg:3:1", "a.cfg:4:1", "`deny`"]),
    (proxy("") + proxy("").replace(" A ", " B "), ["listened on already"]),
    (
        proxy(
            "session-acl A { client-ssl-params S; accept; }",
            '\nssl-params S { cert-file "no.pem"; key-file "no.key"; }',
        ),
        ["a.cfg:3:16: ", "no.pem"],
    ),
    (
        proxy(
            "command-acl A { server-ssl-params S; no-mail-scanning; accept; }",
            '\nssl-params S { ca-file "no-ca.pem"; }',
        ),
        ["a.cfg:3:16: ", "no-ca.pem"],
    ),
    (
        proxy(
            '\napp-user no-such-user;\nlog-stats { file "no/such"; }'
            "\nsession-acl A { client-ssl-params S; accept; }",
            '\nssl-params S { cert-file "no.pem"; key-file "no.key"; }',
        ),
        ["a.cfg:4:1: there is no user", "a.cfg:5:13: ", "there is no folder", "no.pem"],
    ),
    (proxy('\nchroot-dir "no/such";'), ["a.cfg:3:1: there is no folder "]),
]


@pytest.mark.parametrize("text, told", BAD)
def test_bad_configuration(run, text, told):
    status, out, err = run(text, "-t", "show-hash;")
    assert (status, out) == (1, [])
    for words in told:
        assert any(words in line for line in err), err


def test_file_that_is_not_there(run):
    assert run("", "-f", "b.cfg") == (
        1,
        [],
        ["b.cfg:1:1: cannot read b.cfg: No such file or directory"],
    )


def test_files_of_tls_that_fit(run, tmp_path):
    authority = Authority("CA")
    files = authority.issue("proxy").write(tmp_path)
    write(tmp_path / "ca.pem", authority.pem)
    tls = (
        f'ssl-params S {{ cert-file "{files.cert}"; key-file "{files.key}"; }}'
        ' ssl-params C { ca-file "ca.pem"; }'
    )
    acls = (
        "session-acl A { client-ssl-params S; accept; }"
        " command-acl A { server-ssl-params C; no-mail-scanning; accept; }"
    )
    assert run(proxy(acls, tls)) == (0, [], [])


WRONG = [
    ["-x"],
    ["-d", "2"],
    ["-d", "10"],
    ["-d", "x"],
    ["-t"],
    ["-t", ""],
    ["-t", "tset;"],
    ["-t", "test from;"],
    ["-t", "show-acl 4;"],
    ["-t", "test; show-acl 4;"],
    ["extra"],
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_used_wrongly(run, arguments):
    status, out, err = run(GOOD, *arguments)
    assert (status, out) == (2, [])
    assert err


def test_a_file_must_be_named(capfd):
    with pytest.raises(SystemExit) as leaving:
        testtool.main([])
    assert leaving.value.code == 2
    assert "-f" in capfd.readouterr().err


def test_version_and_usage(run):
    assert run(GOOD, "-v") == (0, [VERSION_TAG], [])
    status, out, err = run(GOOD, "-h")
    assert (status, err) == (0, [])
    for option in ("-h", "-v", "-d dbglev", "-f cfgfile", "-r", "-t test_expr"):
        assert any(option in line for line in out)


def test_debug_level_shows_the_reading(run):
    status, out, err = run(GOOD, "-d", "7")
    assert (status, out) == (0, [])
    assert ["APPL-741-D" in err[0], "APPL-740-D" in err[1]] == [True, True]


def test_warning(run):
    text = proxy("\nsession-acl A { from *.example.org; deny; }")
    status, out, err = run(text)
    assert (status, out) == (0, [])
    assert len(err) == 1
    assert err[0].startswith("a.cfg:3:17: warning: session-acl A denies by name")


def test_names_that_cannot_be_resolved(run):
    text = proxy(
        "\nsession-acl A { from { pc.example.org, x.example.org }; plug-to y.example.org : 1;\n"
        "accept; }"
    )
    assert run(text) == (0, [], [])
    status, out, err = run(text, "-r", "-t", "show-hash;")
    assert (status, out) == (1, [])
    assert [line.partition(": ")[0] for line in err] == ["a.cfg:3:17", "a.cfg:3:57"]
    assert ["x.example.org" in err[0], "y.example.org" in err[1]] == [True, True]


def test_resolved_names(run):
    text = proxy(
        "\nsession-acl A { from pc.example.org; plug-to imap.example.org : 143; accept; }"
    )
    expression = "test from [10.1.2.3];"
    _, out, _ = run(text, "-t", expression)
    assert out[2] == "phase 1: no session-acl is selected: denied"
    assert "cannot be told" in out[3]
    shown = [
        "# imap.example.org: [192.0.2.7] [192.0.2.8] [2001:db8::7]",
        "# pc.example.org: [10.1.2.3]",
    ]
    assert run(text, "-r") == (0, shown, [])
    status, out, err = run(text, "-r", "-t", expression)
    assert (status, err) == (0, [])
    assert out[:2] == shown
    assert out[4] == "phase 1: session-acl A (a.cfg:3:1) is selected: accepted"


def test_names_of_the_expression_are_resolved_too(run):
    text = proxy("\nsession-acl A { from [10.1.2.3]; accept; }")
    _, out, _ = run(text, "-r", "-t", "test from pc.example.org;")
    assert out[3] == "phase 1: session-acl A (a.cfg:3:1) is selected: accepted"
    status, out, err = run(text, "-r", "-t", "test from x.example.org;")
    assert (status, out) == (2, [])
    assert err[0].startswith("test-expr:1:1: cannot be resolved: x.example.org")


def test_time_is_now_if_not_given(run, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 11, 22, 9, 30)

    monkeypatch.setattr(testtool, "datetime", Clock)
    text = proxy("session-acl A { time sun 0930; deny; }")
    for time, selected in (("", True), ("time 0930", True), ("time 0931", False)):
        _, out, _ = run(text, "-t", f"test {time};")
        assert ("session-acl A" in out[2]) is selected


def test_same_question_same_answer(run):
    expression = "test from [10.1.2.3] time 0930; show-acl; show-proxy all; show-hash; help;"
    assert run(GOOD, "-t", expression) == run(GOOD, "-t", expression)
