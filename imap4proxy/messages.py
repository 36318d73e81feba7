"""messages - every IMAP-nnn message that the proxy can log; imap4-proxy(6).

One row each.  The numbers and texts of 701, 702, 703, 720, 730 and 888 are
fixed: programs read them.
See also: ../kernun_common/log/message.py.
"""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

SESSION_START = Message(
    "IMAP-701",
    Severity.STATISTIC,
    "SESSION-START FROM=%(from)s TO=%(to)s TRANSP=%(transp)s",
    "A client connected. TO is where it connected to: the original destination if transparent.",
)
SESSION_END = Message(
    "IMAP-702",
    Severity.STATISTIC,
    "SESSION-END CLIENT=%(client)s SERVER=%(server)s TRANSP=%(transp)s USER=%(user)s "
    "CMDs=%(commands)s IN=%(in)s OUT=%(out)s TIME=%(time)s %(result)s",
    "A session ended. IN counts the octets of IMAP from the server, OUT those from the client. "
    "The last word is ACCEPTED, REJECTED (by policy) or FAILED (by a peer, a timeout or an "
    "error; a client may go as it likes). IMAP-716 says more.",
)
REQUEST = Message(
    "IMAP-703",
    Severity.STATISTIC,
    "REQUEST CMD=%(command)s MBOX=%(mailbox)s RESULT=%(result)s IN=%(in)s OUT=%(out)s "
    "TIME=%(time)s",
    "A command of the client was completed. RESULT is the condition of its tagged response. "
    "IN and OUT count the octets of the session while the command was in flight.",
)
ACL_PHASE_1 = Message(
    "IMAP-720",
    Severity.STATISTIC,
    "ACL PHASE=1 FROM=%(from)s TO=%(to)s TRANSP=%(transp)s USER=%(user)s NAME=%(name)s %(result)s",
    "The session-acl selected for a client connection; <NULL> if none matched.",
)
ACL_PHASE_2 = Message(
    "IMAP-730",
    Severity.STATISTIC,
    "ACL PHASE=2 SERVER=%(server)s CERT=%(cert)s PARENT=%(parent)s NAME=%(name)s %(result)s",
    "The command-acl selected for a session; <NULL> if none matched.",
)
ACL_PHASE_3M = Message(
    "IMAP-760",
    Severity.STATISTIC,
    "ACL PHASE=3M MSGID=%(msgid)s SPAM=%(spam)s VIR=%(virus)s PARENT=%(parent)s NAME=%(name)s "
    "%(result)s",
    "The mail-acl selected for a mail; <NULL> if none matched. SPAM is the spam score in "
    "thousandths, VIR the virus status.",
)
ACL_PHASE_3D = Message(
    "IMAP-770",
    Severity.STATISTIC,
    "ACL PHASE=3D MSGID=%(msgid)s DOC=%(doc)s TYPE=%(type)s PARENT=%(parent)s NAME=%(name)s "
    "%(result)s",
    "The doc-acl selected for a document of a mail; <NULL> if none matched. DOC is the number of "
    "the part, as IMAP has it, and the name of its file; TYPE is its MIME type, <NULL> if unknown.",
)
MAIL_CORRECTED = Message(
    "IMAP-761",
    Severity.NOTICE,
    "Mail corrected MSGID=%(msgid)s ITEMS=%(items)s",
    "A mail violates RFCs. It was written anew where these items of the mail-filter say so; behind "
    "a slash stands what could be read in two ways.",
    ("mod-mail-doc(5)",),
)
MAIL_FILTERED = Message(
    "IMAP-762",
    Severity.NOTICE,
    "Mail denied by mail-filter MSGID=%(msgid)s ITEM=%(item)s",
    "A mail violates RFCs, and this item of the mail-filter denies such mails.",
    ("mod-mail-doc(5)",),
)
SIZE_CHANGED = Message(
    "IMAP-763",
    Severity.NOTICE,
    "Size of a mail changed MSGID=%(msgid)s ORIGINAL=%(original)s SIZE=%(size)s",
    "A mail that was changed could not be given the size that it has on the server. The new size "
    "is told from now on.",
    ("mod-mail-doc(5)",),
)
PROXY_EVENT = Message(
    "IMAP-888",
    Severity.STATISTIC,
    "PROXY-EVENT PROTOCOL=TCP CLIENT=%(client)s CLIENT-IP=%(client_ip)s "
    "CLIENT-PORT=%(client_port)s SERVER=%(server)s SERVER-IP=%(server_ip)s "
    "SERVER-PORT=%(server_port)s SERVER-PORT-NAME=%(server_port_name)s USER=%(user)s "
    "BYTES-CIN=%(bytes_cin)s BYTES-COUT=%(bytes_cout)s BYTES-SIN=%(bytes_sin)s "
    "BYTES-SOUT=%(bytes_sout)s DURATION=%(duration)s STATUS=%(status)s RESULT=%(result)s "
    "RULE=%(rule)s",
    "One record a session, in the stats log. STATUS says whether the policy let the session"
    " be; RESULT how it ended: OK, ABORTED (by policy) or FAILED (by a peer, a timeout or an"
    " error; a client may go as it likes). IMAP-716 says more.",
)
NO_SERVER = Message(
    "IMAP-601",
    Severity.ERROR,
    "Session-acl %(acl)s names no server: plug-to is needed for a non-transparent session",
    "The session is denied.",
    ("acl(5)",),
)
COMMAND_REFUSED = Message(
    "IMAP-711",
    Severity.NOTICE,
    "Command refused CMD=%(command)s REASON=%(reason)s",
    "The policy or the state of the session does not permit a command. "
    "It was not sent to the server; the client got a tagged NO or BAD.",
)
COMMAND_INVALID = Message(
    "IMAP-811",
    Severity.WARNING,
    "Invalid command REASON=%(reason)s",
    "The client sent octets that are no IMAP command; it got BAD. Ten of them end the session.",
)
SERVER_INVALID = Message(
    "IMAP-612",
    Severity.ERROR,
    "Invalid response from the server REASON=%(reason)s",
    "The server broke the protocol; the session ends.",
)
CLIENT_INVALID = Message(
    "IMAP-613",
    Severity.ERROR,
    "The client broke the protocol REASON=%(reason)s",
    "What the client sent cannot be followed safely; the session ends.",
)
SERVER_DATA_DROPPED = Message(
    "IMAP-812",
    Severity.WARNING,
    "Untagged data dropped KIND=%(kind)s REASON=%(reason)s",
    "The server sent data of a kind that the proxy does not know, or before authentication.",
)
SERVER_EXPUNGE = Message(
    "IMAP-813",
    Severity.WARNING,
    "The server sent EXPUNGE where it may not",
    "RFC 3501, section 7.4.1. It was passed on: the client must know, and the server did it.",
)
LENIENCY = Message(
    "IMAP-821",
    Severity.DEBUG,
    "Tolerated from the server: %(leniency)s",
    "The server deviated from the grammar in a way that the proxy knows and tolerates.",
)
REPEATED = Message(
    "IMAP-816",
    Severity.WARNING,
    "Repeated MESSAGE=%(identification)s TIMES=%(times)s",
    "At the end of a session: how often what this message says happened again. Of what a server"
    " can bring about as often as it likes only the first of each kind in a session is logged.",
    ("IMAP-812(6)", "IMAP-813(6)", "IMAP-821(6)", "IMAP-823(6)"),
)
CAPABILITY_REMOVED = Message(
    "IMAP-822",
    Severity.DEBUG,
    "Capabilities removed: %(words)s",
    "The server offers what the policy does not permit or what the proxy cannot follow.",
)
REFERRAL_REMOVED = Message(
    "IMAP-823",
    Severity.NOTICE,
    "Referral removed",
    "The server referred the client to another server, past the proxy.",
)
USER_AUTHENTICATED = Message(
    "IMAP-712",
    Severity.NOTICE,
    "User authenticated USER=%(user)s MECHANISM=%(mechanism)s",
    "The server accepted a login.",
)
AUTHENTICATION_FAILED = Message(
    "IMAP-713",
    Severity.NOTICE,
    "Authentication failed USER=%(user)s MECHANISM=%(mechanism)s",
    "The server refused a login; the session goes on.",
)
LIMIT_EXCEEDED = Message(
    "IMAP-814",
    Severity.WARNING,
    "Limit exceeded ITEM=%(item)s",
    "A limit of the command-acl is exceeded; the session ends.",
    ("imap4-proxy.cfg(5)",),
)
MAIL_REFUSED = Message(
    "IMAP-714",
    Severity.NOTICE,
    "Mail refused ITEM=%(item)s SIZE=%(size)s",
    "A mail is larger than the command-acl permits; the session goes on.",
    ("imap4-proxy.cfg(5)",),
)
MAIL = Message(
    "IMAP-706",
    Severity.STATISTIC,
    "MAIL DIRECTION=%(direction)s",
    "A mail was stored and is processed; IN is from the server, OUT from the client.",
    ("mod-mail-doc(5)",),
)
MAIL_NOT_STORED = Message(
    "IMAP-620",
    Severity.ERROR,
    "A mail could not be stored: %(reason)s",
    "The mail pool has no room for it. It is refused; the session goes on.",
    ("imap4-proxy.cfg(5)",),
)
NOT_QUARANTINED = Message(
    "IMAP-622",
    Severity.ERROR,
    "A mail could not be kept in quarantine: %(reason)s",
    "The mail is denied, so that it is not lost.",
    ("imap4-proxy.cfg(5)",),
)
MAIL_NOT_DECODED = Message(
    "IMAP-623",
    Severity.ERROR,
    "A mail could not be decoded for the antivirus engines: %(reason)s",
    "The mail pool has no room for what a mail may be read as. No engine was asked; the"
    " virus-status of the mail is error, and the ACLs say what becomes of it.",
    ("imap4-proxy.cfg(5)", "antivirus(7)"),
)
MEMORY_SHORT = Message(
    "IMAP-624",
    Severity.ERROR,
    "Memory is short for a mail DIRECTION=%(direction)s SIZE=%(size)s",
    "To process the mail takes more memory than child-memory permits, or than the system has. "
    "It is refused; the session goes on. IN is from the server, OUT from the client.",
    ("tcpserver(5)",),
)
MAIL_UNSTABLE = Message(
    "IMAP-621",
    Severity.ERROR,
    "A mail is not what it was before UID=%(uid)s",
    "A mail that the session has shown was fetched and processed again, with another result. "
    "It is refused: parts of both would be mixed.",
    ("mod-mail-doc(5)",),
)
TIMED_OUT = Message(
    "IMAP-815",
    Severity.WARNING,
    "Timeout ITEM=%(item)s SIDE=%(side)s",
    "A timeout ran out; the session ends.",
    ("netio(5)",),
)
SERVER_UNREACHABLE = Message(
    "IMAP-614",
    Severity.ERROR,
    "Cannot connect to the server: %(reason)s",
    "Every server that the session could be connected to was tried.",
)
TLS_FAILED = Message(
    "IMAP-615",
    Severity.ERROR,
    "TLS failed SIDE=%(side)s REASON=%(reason)s",
    "The handshake, the verification of the certificate or a certificate condition failed.",
    ("ssl(5)",),
)
TLS_READY = Message(
    "IMAP-731",
    Severity.OPERATIONAL,
    "TLS SIDE=%(side)s VERSION=%(version)s CIPHER=%(cipher)s CERT=%(cert)s",
    "TLS is in use on a side of the session.",
    ("ssl(5)",),
)
STARTTLS_REFUSED = Message(
    "IMAP-616",
    Severity.ERROR,
    "The server does not do STARTTLS: %(reason)s",
    "The policy wants TLS towards the server. The session ends; nothing is sent in the clear.",
    ("ssl(5)",),
)
SERVER_BYE = Message(
    "IMAP-715",
    Severity.NOTICE,
    "The server said BYE TEXT=%(text)s",
    "The server ends the session.",
)
FINISHED = Message(
    "IMAP-716",
    Severity.OPERATIONAL,
    "Session finished: %(reason)s",
    "Why the session ended, in a few words. Of a peer that has gone they say whether"
    " it closed the connection, as it may, or the connection broke, and by which error"
    " of the system: a reset, say, or a path that has died.",
)
