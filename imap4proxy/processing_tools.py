"""processing_tools - what mails are processed with, read once in the parent.

    tools = tools_of(proxy)             ConfigurationErrors: what cannot be read, at its place

Templates, the table and the database of doctype-identification; only what an ACL can
come to use.  And where mails are scanned, all character sets.  A child opens none of it.
See also: engine/processing/context.py, mod-mail-doc(5), doctype-identification(7).
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List, Tuple

from kernun_common import charsets
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.doctype_identification.load import load
from kernun_common.errors import ConfigurationError, Where
from kernun_common.mail_doc.template import Template

from .engine.processing import Tools
from .section import Imap4Proxy


def tools_of(proxy: Imap4Proxy) -> Tools:
    """See the file's first lines."""
    if proxy.scans_mails:
        charsets.load()
    errors: List[ConfigurationError] = []
    templates = _templates(proxy, errors)
    try:
        identification = load(proxy.doctype_identification, _methods(proxy))
    except ConfigurationError as error:
        errors.append(error)
    if errors:
        raise ConfigurationErrors(errors)
    return Tools(identification, templates)


def _methods(proxy: Imap4Proxy) -> Iterator[str]:
    """Those that ACLs ask for themselves."""
    for acl in proxy.doc_acl:
        yield from acl.doctype_ident_order or ()


def _templates(
    proxy: Imap4Proxy, errors: List[ConfigurationError]
) -> Dict[str, Template]:
    templates: Dict[str, Template] = {}
    for path, where in _paths(proxy):
        if path in templates:
            continue
        try:
            templates[path] = Template.of(Path(path).read_bytes())
        except OSError as error:
            errors.append(ConfigurationError(where, f"{path}: {error.strerror}"))
        except ValueError as error:
            errors.append(ConfigurationError(where, f"{path}: {error}"))
    return templates


def _paths(proxy: Imap4Proxy) -> Iterator[Tuple[str, Where]]:
    """Of templates, and where they are named."""
    for mail_acl in proxy.mail_acl:
        if mail_acl.replace_body is not None:
            yield mail_acl.replace_body.path, mail_acl.place("replace_body")
    for doc_acl in proxy.doc_acl:
        if doc_acl.replace is not None:
            yield doc_acl.replace.path, doc_acl.place("replace")
