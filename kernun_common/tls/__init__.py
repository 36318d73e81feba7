"""tls - what ssl(5) describes: TLS towards clients and servers.

    section      ssl-params, what the administrator may write
    material     the files that it names
    context      the contexts, made once in the parent
    upgrade      the only place where a connection becomes TLS
    transport    octets inside TLS
    certificate  a peer's certificate as policy sees it
    names        does a certificate belong to the server that was asked for
    messages     OSSL, what may be logged
"""
