"""defaults - what the section and the program both go by.  [P]

They stand apart so that the program need not load the language of the configuration.
"""

COMM_DIR = "/run/imap4-proxy"  # where proxies publish

SHORTEST, LONGEST = 1, 3600  # seconds between two times; sessions show their counters once a second
