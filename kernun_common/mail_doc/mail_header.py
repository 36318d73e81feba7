"""mail_header - what ACLs compare of the header of a mail.

    header = MailHeader(octets, structure.root.fields)
    header.subjects, header.senders, header.recipients, header.values("X-Loop")

Read when an ACL asks for it, and kept.  See also: ../acl/facts.py, Header.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Tuple

from . import encoded_word
from .address import addresses
from .header import Field, unfolded
from .octets import Octets

_SENDERS = ("from", "sender")
_RECIPIENTS = ("to", "cc", "bcc")


@dataclass(frozen=True)
class MailHeader:
    """The fields of a mail, as characters."""

    octets: Octets
    fields: Tuple[Field, ...]

    @cached_property
    def subjects(self) -> Tuple[str, ...]:
        """More than one where a mail has so many; one empty one where it has none."""
        return self.values("subject") or ("",)

    @cached_property
    def senders(self) -> Tuple[str, ...]:
        return self._addresses(_SENDERS)

    @cached_property
    def recipients(self) -> Tuple[str, ...]:
        return self._addresses(_RECIPIENTS)

    def values(self, name: str) -> Tuple[str, ...]:
        """Of all the fields of that name, without the blanks around them."""
        key = name.lower()
        return tuple(
            encoded_word.decode(unfolded(field.value.of(self.octets))).strip()
            for field in self.fields
            if field.key == key
        )

    def _addresses(self, names: Tuple[str, ...]) -> Tuple[str, ...]:
        return tuple(
            address
            for field in self.fields
            if field.key in names
            for address in addresses(field.value.of(self.octets))
        )
