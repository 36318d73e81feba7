"""mail_doc - mod-mail-doc(5): mails and the documents in them.

A mail stays where it lies (in memory or in a mapped file); everything here speaks of
it by offsets.

    mime        parse(octets, limits) -> Structure: what the mail is made of, and its ambiguities
    structure   the shapes: Part, Ambiguity, Structure
    reader      reads a mail in one of the ways of choice; mime takes the usual one
    ambiguity   where there is more than one way; ambiguity_names has their names and words
    readings    the documents of all ways, for those who look for viruses
    decode      a document without its transfer encoding
    document    what a doc-acl compares of it
    correction  a mail written anew as mail-filter says; rewrite, as an ACL says
"""
