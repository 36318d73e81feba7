"""material - what an ssl-params section names in files: read, parsed, complained about.

    material = Material(params)
    material.certificates("cert_file", path)     parsed, the first is the file's own
    material.key()                               the private key
    material.authorities()                       (attribute, path) of each file to trust
    material.revocations()                       parsed lists

A file that cannot be read or does not hold what it should is a
ConfigurationError at the place of the item that names it.
"""

from __future__ import annotations

import os
import re
from typing import Any, Callable, Iterator, NoReturn, Tuple, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL

from ..errors import ConfigurationError
from .section import SslParams
from .transport import reason_of

PEM_CERTIFICATE = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----")
PEM_CRL = re.compile(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----", re.DOTALL)

T = TypeVar("T")


class Material:
    """The files of one section."""

    def __init__(self, params: SslParams) -> None:
        self._params = params

    def complain(self, attribute: str, text: str) -> NoReturn:
        """ConfigurationError at the item, or at the section if it is not there."""
        raise ConfigurationError(self._params.place(attribute), text)

    def take(self, attribute: str, take: Callable[..., T], *values: Any) -> T:
        """Call the library with what an item says; ConfigurationError in its words."""
        try:
            return take(*values)
        except SSL.Error as error:
            self.complain(attribute, reason_of(error))

    def certificates(self, attribute: str, path: str) -> list[x509.Certificate]:
        octets = self._with_certificate(attribute, path)
        try:
            return x509.load_pem_x509_certificates(octets)
        except ValueError:  # in words that only its authors understand
            self.complain(attribute, f"{path}: damaged certificate")

    def key(self) -> Any:
        assert self._params.key_file is not None
        path, password_file = self._params.key_file
        password = None
        if password_file is not None:
            password, _, _ = self._read("key_file", password_file).partition(b"\n")
        octets = self._read("key_file", path)
        try:
            return load_pem_private_key(octets, password)
        except (TypeError, ValueError) as error:  # TypeError: a password too many or too few
            self.complain("key_file", f"{path}: {error}")

    def authorities(self) -> Iterator[Tuple[str, str]]:
        """The files that hold them, with the attribute that leads to each.

        They are not parsed: OpenSSL, which loads them, takes old ones that others would not.
        """
        if self._params.ca_file is not None:
            self._with_certificate("ca_file", self._params.ca_file)
            yield "ca_file", self._params.ca_file
        if self._params.ca_dir is not None:
            for path in self._in_folder(self._params.ca_dir):
                yield "ca_dir", path

    def _in_folder(self, folder: str) -> list[str]:
        """Other files (lists of revoked certificates, a README) may lie beside."""
        try:
            paths = sorted(entry.path for entry in os.scandir(folder) if entry.is_file())
        except OSError as error:
            self.complain("ca_dir", f"{folder}: {error.strerror}")
        found = [path for path in paths if PEM_CERTIFICATE.search(self._read("ca_dir", path))]
        if not found:
            self.complain("ca_dir", f"{folder}: no certificate in it")
        return found

    def revocations(self) -> list[x509.CertificateRevocationList]:
        path = self._params.crl_file
        if path is None:
            return []
        found = PEM_CRL.findall(self._read("crl_file", path))
        if not found:
            self.complain("crl_file", f"{path}: no list of revoked certificates in it")
        try:
            return [x509.load_pem_x509_crl(octets) for octets in found]
        except ValueError:
            self.complain("crl_file", f"{path}: damaged list of revoked certificates")

    def _with_certificate(self, attribute: str, path: str) -> bytes:
        """The octets of a file in which there is one."""
        octets = self._read(attribute, path)
        if not PEM_CERTIFICATE.search(octets):
            self.complain(attribute, f"{path}: no certificate in it")
        return octets

    def _read(self, attribute: str, path: str) -> bytes:
        try:
            with open(path, "rb") as file:
                return file.read()
        except OSError as error:
            self.complain(attribute, f"{path}: {error.strerror}")
