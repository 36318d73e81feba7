"""names - does a certificate belong to the server that was asked for?

    shows(certificate, "imap.example.org")      against its DNS names
    shows(certificate, "192.0.2.7")             against its iPAddress names

RFC 6125 section 6.4 and RFC 9525: the subject's common name counts for nothing;
`*` stands for exactly one label, the left-most, and at least two follow it.
"""

from __future__ import annotations

from ipaddress import ip_address

from ..sockaddr import Address
from .certificate import Certificate


def shows(certificate: Certificate, name: str) -> bool:
    """`name`: a host name (in its ASCII form) or an address, as text."""
    wanted = as_address(name)
    if wanted is not None:
        return any(wanted == ip_address(shown) for shown in certificate.addresses)
    labels = _labels(name)
    return any(_matches(_labels(pattern), labels) for pattern in certificate.dns_names)


def as_address(name: str) -> Address | None:
    """The address that `name` spells, None if it spells none."""
    try:
        return ip_address(name)
    except ValueError:
        return None


def _labels(name: str) -> list[str]:
    return name.lower().removesuffix(".").split(".")


def _matches(pattern: list[str], labels: list[str]) -> bool:
    if pattern[0] == "*" and len(pattern) > 2:
        return pattern[1:] == labels[1:] and labels[0] != ""
    return pattern == labels
