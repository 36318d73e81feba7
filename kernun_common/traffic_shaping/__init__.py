"""traffic_shaping - what traffic-shaping(7) describes: how fast the octets of sessions leave.

    section         the section `queue`, and the item `altq` that leads to it
    classes         the kernel's classes for the queues of a proxy, as values and commands
    apply           the same in the kernel: there, changed, gone
"""
