"""A mailbox and the proxy before it, to be tried by hand: python -m imap4proxy.demo"""
