"""words - what the demonstration tells its reader.

    how_to_connect(port, uids)      of the two mails in the mailbox that it brings; None: of others
"""

from __future__ import annotations

from typing import Mapping

USER, PASSWORD = "demouser", "demopass"  # as pymap has them

_TEXT = """
The proxy listens on 127.0.0.1 port {port}{before}.  Try, in another terminal:

  curl    curl -u {login} 'imap://127.0.0.1:{port}/INBOX;UID={uid}'
          curl -u {login} 'imap://127.0.0.1:{port}/' -X 'DELETE Sent'        is refused
{mails}  mutt    mutt -f imap://{user}@127.0.0.1:{port}/INBOX
  or a graphical mail program, with a new account:
          incoming server IMAP, 127.0.0.1, port {port}, connection security none,
          authentication normal password, user {user}{password}

What the proxy does is logged below.  Ctrl-C ends {all}.
"""


_MAILS = """\
          curl -u {login} 'imap://127.0.0.1:{port}/INBOX;UID={virus}'         had a virus
          curl -u {login} 'imap://127.0.0.1:{port}/INBOX;UID={spam}'         is spam
"""


def how_to_connect(port: int, uids: Mapping[str, int] | None) -> str:
    """The text for a terminal."""
    embedded = uids is not None
    login = f"{USER}:{PASSWORD}" if embedded else "YOU:PASSWORD"
    return _TEXT.format(
        port=port,
        mails=_MAILS.format(login=login, port=port, **uids) if uids is not None else "",
        before=", a small mailbox behind it" if embedded else ", your server behind it",
        login=login,
        user=USER if embedded else "YOU",
        password=f", password {PASSWORD}" if embedded else "",
        uid="101" if embedded else "1",
        all="both" if embedded else "it",
    )
