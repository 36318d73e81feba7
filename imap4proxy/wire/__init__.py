"""RFC 3501 and RFC 9051 on the wire: octets to values and back; knows no policy and no connection."""
