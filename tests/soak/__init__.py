"""soak - mixed clients for a long time, and whether the proxy stays as large as it was.

    python -m tests.soak --seconds 3600         or: tox -e soak

Honest clients (honest.py) and broken ones (broken.py) work at once through the real program, which
scans with clamd and spamd, before Dovecot (world.py); it is reloaded three times, and one child is
killed.  Every few seconds the processes are looked at (samples.py); at the end a line through each
kind of value must be flat (judge.py), every octet must have come right, the log tells of no fault
of the program, and nothing is left open.  tests/system/test_soak.py is a minute of it.
"""
