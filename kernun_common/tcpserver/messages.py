"""messages - what the parent and its children log of themselves."""

from __future__ import annotations

from kernun_common.log.message import Message, Severity

_SEE = ("tcpserver(5)", "tcpserver(7)")

FORK_STORM = Message(
    "TCPS-510",
    Severity.CRITICAL,
    "FORK-STORM DEATHS=%(deaths)s LAST=%(last)s",
    "So many children in a row ended before their first session; LAST tells how the last one did."
    "  The parent ends, with exit status 3, because another one would end in the same way.",
    see=_SEE,
)
NO_CHILD = Message(
    "TCPS-511",
    Severity.CRITICAL,
    "NO-CHILD TRIES=%(tries)s REASON=%(reason)s",
    "No child could be started, and there is none left.  The parent ends, with exit status 3.",
    see=_SEE,
)
CHILD_DIED = Message(
    "TCPS-640",
    Severity.ERROR,
    "CHILD-DIED PID=%(pid)s BY=%(by)s SESSIONS=%(sessions)s STATE=%(state)s",
    "A child ended though nobody told it to; its session, if it had one, ended with it.  BY is a"
    " signal or an exit status.  The parent starts another one when it is needed.",
    see=_SEE,
)
SESSION_FAILED = Message(
    "TCPS-641",
    Severity.ERROR,
    "SESSION-FAILED ERROR=%(error)s AT=%(at)s",
    "A fault of the program, or a system call that cannot fail but did, ended a session; ERROR says"
    " which, or how.  AT shows the functions that were being executed, the"
    " innermost first, without anything that the client or the server sent.  The child leaves and"
    " is replaced.",
    see=_SEE,
)
RATE_EXCEEDED = Message(
    "TCPS-642",
    Severity.ERROR,
    "RATE CLIENT=%(client)s LIMIT=%(limit)s",
    "A client made more connections in a second than conn-rate-per-ip permits.  It is denied for"
    " the rest of this second and the next.",
    see=_SEE,
)
FORK_FAILED = Message(
    "TCPS-643",
    Severity.ERROR,
    "FORK-FAILED TRY=%(number)s REASON=%(reason)s",
    "A child could not be started; after fork-wait it is tried again, fork-retries times.",
    see=_SEE,
)
ACCEPT_FAILED = Message(
    "TCPS-644",
    Severity.ERROR,
    "ACCEPT-FAILED REASON=%(reason)s",
    "The system had a connection but could not hand it over; the child tries again in a second.",
    see=_SEE,
)
CHILD_FAILED = Message(
    "TCPS-645",
    Severity.ERROR,
    "CHILD-FAILED ERROR=%(error)s REASON=%(reason)s AT=%(at)s",
    "A fault outside a session ended a child; before its first session that often means that the"
    " configuration asks for what the system does not allow.",
    see=_SEE,
)
RELOAD_FAILED = Message(
    "TCPS-646",
    Severity.ERROR,
    "RELOAD-FAILED AT=%(at)s REASON=%(reason)s",
    "The configuration that was to be loaded is wrong at this place, or asks for what cannot be"
    " had.  The one in force stays in force.",
    see=_SEE + ("configuration(7)",),
)
CHILDREN_OF_CLIENT = Message(
    "TCPS-647",
    Severity.ERROR,
    "CHILDREN-OF-CLIENT CLIENT=%(client)s LIMIT=%(limit)s",
    "A client that has max-children-per-ip sessions tried to begin another one; it was closed."
    "  Written once a second for each client.",
    see=_SEE,
)
LISTENER_DIED = Message(
    "TCPS-648",
    Severity.ERROR,
    "LISTENER-DIED PID=%(pid)s BY=%(by)s",
    "The process that accepts connections ended though nobody told it to.  Another one follows;"
    " connections wait meanwhile.",
    see=_SEE,
)
HELPER_DIED = Message(
    "TCPS-649",
    Severity.ERROR,
    "HELPER-DIED TITLE=%(title)s PID=%(pid)s BY=%(by)s",
    "A process that works for all children ended though nobody told it to.  BY is a signal or an"
    " exit status.  Another one is started in a second; no session misses it until then.",
    see=_SEE,
)
HELPER_FAILED = Message(
    "TCPS-650",
    Severity.ERROR,
    "HELPER-FAILED TITLE=%(title)s REASON=%(reason)s",
    "A process that works for all children could not be started; it is tried again in a second.",
    see=_SEE,
)
STARTED = Message(
    "TCPS-701",
    Severity.OPERATIONAL,
    "STARTED NAME=%(name)s CHILDREN=%(children)s",
    "The parent has started its first children and serves clients.",
    see=_SEE,
)
ENDED = Message(
    "TCPS-702",
    Severity.OPERATIONAL,
    "ENDED NAME=%(name)s SESSIONS=%(sessions)s",
    "The last child has ended, and so does the parent.",
    see=_SEE,
)
LEVEL = Message(
    "TCPS-705",
    Severity.OPERATIONAL,
    "LEVEL LEVEL=%(level)s",
    "The log level of the parent and its children was raised or lowered by a signal.",
    see=_SEE + ("logging(7)",),
)
GRACEFUL_END = Message(
    "TCPS-710",
    Severity.OPERATIONAL,
    "GRACEFUL-END NAME=%(name)s SESSIONS=%(busy)s",
    "The parent was told to end when the sessions that are open have ended.",
    see=_SEE,
)
IMMEDIATE_END = Message(
    "TCPS-711",
    Severity.OPERATIONAL,
    "IMMEDIATE-END NAME=%(name)s SESSIONS=%(busy)s",
    "The parent was told to end at once; the sessions that are open end with it.",
    see=_SEE,
)
CHILDREN = Message(
    "TCPS-717",
    Severity.STATISTIC,
    "CHILDREN TOTAL=%(total)s IDLE=%(idle)s BUSY=%(busy)s MOST=%(most)s SESSIONS=%(sessions)s",
    "How the children stand, every info-cycle: all, those that wait for a client, those that serve"
    " one, the most that have served at one time since the last report, and the sessions begun"
    " since the start.",
    see=_SEE,
)
BOUND = Message(
    "TCPS-721",
    Severity.OPERATIONAL,
    "BOUND AT=%(at)s",
    "The proxy listens on this socket.",
    see=_SEE + ("listen-on(5)",),
)
UNBOUND = Message(
    "TCPS-722",
    Severity.OPERATIONAL,
    "UNBOUND AT=%(at)s",
    "The proxy no longer listens on this socket.",
    see=_SEE + ("listen-on(5)",),
)
CHILD_STARTED = Message(
    "TCPS-730",
    Severity.DEBUG,
    "CHILD-STARTED PID=%(pid)s",
    "The parent has started a child.",
    see=_SEE,
)
CHILD_LEFT = Message(
    "TCPS-731",
    Severity.DEBUG,
    "CHILD-LEFT PID=%(pid)s SESSIONS=%(sessions)s",
    "A child ended as it should: it was told to, or it had served max-sessions.",
    see=_SEE,
)
SIZED = Message(
    "TCPS-732",
    Severity.DEBUG,
    "SIZED IDLE=%(idle)s BUSY=%(busy)s START=%(start)s STOP=%(stop)s",
    "In this cycle of the parent there were too few or too many idle children, and so many are"
    " started or told to leave.",
    see=_SEE,
)
MAX_CHILDREN = Message(
    "TCPS-810",
    Severity.WARNING,
    "MAX-CHILDREN LIMIT=%(limit)s BUSY=%(busy)s",
    "Idle children lack, but max-children are there already; further clients may have to wait."
    "  Written once until idle children suffice again.",
    see=_SEE,
)
CONN_RATE = Message(
    "TCPS-812",
    Severity.WARNING,
    "CONN-RATE LIMIT=%(limit)s",
    "So many connections were accepted in this second; further ones wait for the next.",
    see=_SEE,
)
KILLED = Message(
    "TCPS-811",
    Severity.WARNING,
    "KILLED CHILDREN=%(children)s",
    "So many children had not ended by themselves shortly before terminate-wait was over.",
    see=_SEE,
)
