"""resolving - what resolving(7) describes: names to addresses.

    cache     answers kept for as long as they are good
    resolver  asks the system's resolver, within a time
"""
