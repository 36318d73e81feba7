"""page: what is on each page; nothing that comes from outside becomes markup."""

import html5lib
import pytest

from kernun_common.auth.web.page import (
    Notice,
    challenge_page,
    logged_in_page,
    login_page,
    notice_page,
)
from kernun_common.auth.web.texts import Text, load

SAY = load()["en"]
EVIL = "\"><script>x</script><b a='"
PAGES = {
    "login": login_page(SAY, "en", EVIL, Notice(Text.DENIED, bad=True), EVIL),
    "first": login_page(SAY, "en", "token"),
    "challenge": challenge_page(SAY, "en", EVIL, EVIL, EVIL),
    "logged in": logged_in_page(SAY, "en", EVIL, EVIL, EVIL),
    "notice": notice_page(SAY, "en", Notice(Text.NOT_FOUND, bad=True)),
}


def elements(name, tag):
    tree = html5lib.parse(PAGES[name], namespaceHTMLElements=False)
    return list(tree.iter(tag))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_becomes_markup(name):
    html5lib.HTMLParser(strict=True).parse(PAGES[name])
    assert elements(name, "script") == elements(name, "b") == []


@pytest.mark.parametrize("name", ["login", "first", "challenge"])
def test_every_control_has_a_label_and_one_has_the_focus(name):
    shown = [one for one in elements(name, "input") if one.get("type") != "hidden"]
    labels = elements(name, "label")
    labelled = [label.find("input").get("name") for label in labels]
    assert labelled == [one.get("name") for one in shown]
    assert all(label.text for label in labels)
    assert len([one for one in shown if one.get("autofocus") is not None]) == 1


def test_fields():
    fields = {one.get("name"): one.get("value") for one in elements("login", "input")}
    assert fields == {"token": EVIL, "user": EVIL, "password": None}
    asked = {one.get("name"): one.get("value") for one in elements("challenge", "input")}
    assert asked == {"token": EVIL, "challenge": EVIL, "answer": None}
    actions = {name: [form.get("action") for form in elements(name, "form")] for name in PAGES}
    assert actions == {
        "login": ["/login"],
        "first": ["/login"],
        "challenge": ["/login"],
        "logged in": ["/logout"],
        "notice": [],
    }
