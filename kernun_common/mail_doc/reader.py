"""reader - reads a mail from its beginning to its end, in one of the ways that there are.

    root, notes, exceeded = read(octets, limits, choice)

`choice` says what to make of what is not clear; as it stands, what mime.py tells.
`notes` are the places where another choice could make another structure of the mail.
Cost: each octet is looked at once for each level of the mail at most.
See also: mime.py, readings.py.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Dict, List, NamedTuple, Tuple

from . import content_type, loose, transfer_encoding
from .ambiguity_names import ambiguity
from .choice import Choice
from .content_type import ContentType
from .header import fields, named
from .limits import Limits
from .node import Node
from .octets import Octets, Span, lines_before, without_line_end
from .structure import Ambiguity, Part

BOUNDARY = 80  # octets of a boundary that count; RFC 2046 allows 70, Dovecot takes 80
_HEADER_END = (
    rb"\n(?:(?P<empty>\r?\n)?--(?P<boundary>%s)%s|\r?\n)",
    rb"\n(?:(?P<empty>[ \t]*+\r?\n)?--(?P<boundary>%s)%s|[ \t]*+\r?\n"
    rb"|(?![ \t]|[!-9;-~]++[ \t]*+:))",
)
_BOUNDARY_LINE = rb"\n--(?P<boundary>%s)%s"
_WHOLE_LINE = rb"(?=(?:--)?[ \t]*+(?:\r?\n|\Z))"
_LINE_END = re.compile(rb"[ \t]*(?:\r?\n|\Z)")


class Result(NamedTuple):
    """`exceeded`: the limit that the mail is over, "" if none."""

    root: Part
    notes: Tuple[Ambiguity, ...]
    exceeded: str


def read(octets: Octets, limits: Limits, choice: Choice = Choice()) -> Result:
    """Any octets have a structure."""
    reader = _Reader(octets, limits, choice)
    reader.read()
    lines = lines_before(octets, (at for node in reader.root.nodes() for at in node.body))
    return Result(reader.root.part(lines), tuple(reader.notes), reader.exceeded)


class _Delimiter(NamedTuple):
    """A line that begins with a boundary: where it is, where the boundary ends, of whom it is."""

    start: int
    end: int
    owner: Node
    is_last: bool


FIELDS = 20_000  # of all headers of a mail; with 1,000 parts, four times what programs write


class _Reader:
    """Reads a mail from its beginning to its end; `open` holds the mail and what is open in it."""

    def __init__(self, octets: Octets, limits: Limits, choice: Choice) -> None:
        self.octets, self.limits, self.choice = octets, limits, choice
        self.root = Node((), True, ContentType(), 0)
        self.open = [self.root]
        self.inside: List[Node] = []  # multiparts whose last boundary has not been seen
        self.count = 1
        self.room = FIELDS
        self.floor = 0  # no part that is open ends before
        self.exceeded = ""
        self.notes: List[Ambiguity] = []
        self._patterns: Dict[Tuple[bytes, ...], re.Pattern[bytes]] = {}

    def read(self) -> None:
        node: Node | None = self.root
        while node:
            delimiter = self._read_header(node)
            if self.exceeded:
                break
            if delimiter:
                self._end_in_header(node, delimiter)
                node = self._next(delimiter)
            elif node.holds_mail:
                node = self._enter(node, node.header_end)
            else:
                node = self._next(self._delimiter(node.header_end))
        self._close(self.open, len(self.octets))
        if not self.exceeded:
            self._look_behind_the_ends()

    def _look_behind_the_ends(self) -> None:
        """Multiparts without an end, and boundaries behind it."""
        for node in self.root.nodes():
            if node.boundary is None:
                continue
            if not node.children:
                self._note("boundary-unused", node)
            elif node.epilogue < 0:
                self._note("boundary-unclosed", node)
            elif self.octets.find(b"\n--" + node.boundary, node.epilogue - 1, node.body_end) >= 0:
                self._note("boundary-after-end", node)

    def _note(self, name: str, node: Node) -> None:
        """Where the part is; once for each."""
        note = ambiguity(name, Span(node.start, node.header_end))
        if note not in self.notes[-2:]:
            self.notes.append(note)

    def _end_in_header(self, node: Node, delimiter: _Delimiter) -> None:
        """A boundary in place of a body.  If that is a mail's, its holder has the line end."""
        node.body_end = node.header_end
        if node.fields and self.octets[node.header_end - 1 : node.header_end] != b"\n":
            self._note("header-without-end", node)
        if delimiter.start > node.start:
            self.floor = delimiter.start
        mail = self._enter(node, node.header_end) if node.holds_mail else None
        if mail:
            mail.header_end = mail.body_end = mail.start

    def _next(self, delimiter: _Delimiter | None) -> Node | None:
        """The part that begins behind this boundary, or behind one that follows."""
        while delimiter:
            place = self.open.index(delimiter.owner) + 1
            self._close(self.open[place:], self._before(delimiter))
            del self.open[place:]
            behind = self._behind(delimiter)
            if not behind:
                return None
            self.floor = behind
            self.inside = [node for node in self.inside if node in self.open]
            if not delimiter.is_last:
                return self._enter(delimiter.owner, behind)
            self.inside.remove(delimiter.owner)
            delimiter.owner.epilogue = behind
            delimiter = self._delimiter(behind)
        return None

    def _behind(self, delimiter: _Delimiter) -> int:
        """Where the line of a boundary ends; 0 if the mail ends before."""
        end = delimiter.end + 2 * delimiter.is_last
        if not _LINE_END.match(self.octets, end):
            self._note("boundary-line", delimiter.owner)
        behind = self.octets.find(b"\n", end) + 1
        if delimiter.is_last and not behind:
            delimiter.owner.epilogue = len(self.octets)
        return behind

    def _enter(self, parent: Node, start: int) -> Node | None:
        """A part more, unless a limit is reached."""
        if self.exceeded:
            return None
        if self.count >= self.limits.parts:
            self.exceeded = "parts"
        elif len(self.open) > self.limits.depth:
            self.exceeded = "depth"
        else:
            node = parent.child(start)
            parent.children.append(node)
            self.open.append(node)
            self.count += 1
            return node
        return None

    def _read_header(self, node: Node) -> _Delimiter | None:
        """Its fields, and what they say of its body.  The boundary, if that ended the header."""
        node.header_end, delimiter = self._header_end(node.start)
        self._read_fields(node)
        if delimiter is None or self._is_own(node, delimiter):
            return None
        node.header_end = max(node.start, self._before(delimiter))
        return delimiter

    def _read_fields(self, node: Node) -> None:
        span = Span(node.start, node.header_end)
        if span.size > self.limits.headers:
            self.exceeded = "headers"
            span = Span(span.start, span.start + self.limits.headers)
        node.fields = tuple(islice(fields(self.octets, span), self.room))
        self.room -= len(node.fields)
        if not self.room:
            self.exceeded = "headers"
        reads = loose if self.choice.loose else None
        kind = self._value(node, "content-type")
        if kind is not None:
            node.content_type = (reads.content_type if reads else content_type.parse)(kind)
        encoding = self._value(node, "content-transfer-encoding")
        is_mime = reads or not node.is_mail or kind is not None or "mime-version" in node.keys
        if encoding is not None and is_mime:
            node.encoding = (reads.encoding if reads else transfer_encoding.parse)(encoding)
        self._open_multipart(node)

    def _open_multipart(self, node: Node) -> None:
        found = node.content_type.all("boundary")
        if node.content_type.type != "multipart":
            return
        if not found:
            self._note("boundary-missing", node)
            return
        node.boundary = found[-self.choice.last][:BOUNDARY]
        if any(node.boundary.startswith(outer.boundary or b"") for outer in self.inside):
            self._note("boundary-shared", node)
        self.inside.append(node)

    def _is_own(self, node: Node, delimiter: _Delimiter) -> bool:
        """Does the body begin with the first boundary of this very part?"""
        own = node.boundary
        if own is None or delimiter.start != node.header_end:
            return False
        start = delimiter.start + 2
        return len(own) >= delimiter.end - start and self.octets[start : start + len(own)] == own

    def _value(self, node: Node, key: str) -> bytes | None:
        found = named(node.fields, key)
        return found[-self.choice.last].value.of(self.octets) if found else None

    def _header_end(self, start: int) -> Tuple[int, _Delimiter | None]:
        """Behind the empty line; and the boundary that stands there, or before any such line."""
        empty = _LINE_END.match(self.octets) if start == 0 else None
        if empty and (self.choice.early or not empty[0].startswith((b" ", b"\t"))):
            return empty.end(), None
        match = self._search(_HEADER_END[self.choice.early], start)
        if match is None:
            return len(self.octets), None
        if match["boundary"] is None:
            return match.end(), None
        delimiter = self._as_delimiter(match)
        end = match.end("empty") if match["empty"] else self._before(delimiter)
        return max(start, end), delimiter

    def _delimiter(self, start: int) -> _Delimiter | None:
        """The next boundary at or behind the line that begins at `start`."""
        if not self.inside:
            return None
        match = self._search(_BOUNDARY_LINE, start)
        return self._as_delimiter(match) if match else None

    def _search(self, form: bytes, start: int) -> re.Match[bytes] | None:
        """From the LF before `start` on; `form` with the boundaries that count there."""
        return self._pattern(form).search(self.octets, max(0, start - 1))

    def _pattern(self, form: bytes) -> re.Pattern[bytes]:
        """The longest boundary first."""
        boundaries = sorted({node.boundary or b"" for node in self.inside}, key=len, reverse=True)
        key = (form, *boundaries)
        if key not in self._patterns:
            either = b"|".join(map(re.escape, boundaries)) if boundaries else rb"(?!)"
            end = _WHOLE_LINE if self.choice.whole_lines else b""
            self._patterns[key] = re.compile(form % (either, end))
        return self._patterns[key]

    def _as_delimiter(self, match: re.Match[bytes]) -> _Delimiter:
        end = match.end()
        owner = next(node for node in reversed(self.inside) if node.boundary == match["boundary"])
        is_last = self.octets[end : end + 2] == b"--"
        return _Delimiter(match.start("boundary") - 2, end, owner, is_last)

    def _before(self, delimiter: _Delimiter) -> int:
        """Where the part before a boundary ends: the line end in front belongs to the boundary."""
        return without_line_end(self.octets, Span(0, delimiter.start)).end

    def _close(self, nodes: List[Node], end: int) -> None:
        for node in nodes:
            if node.body_end < 0:
                node.body_end = max(node.header_end, end, self.floor)
