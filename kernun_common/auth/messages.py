"""messages - AUTH, what is logged of users who log in out of band."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("auth(5)", "auth(7)", "kernun-oob(8)")

OOB_LOGIN = Message(
    "AUTH-710",
    Severity.STATISTIC,
    "OOB-LOGIN NAME=%(name)s CLIENT=%(client)s USER=%(user)s GROUPS=%(groups)s REASON=%(reason)s"
    " %(result)s",
    "What became of a login.  ACCEPTED: the user has logged in at this address.  DENIED: the login"
    " was refused.  CHALLENGE: the RADIUS server asks something before it decides.  LOGOUT: the"
    " user has logged out, logged in anew, or was removed by the administrator.  TIMEOUT:"
    " idle-timeout or max-time has run out, which is noticed when the user or kernun-oob"
    " comes next.  NAME is the section oob-auth; REASON tells why a login was denied, or"
    " who ended it.",
    see=_SEE,
)
STORE_FAILED = Message(
    "AUTH-810",
    Severity.WARNING,
    "LOGIN-STORE-FAILED NAME=%(name)s CLIENT=%(client)s REASON=%(reason)s",
    "Logins cannot be looked up or kept.  Nobody counts as logged in while that is so.",
    see=_SEE,
)
BACKEND_FAILED = Message(
    "AUTH-811",
    Severity.WARNING,
    "BACKEND-FAILED NAME=%(name)s CLIENT=%(client)s USER=%(user)s REASON=%(reason)s",
    "Whether a password is right cannot be told: the password file cannot be read, or the server"
    " that knows does not answer as it should.  The login is denied.",
    see=_SEE,
)
SERVING = Message(
    "AUTH-720",
    Severity.OPERATIONAL,
    "SERVING NAME=%(name)s AT=%(at)s TLS=%(tls)s",
    "The login page can be had at this address.",
    see=_SEE,
)
STOPPED = Message(
    "AUTH-721",
    Severity.OPERATIONAL,
    "STOPPED NAME=%(name)s",
    "The login page ends, as it was told to.  Logins are kept.",
    see=_SEE,
)
HTTP_FAILED = Message(
    "AUTH-812",
    Severity.WARNING,
    "HTTP-FAILED NAME=%(name)s REASON=%(reason)s",
    "A connection with a browser broke, or its request could not be understood.",
    see=_SEE,
)
HTTP_REQUEST = Message(
    "AUTH-740",
    Severity.DEBUG,
    "HTTP-REQUEST NAME=%(name)s CLIENT=%(client)s METHOD=%(method)s PATH=%(path)s"
    " STATUS=%(status)s",
    "A browser asked for something, and was answered.",
    see=_SEE,
)
