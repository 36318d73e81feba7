"""antivirus - what antivirus(7) describes: asking other programs whether a mail holds a virus.

    section    antivirus(5)
    status     found, free, skipped, unknown, error
    combine    several answers become one
    clamd      what is said to ClamAV's clamd
    icap       what is said to an ICAP server, RFC 3507
    engine     one engine: contents in, a verdict out
"""
