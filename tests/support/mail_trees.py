"""mail_trees - mails of any shape, for hypothesis.

    trees()            strategies of mails as octets, with nested multiparts and mails
    leaf(text), multipart(boundary, *parts), nested(mail), mail(part)     by hand

Lines end in CRLF.  A boundary stands for nothing else in such a mail.
"""

from __future__ import annotations

from hypothesis import strategies as st

CRLF = b"\r\n"
TOP = b"From: Al <al@example.org>\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n"


def leaf(text: bytes = b"text", fields: bytes = b"Content-Type: text/plain\r\n") -> bytes:
    return fields + CRLF + text


def multipart(boundary: str, *parts: bytes, subtype: str = "mixed", epilogue: bytes = b"") -> bytes:
    name = boundary.encode()
    head = b"Content-Type: multipart/%s; boundary=%s\r\n\r\n" % (subtype.encode(), name)
    body = b"".join(b"--%s\r\n%s\r\n" % (name, part) for part in parts)
    return head + body + b"--" + name + b"--\r\n" + epilogue


def nested(mail: bytes) -> bytes:
    return b"Content-Type: message/rfc822\r\n\r\n" + mail


def mail(part: bytes, fields: bytes = TOP) -> bytes:
    return fields + part


LEAVES = st.builds(
    leaf,
    st.lists(st.sampled_from([b"a", b"word", b" ", b"\xc4\x8d", CRLF, b"--", b"="]))
    .map(b"".join),
    st.sampled_from([
        b"",
        b"Content-Type: text/plain\r\n",
        b"Content-Type: text/html; charset=utf-8\r\nContent-Id: <x@y>\r\n",
        b"X-First: 1\r\nContent-Type: image/png; name=a.png\r\nX-Last: 2\r\n",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n",
    ]),
)


def trees(max_leaves: int = 8) -> st.SearchStrategy[bytes]:
    """Whole mails; boundaries differ at each level of nesting."""

    def around(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
        boundaries = st.uuids(version=4).map(lambda uuid: f"={uuid}")
        several = st.builds(
            lambda boundary, parts, epilogue: multipart(boundary, *parts, epilogue=epilogue),
            boundaries,
            st.lists(inner, min_size=1, max_size=4),
            st.sampled_from([b"", b"epilogue\r\n"]),
        )
        return several | inner.map(mail).map(nested)

    return st.recursive(LEAVES, around, max_leaves=max_leaves).map(mail)
