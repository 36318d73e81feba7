"""in_process - what a mail and a document cost where no program is around them; CPU time.

    processing(mails)           octets in a second: parse, process, BODY[] of the View
    html_filter(document)       octets in a second of a document

The policy of `processing` is one mail-acl and one doc-acl that accept, and mail-filter with its
defaults.  Each does its work again and again for SECONDS.
"""

from __future__ import annotations

import time
from typing import Callable, Sequence

from imap4proxy.engine.processing import Context, Tools, process
from imap4proxy.engine.view.pieces import chunks
from imap4proxy.engine.view.view import View
from imap4proxy.mail_check import Findings
from imap4proxy.wire.body_section import Section
from imap4proxy.wire.fetch_items import Item
from kernun_common.doctype_identification.load import load
from kernun_common.doctype_identification.section import DoctypeIdentification
from kernun_common.html_filter.filter import filter_html
from kernun_common.html_filter.section import HtmlFilter
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from tests.support.mail_sections import policy
from tests.support.phase3 import SESSION

SECONDS = 2.0
_BODY = (Item("BODY", Section()),)
_CLEAN = (
    b'<table border="0"><tr><td style="color:#333; padding:4px"><p>News of the day &amp;'
    b' <b>more</b> <a href="https://news.example.org/article?n=1">read on</a></p></td></tr>'
    b"</table>\r\n"
)
_DIRTY = (
    b"<script>track(1)</script><p onclick='go()'>"
    b'<img src="https://track.example.org/1.gif" onload="x()"></p>\r\n'
)
_CLEAN_IN_A_ROW = 9  # of a dirty document, nine of ten blocks are clean


def processing(mails: Sequence[bytes]) -> float:
    context = _context()
    return _rate(lambda: sum(_shown(octets, context) for octets in mails))


def html_filter(document: bytes, changes: bool) -> float:
    """`changes`: something of the document must go; or else nothing may."""
    options = HtmlFilter(defang=True)

    def work() -> int:
        filtered = filter_html(document, "utf-8", options)
        assert filtered.otherwise is None and (filtered.octets is not None) is changes
        return len(document)

    return _rate(work)


def html(size: int, dirty: bool) -> bytes:
    """A document of about `size` octets: a newsletter, with scripts and pictures or without."""
    block = _CLEAN * _CLEAN_IN_A_ROW + (_DIRTY if dirty else _CLEAN)
    return b"<html><body>\r\n" + block * (size // len(block)) + b"</body></html>\r\n"


def _context() -> Context:
    rules = policy("mail-acl A { accept; } doc-acl A { accept; } mail-filter { limits; }")
    return Context(
        facts=SESSION,
        command_acl="ALL",
        direction="download",
        mail_acl=rules.mail_acl,
        doc_acl=rules.doc_acl,
        tools=Tools(load(DoctypeIdentification())),
    )


def _shown(octets: bytes, context: Context) -> int:
    """The way of one mail from its octets to BODY[]; how many octets it has."""
    structure = parse(octets, Limits(*context.mail_filter.limits))
    processed = process(octets, structure, Findings(), context)
    assert not (processed.denied or processed.again) and processed.pieces is None
    pieces = View(octets, structure).answer(_BODY).pieces
    assert sum(map(len, chunks(octets, pieces))) > len(octets)
    return len(octets)


def _rate(work: Callable[[], int]) -> float:
    """What `work` returns for a second of CPU time."""
    work()
    total, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS:
        total += work()
    return total / spent
