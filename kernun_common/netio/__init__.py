"""netio - what netio(7) describes: connections, their timeouts and buffers.

    section    sock-opt, client-conn and server-conn: what the administrator may write
    conn       one connection, never blocking; made of
    transport  ... how its octets travel, plain or inside TLS
    queue      ... what waits for the peer
    intake     ... what was read ahead
    pipe       ... what stays in the kernel
    connect    the way to a server
    listening  for connections of clients
    waiting    for one descriptor, within a deadline
    relay      octets from one connection to the other that nobody has to see
    proxied    whose connection it is that a balancer makes (proxy_hosts, proxy_header)
    closing    the end of a session's connections, in a way that loses nothing
    messages   NETL, what may be logged
"""
