"""The manual is true: pages are well formed, made of the rows as they are now, and refer to pages
that exist; a program has the options that its page tells of."""

import re
import subprocess
from pathlib import Path

import pytest

from imap4proxy import main, manual, oob, testtool
from kernun_common.application import cli
from kernun_common.auth import fwpasswd
from kernun_common.log.registry import all_messages
from kernun_common.monitoring import monitor

ROOT = Path(__file__).parent.parent
MAN = ROOT / "man"
PAGES = sorted(MAN.glob("man*/*.[1-9]"))

# What imap4-proxy(8) refers to, and the pages that those need.
WANTED = {
    *("auth.5", "auth.7", "kernun-fwpasswd.1", "kernun-oob.8"),
    *("access-control.7", "acl.5", "antispam.5", "antivirus.5", "antivirus.7", "application.5"),
    *("configuration.7", "data-matching.7", "host-matching.7", "imap4-proxy.8"),
    *("imap4-proxy.cfg.5", "interface.5", "kernun-monitor.1", "transparency.7"),
    *("doctype-identification.5", "doctype-identification.7", "mod-html-filter.5"),
    *("listen-on.5", "log.5", "logging.7", "monitoring.5", "monitoring.7", "netio.5"),
    *("netio.7", "resolving.5", "resolving.7", "source-address.5", "ssl.5", "tcpserver.5"),
    *("tcpserver.7", "test-expr.5", "test-imap4.8", "time-matching.7"),
}
# Pages of the system that ours may refer to.
ELSEWHERE = {
    *("clamd(8)", "getservbyname(3)", "hosts(5)", "openssl-ciphers(1ssl)", "syslog(3)", "top(1)"),
    *("daemon(8)", "ip(8)", "nft(8)", "pf(4)", "pf.conf(5)", "pfctl(8)"),
    *("socket(7)", "tc(8)", "tc-htb(8)"),
    *("file(1)", "libmagic(3)", "mime.types(5)"),
}


def names(pages):
    return [page.name for page in pages]


def test_the_wanted_pages_are_here():
    assert WANTED <= set(names(PAGES))


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_page_is_well_formed(page):
    linted = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(page)], capture_output=True, text=True
    )
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_page_refers_to_pages_that_exist(page):
    found = re.findall(r"^(?:\.|.* )Xr (\S+) (\d\w*)", page.read_text(), re.M)
    missing = {
        f"{name}({section})"
        for name, section in found
        if not (MAN / f"man{section}" / f"{name}.{section}").exists()
    }
    assert missing <= ELSEWHERE


def test_made_pages_are_what_the_rows_say():
    """Both ways: no row without its page, no page without its row."""
    made = {str(path): text for path, text in manual.sources().items()}
    kept = {str(page.relative_to(MAN)): page.read_text() for page in PAGES}
    assert {path: text for path, text in kept.items() if path in made} == made, (
        "run `python -m imap4proxy.manual`"
    )
    assert {path for path in kept if path.startswith("man6/")} <= made.keys()


PARSERS = [
    ("man1/kernun-monitor.1", monitor._parser()),
    ("man8/imap4-proxy.8", cli.parser("imap4-proxy", main.VERSION_TAG)),
    ("man8/test-imap4.8", testtool._parser()),
    ("man8/kernun-oob.8", oob._parser()),
    ("man1/kernun-fwpasswd.1", fwpasswd._parser()),
]


@pytest.mark.parametrize("page, parser", PARSERS, ids=[page for page, _ in PARSERS])
def test_options(page, parser):
    told = set(re.findall(r"^\.It Fl (\w)", (MAN / page).read_text(), re.M))
    options = {word.lstrip("-") for action in parser._actions for word in action.option_strings}
    assert told == options


def test_logging_tells_of_all_components():
    text = (MAN / "man7" / "logging.7").read_text()
    told = set(re.findall(r"^\.Li ([A-Z]{4})(?: |$)", text, re.M))
    assert told == {message.component for message in all_messages("kernun_common", "imap4proxy")}
