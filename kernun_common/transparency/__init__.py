"""transparency - what transparency(7) describes: whose address stands on which side.

    section         source-address(5)
    source_address  the address that a server sees
"""
