"""redis_store - what several proxies share lies in a Redis server.

    section       the item `redis`, the same wherever Redis may be used
    client        a client that is made before processes fork, and connects in each of them
    tls_socket    TLS as ssl(5) describes it, for the client library
"""
