"""verdict_cache - what engines said of mails is remembered across sessions and processes.

    section     the section verdict-cache
    entry       keys and values
    in_file     they lie in an SQLite file
    in_redis    or in a Redis server, for several proxies
    cache       the one or the other; nothing that it does fails
"""
