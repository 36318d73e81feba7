"""mail_doc - mod-mail-doc(5): mails and the documents in them.

A mail stays where it lies (in memory or in a mapped file); everything here speaks of
it by offsets.  Start with mime.py: parse(octets, limits) -> Structure.
"""
