"""imap4-proxy: a firewall proxy for IMAP4."""

VERSION = "1.0.0"
VERSION_TAG = "IMAP4-PROXY-1_0-RELEASE"
