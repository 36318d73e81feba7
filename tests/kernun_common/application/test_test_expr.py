from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

import pytest

from kernun_common.acl.facts import Server
from kernun_common.application.test_expr import ShowAcl, ShowProxy, Trial, read
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host, Sock
from kernun_common.sockaddr import Sockaddr

NOW = datetime(2026, 11, 22, 7, 26, 43, 5)
A = ip_address
PLACE = Sock(Host(address=A("192.0.2.1")), 993)

GOOD = [
    ("test;", [("test", Trial())]),
    ("test from [10.1.2.3];", [("test", Trial(from_=Host(address=A("10.1.2.3"))))]),
    ("test from pc.example.org;", [("test", Trial(from_=Host(name="pc.example.org")))]),
    (
        'test from [::1] transparent to [192.0.2.1] : 993 server [192.0.2.1]:993 user "a b" '
        "group { x, y } time 1930 cert-subject CN=Alice direction upload mail-size 2K virus free "
        'spam -5 mime-type "" filename a.exe;',
        [
            (
                "test",
                Trial(
                    from_=Host(address=A("::1")),
                    transparent=True,
                    to=PLACE,
                    server=PLACE,
                    user="a b",
                    group=("x", "y"),
                    time="1930",
                    cert_subject="CN=Alice",
                    direction="upload",
                    mail_size=2048,
                    virus="free",
                    spam=-5,
                    mime_type="",
                    filename="a.exe",
                ),
            )
        ],
    ),
    ("show-acl;", [("show_acl", ShowAcl(None))]),
    ("show-acl 2;", [("show_acl", ShowAcl(2))]),
    ("show-proxy;", [("show_proxy", ShowProxy(False))]),
    ("SHOW-PROXY ALL;", [("show_proxy", ShowProxy(True))]),
    (
        "show-hash; test; help; test user x;",
        [("show_hash", True), ("test", Trial()), ("help", True), ("test", Trial(user="x"))],
    ),
]


@pytest.mark.parametrize("text, questions", GOOD)
def test_read(text, questions):
    assert list(read(text)) == questions


BAD = [
    ("", "expected an item"),
    ("# nothing", "expected an item"),
    ("test", "expected `;`"),
    ("tset;", "`test`"),
    ("test from;", "address in brackets"),
    ("test to [10.1.2.3];", "host : port"),
    ("test group { x };", "group needs user"),
    ("test direction sideways;", "download"),
    ("test virus maybe;", "skipped"),
    ("test time 930;", "[[mm]dd]hhmm"),
    ("test time 202611220930;", "[[mm]dd]hhmm"),
    ("test time 12a4;", "[[mm]dd]hhmm"),
    ("show-acl 0;", "from 1 on"),
    ("show-acl x;", "from 0 to 255"),
    ("show-proxy some;", "`all`"),
    ("help; help;", "twice"),
]


@pytest.mark.parametrize("text, told", BAD)
def test_read_what_is_none(text, told):
    with pytest.raises(ConfigurationErrors) as raised:
        read(text)
    (error,) = raised.value
    assert error.where.file == "test-expr"
    assert told in error.text


def test_facts_by_default():
    facts = Trial().facts(NOW, {})
    assert facts.client == Sockaddr(A("0.0.0.0"), 0)
    assert facts.to == Sockaddr(A("0.0.0.0"), 0)
    assert facts.when == NOW
    assert not facts.transparent
    assert facts.user is facts.server is facts.client_names is facts.certificate is None
    assert facts.groups == frozenset()


def test_facts_as_given():
    facts = Trial(
        Host(address=A("10.1.2.3")), True, PLACE, Sock(Host(name="a.b"), 143), "u", ("x",)
    ).facts(NOW, {})
    assert str(facts.client.address) == "10.1.2.3"
    assert str(facts.to) == "[192.0.2.1]:993"
    assert facts.transparent
    assert facts.server == Server(Host(name="a.b"), 143)
    assert (facts.user, facts.groups) == ("u", {"x"})


@pytest.mark.parametrize("resolution, address", [({}, "0.0.0.0"), ({"a.b": (A("::1"),)}, "::1")])
def test_facts_of_a_name(resolution, address):
    facts = Trial(Host(name="a.b"), to=Sock(Host(name="a.b"), 1)).facts(NOW, resolution)
    assert facts.client_names == ("a.b",)
    assert str(facts.client.address) == str(facts.to.address) == address


@pytest.mark.parametrize("checked, virus", [(True, "free"), (False, "skipped")])
def test_mail_by_default(checked, virus):
    mail, document = Trial().mail(checked), Trial().document()
    assert (mail.direction, mail.size, mail.structure) == ("download", 1024, "valid")
    assert (mail.virus_status, mail.spam_score) == (virus, None)
    assert (mail.header.senders, mail.header.recipients, mail.header.subjects) == ((), (), ("",))
    assert (document.size, document.types, document.names) == (1024, ("text/plain",), ())
    assert document.members == mail.header.values("To") == ()


def test_mail_as_given():
    trial = Trial(
        direction="upload", mail_size=0, virus="error", spam=5, mime_type="Text/HTML", filename="A"
    )
    mail, document = trial.mail(checked=True), trial.document()
    assert (mail.direction, mail.size, mail.virus_status) == ("upload", 0, "error")
    assert mail.spam_score == 5
    assert (document.size, document.types, document.names) == (0, ("text/html",), ("A",))


@pytest.mark.parametrize(
    "time, when",
    [
        ("0930", datetime(2026, 11, 22, 9, 30)),
        ("050930", datetime(2026, 11, 5, 9, 30)),
        ("02051930", datetime(2026, 2, 5, 19, 30)),
    ],
)
def test_time(time, when):
    assert Trial(time=time).facts(NOW, {}).when == when


@pytest.mark.parametrize("time", ["2400", "0960", "310000", "13010000", "02290000"])
def test_time_that_there_is_not_this_year(time):
    with pytest.raises(ValueError):
        Trial(time=time).facts(NOW, {})
