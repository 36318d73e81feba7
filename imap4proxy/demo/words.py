"""words - what the demonstration tells its reader.

    how_to_connect(port, embedded=True)       embedded: the mailbox that it brings
"""

from __future__ import annotations

USER, PASSWORD = "demouser", "demopass"  # as pymap has them

_TEXT = """
The proxy listens on 127.0.0.1 port {port}{before}.  Try, in another terminal:

  curl    curl -u {login} 'imap://127.0.0.1:{port}/INBOX;UID={uid}'
          curl -u {login} 'imap://127.0.0.1:{port}/' -X 'DELETE Sent'        is refused
  mutt    mutt -f imap://{user}@127.0.0.1:{port}/INBOX
  or a graphical mail program, with a new account:
          incoming server IMAP, 127.0.0.1, port {port}, connection security none,
          authentication normal password, user {user}{password}

What the proxy does is logged below.  Ctrl-C ends {all}.
"""


def how_to_connect(port: int, embedded: bool) -> str:
    """The text for a terminal."""
    return _TEXT.format(
        port=port,
        before=", a small mailbox behind it" if embedded else ", your server behind it",
        login=f"{USER}:{PASSWORD}" if embedded else "YOU:PASSWORD",
        user=USER if embedded else "YOU",
        password=f", password {PASSWORD}" if embedded else "",
        uid="101" if embedded else "1",
        all="both" if embedded else "it",
    )
