"""antivirus - what antivirus(7) describes: asking other programs whether a mail holds a virus.

    section    antivirus(5)
    status     found, free, skipped, unknown, error
    combine    several answers become one
    clamd      what is said to ClamAV's clamd
    icap       what is said to an ICAP server, RFC 3507; icap_head, icap_body: its answers
    lending    a mail as a file, for a clamd that reads files
    engine     one engine: contents in, a verdict out
"""
