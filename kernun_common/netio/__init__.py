"""netio - what netio(7) describes: connections, their timeouts and buffers.

    section   sock-opt, client-conn and server-conn: what the administrator may write
    conn      one connection, never blocking
    connect   the way to a server
    relay     octets from one connection to the other that nobody has to see
    messages  NETL, what may be logged
"""
