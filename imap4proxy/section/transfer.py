"""transfer - sections download and upload of a command-acl: mails of one direction.

    acl.transfer(Direction.UPLOAD)      the section of a direction

What stands here overrides what the command-acl says for both directions.
See also: command_acl.py, mail_filter.py, imap4-proxy.cfg(5).
"""

from __future__ import annotations

from enum import Enum

from kernun_common.configuration.schema import item, key, part, section

from .checks import WithChecks
from .mail_filter import MailFilter


class Direction(Enum):
    """Of a mail; the value is the administrator's word."""

    DOWNLOAD = "download"
    UPLOAD = "upload"


@section("transfer", "What is done with mails of one direction.")
class Transfer(WithChecks):
    """Base of both directions."""

    no_mail_scanning: bool = key(text="Mails of this direction are not stored and processed.")
    mail_filter: MailFilter = part(
        MailFilter, text="What becomes of mails that violate the standards."
    )


@section("download", "What is done with mails from the server.")
class Download(Transfer):
    """FETCH."""

    metadata: str = item(
        "pass|process",
        default="pass",
        text="A FETCH for nothing but sizes, envelopes and headers is answered by the server, with"
        " `pass`, unless the session has processed the mail already; with `process` always from the"
        " processed mail, so that the first listing of a mailbox costs its transfer.",
    )
    size_preserving: bool = item(
        "yes-no",
        default="yes",
        text="A mail that is changed keeps its length, so that a size that the server told stays"
        " true.",
    )


@section("upload", "What is done with mails from the client.")
class Upload(Transfer):
    """APPEND."""
