"""configurations - a configuration of imap4-proxy from text, without files.

    configured(text)    the Configuration; places bear the file `f`
    proxy(body)         the section imap4-proxy with that body, behind the sections `before`
    errors_in(body)     what is wrong there: pairs of line and text

In `proxy` and `errors_in` line 1 is the first line of the body.
"""

from __future__ import annotations

from typing import List, Tuple

from imap4proxy import VERSION_TAG
from imap4proxy.section import ROOT, Imap4Proxy
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import Configuration, ConfigurationErrors

# Sections that the body may refer to.
BEFORE = (
    "ssl-params PLAIN { verify none; } "
    'ssl-params SERVE { cert-file "c"; key-file "k"; } '
    'ssl-params ASK { cert-file "c"; key-file "k"; ca-file "a"; verify optional; } '
    'ssl-params NEED { cert-file "c"; key-file "k"; ca-file "a"; verify required; } '
)


def configured(text: str) -> Configuration:
    parsed = parse(f"version {VERSION_TAG}; {text}", "f")
    return check(parsed.statements, parsed.errors, "f", ROOT, VERSION_TAG, Context(folder="/etc"))


def whole(body: str, before: str = BEFORE) -> Configuration:
    listen = "listen-on { non-transparent [127.0.0.1] port 143; }"
    return configured(f"{before} imap4-proxy MAIL {{ {listen} {body}\n}}")


def proxy(body: str, before: str = BEFORE) -> Imap4Proxy:
    (section,) = whole(body, before).sections("imap4-proxy")
    assert isinstance(section, Imap4Proxy)
    return section


def errors_in(body: str) -> List[Tuple[int, str]]:
    try:
        proxy(body)
    except ConfigurationErrors as errors:
        return [(error.where.line, error.text) for error in errors]
    return []
