"""RFC 3501 and RFC 9051 on the wire: octets to values and back; no policy, no connection."""
