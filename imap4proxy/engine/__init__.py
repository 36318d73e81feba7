"""The proxy as a state machine: events in, actions out; it knows no socket, no clock and no file.

Enter by `events` and `actions`, the whole vocabulary of a session's life, then `engine`.
"""
