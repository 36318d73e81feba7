"""view - what FETCH shows of a mail, computed from its octets and its structure.

    view.View(octets, structure).answer(items)    see view.py: start there
    items.source(item)                            must the proxy answer this item?

However a client asks, the answers agree with one another octet for octet, because all
of them are made from one thing.  Where a mail leaves open what an answer should be (an
address that is none, a part that does not exist), they are Dovecot's.

See also: ../../wire/fetch_items.py (the items), kernun_common/mail_doc/mime.py (the structure).
"""
