"""The library that Kernun-style proxies share; a directory is a manual page, a file a section of it."""
