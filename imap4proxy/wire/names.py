"""names - the words of IMAP that the proxy knows: commands, capabilities, response codes.

    COMMANDS                  imap4-cmd of imap4-proxy(5), in the administrator's spelling
    KNOWN_CAPABILITIES        in upper case, as all capabilities are here
    known(b"APPENDLIMIT=500") True: the word, or one that takes a value
    implied(b"QRESYNC")       what else is offered with it: CONDSTORE, ENABLE
    need(b"MOVE")             a requirement: at least one of these words is offered

Sources: the RFCs of the specification, 2.2; each row names its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import FrozenSet, Tuple

Need = FrozenSet[bytes]
Needs = Tuple[Need, ...]

UNKNOWN = "UNKNOWN"

COMMANDS = (
    "UNKNOWN CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN SELECT EXAMINE CREATE DELETE "
    "RENAME SUBSCRIBE UNSUBSCRIBE LIST LSUB STATUS APPEND CHECK CLOSE EXPUNGE SEARCH FETCH STORE "
    "COPY UID-COPY UID-FETCH UID-STORE UID-SEARCH SETACL DELETEACL GETACL LISTRIGHTS MYRIGHTS "
    "SETQUOTA GETQUOTA GETQUOTAROOT IDLE UID-EXPUNGE ID UNSELECT "
    "NAMESPACE ENABLE MOVE UID-MOVE SORT UID-SORT THREAD UID-THREAD GETMETADATA SETMETADATA "
    "XLIST LANGUAGE"
).split()

_CAPABILITIES = {
    3501: b"IMAP4REV1 STARTTLS LOGINDISABLED",
    9051: b"IMAP4REV2",
    2177: b"IDLE",
    2342: b"NAMESPACE",
    2971: b"ID",
    3348: b"CHILDREN",
    3502: b"MULTIAPPEND",
    3516: b"BINARY",
    3691: b"UNSELECT",
    4314: b"ACL",
    9208: b"QUOTA QUOTASET",
    4315: b"UIDPLUS",
    4731: b"ESEARCH",
    4959: b"SASL-IR",
    5032: b"WITHIN",
    5161: b"ENABLE",
    5182: b"SEARCHRES",
    5256: b"SORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES",
    5258: b"LIST-EXTENDED",
    5819: b"LIST-STATUS",
    5464: b"METADATA METADATA-SERVER",
    6154: b"SPECIAL-USE CREATE-SPECIAL-USE",
    6851: b"MOVE",
    6855: b"UTF8=ACCEPT UTF8=ONLY",
    7162: b"CONDSTORE QRESYNC",
    7888: b"LITERAL+ LITERAL-",
    7889: b"APPENDLIMIT",
    8438: b"STATUS=SIZE",
    8440: b"LIST-MYRIGHTS",
    8474: b"OBJECTID",
    8514: b"SAVEDATE",
    9585: b"INPROGRESS",
    0: b"X-GM-EXT-1 XLIST",  # Gmail
}
KNOWN_CAPABILITIES = frozenset(b" ".join(_CAPABILITIES.values()).split())

# Capabilities that take a value: RFC 3501, 4314, 9208, 7889.
_WITH_VALUE = (b"AUTH=", b"RIGHTS=", b"QUOTA=RES-", b"APPENDLIMIT=")

_IMPLIED = {
    # RFC 9051 appendix E; BINARY is not among them: only its FETCH items are (fetch.py)
    b"IMAP4REV2": b"NAMESPACE UNSELECT UIDPLUS ESEARCH SEARCHRES ENABLE IDLE SASL-IR LIST-EXTENDED "
    b"LIST-STATUS MOVE LITERAL- STATUS=SIZE CHILDREN",
    b"QRESYNC": b"CONDSTORE ENABLE",  # RFC 7162 section 3.2
    b"UTF8=ONLY": b"UTF8=ACCEPT",     # RFC 6855 section 6
    b"METADATA": b"METADATA-SERVER",  # RFC 5464 section 1
}

# Commands that are UNKNOWN to the proxy, but whose capability is known.
UNKNOWN_COMMANDS = {
    b"COMPRESS": b"COMPRESS=DEFLATE",
    b"NOTIFY": b"NOTIFY",
    b"REPLACE": b"REPLACE",
    b"UID REPLACE": b"REPLACE",
    b"CONVERT": b"CONVERT",
    b"UID CONVERT": b"CONVERT",
    b"GENURLAUTH": b"URLAUTH",
    b"RESETKEY": b"URLAUTH",
    b"URLFETCH": b"URLAUTH",
    b"CONVERSIONS": b"CONVERT",
    b"ESEARCH": b"MULTISEARCH",
    b"CANCELUPDATE": b"CONTEXT=SEARCH",
    b"UNAUTHENTICATE": b"UNAUTHENTICATE",
    b"GETJMAPACCESS": b"JMAPACCESS",
    b"COMPARATOR": b"I18NLEVEL=2",
}

_RESPONSE_CODES = {
    3501: b"ALERT BADCHARSET CAPABILITY PARSE PERMANENTFLAGS READ-ONLY READ-WRITE TRYCREATE "
    b"UIDNEXT UIDVALIDITY UNSEEN",
    9051: b"CLOSED HASCHILDREN",
    3516: b"UNKNOWN-CTE",
    4315: b"APPENDUID COPYUID UIDNOTSTICKY",
    5182: b"NOTSAVED",
    5464: b"METADATA",
    5530: b"UNAVAILABLE AUTHENTICATIONFAILED AUTHORIZATIONFAILED EXPIRED PRIVACYREQUIRED "
    b"CONTACTADMIN NOPERM INUSE EXPUNGEISSUED CORRUPTION SERVERBUG CLIENTBUG CANNOT LIMIT "
    b"OVERQUOTA ALREADYEXISTS NONEXISTENT",
    6154: b"USEATTR",
    7162: b"HIGHESTMODSEQ NOMODSEQ MODIFIED",
    7888: b"TOOBIG",
    8474: b"MAILBOXID",
    9585: b"INPROGRESS",
}
RESPONSE_CODES = frozenset(b" ".join(_RESPONSE_CODES.values()).split())


def known(word: bytes) -> bool:
    """Does the proxy know this capability (any case)?"""
    word = word.upper()
    return word in KNOWN_CAPABILITIES or word.startswith(_WITH_VALUE)


@lru_cache(maxsize=256)
def implied(word: bytes) -> FrozenSet[bytes]:
    """The capabilities (upper case) that are offered where `word` (upper case) is."""
    if word.startswith(b"APPENDLIMIT="):
        return frozenset({b"APPENDLIMIT"})
    return frozenset(_IMPLIED.get(word, b"").split())


@lru_cache(maxsize=256)
def need(*words: bytes) -> Need:
    """A requirement: one of `words` is offered.  A command has a tuple of them."""
    return frozenset(words)
