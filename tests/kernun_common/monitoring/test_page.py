"""page: HTML that an independent parser finds well-formed, and in which nobody can write."""

import re
from html.parser import HTMLParser

import pytest

from kernun_common.monitoring.columns import COLUMNS, columns
from kernun_common.monitoring.page import page
from kernun_common.monitoring.speed import Speed
from kernun_common.monitoring.style import POLICY
from kernun_common.monitoring.view import PAGE, View
from tests.support.sightings import NOW, session, status

VIEW = View(columns(PAGE))
VOID = {"meta", "input"}


class Reader(HTMLParser):
    """Elements with their attributes and text; AssertionError where they do not nest."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.declarations = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_decl(self, declaration):
        self.declarations.append(declaration)

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes)
        self.elements.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag):
        return [(attributes, text) for name, attributes, text in self.elements if name == tag]

    def texts(self, tag):
        return [text for _, text in self.all(tag)]


def read(*statuses, view=VIEW, **options):
    return Reader(page(statuses, view, NOW + 1, **options))


MAIL = status(session(7, user="alice", speed=Speed(2048.0, 0.0)), session(8, user="bob"))


def test_a_page():
    found = read(MAIL)
    assert found.declarations == ["DOCTYPE html"]
    assert found.all("html")[0][0] == {"lang": "en"}
    assert found.texts("title") == ["2 sessions - imap4-proxy"]
    assert found.texts("th") == [column.heading for column in VIEW.columns]
    assert len(found.all("tr")) == 3 and not found.all("form") and not found.all("a")
    assert [attributes.get("class") for attributes, _ in found.all("tr")] == [None, "moving", None]
    assert found.texts("h2") == ["MAIL [5]"] and "serving for 1:31" in found.texts("p")
    assert found.texts("dd") == ["2", "2", "2", "2.0K/s", "0/s"]


def test_every_cell_bears_its_heading():
    found = read(MAIL)
    labels = [attributes["data-label"] for attributes, _ in found.all("td")]
    assert labels == found.texts("th") * 2


METAS = [
    # refresh, what the page says of it
    (None, []),
    (5, ["5"]),
    (2.6, ["3"]),
]


@pytest.mark.parametrize("refresh, told", METAS)
def test_refresh(refresh, told):
    metas = [attributes for attributes, _ in read(MAIL, refresh=refresh).all("meta")]
    again = [meta["content"] for meta in metas if meta.get("http-equiv") == "refresh"]
    assert again == told
    [policy] = [m["content"] for m in metas if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY


NOTHING = [((), "No proxy is running.", "Proxies"), ((status(),), "No session is open.", None)]


@pytest.mark.parametrize("statuses, told, heading", NOTHING)
def test_nothing_to_show(statuses, told, heading):
    found = read(*statuses)
    assert found.texts("p")[-1] == told
    assert not heading or found.texts("h1") == [heading]


@pytest.mark.parametrize("how, kind", [({}, "serving"), ({"ending": True}, "ending")])
def test_condition(how, kind):
    assert {"class": kind} in [attributes for attributes, _ in read(status(**how)).all("p")]


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'&amp;<!--'
WORDS = ("client", "server", "host", "user", "state", "command", "data", "client_tls", "server_tls")


@pytest.mark.parametrize("form", [False, True])
def test_nobody_can_write_into_it(form):
    words = {word: HOSTILE for word in WORDS}
    hostile = status(
        session(**words, acls=(HOSTILE, HOSTILE)),
        program=HOSTILE,
        name=HOSTILE,
        children={HOSTILE: 1},
    )
    view = View(tuple(COLUMNS.values()))
    found, plain = read(hostile, view=view, form=form), read(MAIL, view=view, form=form)
    tags = {tag for tag, _, _ in found.elements}
    assert tags == {tag for tag, _, _ in plain.elements} and "script" not in tags
    keys = [key for _, attributes, _ in found.elements for key in attributes]
    assert not any(key.startswith("on") for key in keys)
    assert HOSTILE in found.texts("td") and f"{HOSTILE} [5]" in found.texts("h2")


def test_the_form_holds_the_view():
    view = View(columns("pid,in"), COLUMNS["time"], 5, COLUMNS["out"])
    found = read(MAIL, view=view, form=True)
    boxes = [attributes for attributes, _ in found.all("input") if attributes["name"] == "c"]
    assert [box["value"] for box in boxes] == list(COLUMNS)
    assert [box["value"] for box in boxes if "checked" in box] == ["pid", "in"]
    [top] = [attributes for attributes, _ in found.all("input") if attributes["name"] == "t"]
    assert top["value"] == "5"
    chosen = [text for attributes, text in found.all("option") if "selected" in attributes]
    assert chosen == ["time", "out"]


def test_headings_sort():
    view = View(columns("user,in"), COLUMNS["in"], 5, COLUMNS["out"])
    found = read(MAIL, view=view, form=True)
    links = [attributes["href"] for attributes, _ in found.all("a")]
    assert links == ["?s=user&c=user,in&t=5&T=out", "?s=in&c=user,in&t=5&T=out"]
    for link, column in zip(links, view.columns):
        assert VIEW.asked(link[1:]).sort is column and VIEW.asked(link[1:]).top == 5
    sorts = [attributes.get("aria-sort") for attributes, _ in found.all("th")]
    assert sorts == [None, "descending"]


def test_it_asks_nobody_else_for_anything():
    text = page((MAIL,), VIEW, NOW, 5, form=True)
    assert not re.search(r"https?:|//|@import|url\(|<script|javascript", text)
