"""processing - one mail, read whole and checked: what the policy makes of it; spec 2.6.

    process.py      corrections -> mail-acl -> doc-acl for each document -> changes -> Processed
    context.py      what it needs to know beside the mail
    mail_edits.py   actions of a mail-acl
    doc_edits.py    actions of a doc-acl
    msgid.py        what the mail is called in the log and to the client

Nothing here does I/O: what is to be stored, logged and kept comes back as values.
See also: mod-mail-doc(5), ../../section/mail_acl.py, ../../section/doc_acl.py.
"""

from .context import Context, Findings, Tools
from .process import process
from .processed import Processed, Quarantine

__all__ = ["Context", "Findings", "Processed", "Quarantine", "Tools", "process"]
