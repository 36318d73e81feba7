"""targets - what is fuzzed, by name.  See ../target.py, ../README.md."""

from __future__ import annotations

from typing import Dict

from ..target import Target
from . import (
    answers,
    bodystructure,
    commands,
    configuration,
    fragments,
    greeting,
    html,
    mime,
    proxy_header,
    responses,
)

TARGETS: Dict[str, Target] = {
    "fragments": fragments.TARGET,
    "commands": commands.TARGET,
    "responses": responses.TARGET,
    "greeting": greeting.TARGET,
    "bodystructure": bodystructure.TARGET,
    "mime": mime.TARGET,
    "html": html.TARGET,
    "configuration": configuration.TARGET,
    "proxy-header": proxy_header.TARGET,
    "spamd": answers.SPAMD,
    "clamd": answers.CLAMD,
    "icap": answers.ICAP,
}
