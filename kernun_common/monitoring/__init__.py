"""monitoring(5), monitoring(7), kernun-monitor(1): what the sessions of a proxy are doing now.

Children show their sessions, and count, in memory that they share with the parent
(board, seat).  A helper of the parent looks there every interval, works out how fast
each session is (speed), publishes all of it in a file (publish), and answers over
HTTP if it is told to (web, exporter).  The program reads the files (monitor) and
makes of them what people read (report, page).
"""
