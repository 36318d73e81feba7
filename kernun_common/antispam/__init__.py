"""antispam - asking another program how much a mail looks like spam; antispam(5).

    section    antispam(5)
    spamd      what is said to spamd, SPAMC/1.5
    engine     one engine: a mail in, a score out
"""
