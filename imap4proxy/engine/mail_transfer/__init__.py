"""mail_transfer - mails that are scanned: FETCH and APPEND of a session whose policy looks at them.

    outcomes.py       one action is under way whose outcome comes in its time
    examination.py    a stored mail -> engines, ACLs, changes -> what passes of it
    examined.py       the mails that this session has examined
    plan.py           what a FETCH asks for, and of whom
    fetch_job.py      one FETCH: what is asked of the server, in which order
    fetch_answer.py   ... and what the client is told
    fetch_intake.py   FETCH responses of the server, piece by piece
    upload.py         one APPEND
    progress.py       a word to the client every ten seconds

Spec 2.4 to 2.6; mod-mail-doc(5).
"""
