"""doctype_identification - what doctype-identification(7) describes: the MIME type of a document.

    section       the section of that name
    order         the methods in their order, until one answers
    content_type  what the part declares
    extension     by the name of the file, and a table in the format of mime.types
    magic         by the first octets, as libmagic knows them
    load          what the section names in files, taken up before the proxy leaves its root
"""
