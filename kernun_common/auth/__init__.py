"""auth - users of the firewall, who log in out of band: auth(5), auth(7).

    section     oob-auth, passwd-auth, radius-client, ldap-client-auth; the item `auth` of a proxy
    user        a user, a login, what a backend says
    passwd      a backend: the password file           fwpasswd    its program kernun-fwpasswd
    radius      a backend: a RADIUS server             ldap        a backend: an LDAP directory
    backend     the one that a section names
    in_file     logins lie in an SQLite file           in_redis    or in a Redis server
    store       the one or the other, with limits and log
    presence    the user of a session, looked up and kept
    admission   who may log in: a backend, locks after failures, the store
    oob         the program kernun-oob, but for its configuration
    web/        the page at which users log in and out
"""
