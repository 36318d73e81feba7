"""log(5), logging(7): what the program says of its work, as numbered messages.

Every package holds its own in `messages.py`, one row each; section 6 of the
manual is made of them.  `sinks.Log` takes a message and its fields and makes one
line of them: to syslog, to a file or to standard error.

The standard library's `logging` is not used: a line costs too much there, and it
would know neither numbers nor fields.
"""
