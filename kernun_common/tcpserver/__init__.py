"""tcpserver(7): a parent listens, pre-forked children serve one session each."""
