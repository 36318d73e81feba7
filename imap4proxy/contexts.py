"""contexts - the TLS contexts that the acls of a proxy name, made while it is checked.

ConfigurationErrors tells of all files that cannot be read or do not fit.
"""

from __future__ import annotations

from typing import Dict, Iterator, Tuple

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.section import SslParams

from .section import Imap4Proxy


def contexts_of(proxy: Imap4Proxy) -> Contexts:
    """A context for each ssl-params and role that is used."""
    contexts = Contexts()
    errors: Dict[str, ConfigurationError] = {}  # what both roles complain of is told once
    for params, role in dict.fromkeys(_wanted(proxy)):
        try:
            contexts.add(params, role)
        except ConfigurationError as error:
            errors[str(error)] = error
    if errors:
        raise ConfigurationErrors(errors.values())
    return contexts


def _wanted(proxy: Imap4Proxy) -> Iterator[Tuple[SslParams, Role]]:
    for session_acl in proxy.session_acl:
        if session_acl.client_ssl_params is not None:
            yield session_acl.client_ssl_params.params, Role.SERVER
    for command_acl in proxy.command_acl:
        if command_acl.server_ssl_params is not None:
            yield command_acl.server_ssl_params.params, Role.CLIENT
