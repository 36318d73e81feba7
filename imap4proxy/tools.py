"""tools - what the parent made for all sessions; children inherit it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from kernun_common.log.sinks import Log
from kernun_common.netio.connect import Resolver
from kernun_common.tcpserver.title import Title
from kernun_common.tls.context import Contexts

from .texts import Catalogue


@dataclass(frozen=True)
class Tools:
    """Texts by language, TLS contexts by section and role, names, log and process title."""

    catalogues: Mapping[str, Catalogue]
    contexts: Contexts
    resolver: Resolver
    log: Log
    title: Title
