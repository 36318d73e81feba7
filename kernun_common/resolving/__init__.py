"""resolving - what resolving(7) describes: names to addresses, and back.

    section       resolving(5)
    resolver      who is asked: name servers (stub) or the system (system)
    stub          how names are looked up at name servers: query, exchange, preference
    keeper        the names of a configuration, kept in a table that processes share
    client_names  the names of a client, kept in a cache
"""
