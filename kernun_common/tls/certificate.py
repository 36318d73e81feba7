"""certificate - a peer's certificate as policy sees it.

    Certificate.parse(der)  ->  Certificate(subjects=("CN=Alice,OU=admins", ...), ...)

A distinguished name offers as candidates its RFC 4514 string and each of its
RDNs alone, most significant last as in that string: `CN=Alice,OU=admins,O=Example`,
`CN=Alice`, `OU=admins`, `O=Example`.  A value with a comma or a plus sign arrives
escaped, so no value can pass for an RDN that is not there.

Parsing trusts nothing and verifies nothing; that is upgrade.py.
See also: ssl(5), names.py, acl(5) client-cert and server-cert-match.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Iterator, Tuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

# RFC 4514 leaves this one as a dotted number; everybody writes it by name.
_ATTRIBUTE_NAMES = {NameOID.EMAIL_ADDRESS: "emailAddress"}


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of its holder.

    `sans` are all subjectAltNames that have a text (DNS, IP, e-mail, URI); those
    by which a server may be called stand in `dns_names` and `addresses` again.
    `fingerprint` is SHA-256, 64 lower case hexadecimal digits.
    """

    subjects: Tuple[str, ...]
    issuers: Tuple[str, ...]
    sans: Tuple[str, ...]
    fingerprint: str
    dns_names: Tuple[str, ...] = ()
    addresses: Tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The holder's distinguished name as a string of RFC 4514; empty where it has none."""
        return self.subjects[0] if self.subjects else ""

    @classmethod
    def parse(cls, der: bytes) -> Certificate:
        """From DER octets; ValueError where they are none, or hold a malformed name."""
        try:
            return cls.of(x509.load_der_x509_certificate(der))
        except x509.InvalidVersion as invalid:
            raise ValueError(str(invalid)) from None

    @classmethod
    def of(cls, certificate: x509.Certificate) -> Certificate:
        """From a parsed certificate; ValueError where a name in it is malformed."""
        names = _alternative_names(certificate)
        dns = tuple(names.get_values_for_type(x509.DNSName))
        addresses = tuple(_addresses(names))
        others = (
            *names.get_values_for_type(x509.RFC822Name),
            *names.get_values_for_type(x509.UniformResourceIdentifier),
        )
        return cls(
            subjects=_candidates(certificate.subject),
            issuers=_candidates(certificate.issuer),
            sans=dns + addresses + others,
            fingerprint=certificate.fingerprint(SHA256()).hex(),
            dns_names=dns,
            addresses=addresses,
        )


def _candidates(name: x509.Name) -> Tuple[str, ...]:
    rdns = [rdn.rfc4514_string(_ATTRIBUTE_NAMES) for rdn in reversed(name.rdns)]
    whole = ",".join(rdns)
    return tuple(dict.fromkeys([whole, *rdns])) if rdns else ()


def _alternative_names(certificate: x509.Certificate) -> x509.SubjectAlternativeName:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return x509.SubjectAlternativeName([])
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as malformed:
        raise ValueError(str(malformed)) from None


def _addresses(names: x509.SubjectAlternativeName) -> Iterator[str]:
    """Of hosts: an authority's constraints, which name networks, have no place here."""
    for address in names.get_values_for_type(x509.IPAddress):
        if isinstance(address, (IPv4Network, IPv6Network)):
            raise ValueError("an iPAddress that is a network")
        yield str(address)
