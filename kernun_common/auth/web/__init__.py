"""web - the page at which users log in and out.

    texts       what it says, in English and Czech (locale/)
    style       how it looks
    page        the page as HTML
    tokens      forms that nobody else can have sent
    site        requests and what is answered (WSGI)
    patient     TLS that waits for a browser
    server      HTTP and TLS, until a signal
"""
