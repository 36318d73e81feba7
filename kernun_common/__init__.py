"""What Kernun-style proxies share; a directory is a manual page, a file is a section of it."""
