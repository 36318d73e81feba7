"""correction - a mail that violates RFCs, written anew so that all programs read it alike.

    correction = correct(octets, structure, rules)      rules: a section mail-filter
    correction.pieces       of the corrected mail; None where nothing is to be corrected
    correction.denied       the item of the mail-filter that wants the mail denied, "" if none
    correction.invalid      is there a violation that stays, and makes the structure invalid?
    correction.corrected    the items by which something was corrected; with the name of the
                            ambiguity: ambiguous-mime/repeated-type

A corrected mail is stored, parsed and corrected anew: one correction may show the next.  First
come characters, since they say where lines end; then headers and bodies; what can be read in two
ways after that is written in normal form.

Nothing inside a multipart/signed and no DKIM- or ARC- header field is corrected.
See also: mail-filter in imap4-proxy.cfg(5), bad_characters.py, header_correction.py,
normal_form.py.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import AbstractSet, Dict, FrozenSet, List, Sequence, Tuple, Union

from . import bad_characters, normal_form
from .ambiguity_names import LASTING
from .header import Field
from .header_correction import HEADER_CHECKS, Check, is_signature
from .header_draft import Entry
from .octets import Octets, Span
from .pieces import Edit, Pieces, edited
from .rewrite import Rewriting
from .rules import Rules
from .structure import Part, Structure

BAD_CHARS = "bad-chars"
BODY_8BIT = "body-8bit-chars"
AMBIGUOUS = "ambiguous-mime"

# Other items have judged these.
_BAD = frozenset({"bare-cr", "bare-lf", "nul"})
_JUDGED_BEFORE = _BAD | {"line-without-colon"}


@dataclass
class Correction:
    """See the file's first lines."""

    pieces: Pieces | None = None
    denied: str = ""
    invalid: bool = False
    found: Dict[str, None] = attribute(default_factory=dict)

    @property
    def corrected(self) -> Tuple[str, ...]:
        return tuple(self.found)

    def judge(self, item: str, action: str, fixed: bool) -> bool:
        """Note a violation: is it to be corrected?  `fixed`: it may not, or cannot, be changed."""
        if action == "deny":
            self.denied = self.denied or item
        elif action != "pass" and fixed:
            self.invalid = True
        elif action != "pass":
            self.found[item] = None
            return True
        return False


def correct(octets: Octets, structure: Structure, rules: Rules) -> Correction:
    """See the file's first lines."""
    correction = Correction()
    signed = _signed(structure)
    edits = _characters(octets, structure, rules, signed, correction)
    if edits:
        correction.pieces = edited(len(octets), edits)
        return correction
    rewriting = Rewriting(octets, structure)
    for part in structure.parts():
        is_signed = part.header.start in signed
        _correct_header(octets, part, rules, is_signed, correction, rewriting)
        _correct_body(octets, part, rules, is_signed, correction, rewriting)
    if not correction.found:
        _correct_ambiguities(octets, structure, rules, signed, correction, rewriting)
    correction.pieces = rewriting.pieces() if correction.found else None
    return correction


def _signed(structure: Structure) -> FrozenSet[int]:
    """Where the headers of the parts begin that a signature covers."""
    found: List[int] = []
    left = [(structure.root, False)]
    while left:
        part, inside = left.pop()
        if inside:
            found.append(part.header.start)
        signs = inside or part.content_type.name == "multipart/signed"
        left += [(child, signs) for child in part.children]
    return frozenset(found)


# --- characters ------------------------------------------------------------------------------


def _characters(
    octets: Octets,
    structure: Structure,
    rules: Rules,
    signed: FrozenSet[int],
    correction: Correction,
) -> List[Edit]:
    if _BAD.isdisjoint(each.name for each in structure.ambiguities):
        return []
    fixed = _fixed_spans(structure, signed)
    if any(bad_characters.are_in(octets, span) for span in fixed):
        correction.judge(BAD_CHARS, rules.bad_chars, fixed=True)
    exempt = sorted([*fixed, *_binary_bodies(structure)])
    edits = [
        Edit(span, (bad_characters.corrected(octets, span),))
        for span in _others(len(octets), exempt)
        if bad_characters.are_in(octets, span)
    ]
    return edits if edits and correction.judge(BAD_CHARS, rules.bad_chars, fixed=False) else []


def _fixed_spans(structure: Structure, signed: FrozenSet[int]) -> List[Span]:
    parts = list(structure.parts())
    spans = [part.span for part in parts if part.header.start in signed]
    spans += [each.span for part in parts for each in part.fields if is_signature(each.key)]
    return spans


def _binary_bodies(structure: Structure) -> List[Span]:
    """RFC 2045 section 2.9: any octets may stand there."""
    return [part.body for part in structure.leaves() if part.encoding == "binary"]


def _others(size: int, spans: List[Span]) -> List[Span]:
    """What lies between the spans, which are sorted and may lie in one another."""
    others, at = [], 0
    for span in spans:
        if span.start > at:
            others.append(Span(at, span.start))
        at = max(at, span.end)
    return [*others, Span(at, size)] if at < size else others


# --- headers ---------------------------------------------------------------------------------


def _correct_header(
    octets: Octets,
    part: Part,
    rules: Rules,
    is_signed: bool,
    correction: Correction,
    rewriting: Rewriting,
) -> None:
    actions = [(check, check.action(rules)) for check in HEADER_CHECKS]
    checks = [(check, action) for check, action in actions if action != "pass"]
    entries: List[Entry] = []
    for each in part.fields:
        fixed = is_signed or is_signature(each.key)
        piece = _corrected(octets, each, checks, fixed, rules, correction)
        if piece:
            entries.append(Entry(each.key, piece))
    if [entry.piece for entry in entries] != [each.span for each in part.fields]:
        rewriting.header(part).set_all(entries)


def _corrected(
    octets: Octets,
    field: Field,
    checks: Sequence[Tuple[Check, str]],
    fixed: bool,
    rules: Rules,
    correction: Correction,
) -> Union[Span, bytes]:
    """The field as it is to be; empty where it is taken out."""
    piece: Union[Span, bytes] = field.span
    for check, action in checks:
        if not check.violated(octets, field, rules):
            continue
        before = piece if isinstance(piece, bytes) else piece.of(octets)
        written = before if fixed or action == "deny" else check.corrected(before, rules)
        if correction.judge(check.item, action, fixed=written == before):
            piece = written
        if not piece:
            break
    return piece


# --- bodies ----------------------------------------------------------------------------------


def _correct_body(
    octets: Octets,
    part: Part,
    rules: Rules,
    is_signed: bool,
    correction: Correction,
    rewriting: Rewriting,
) -> None:
    action = rules.body_8bit_chars
    if action == "pass" or not part.is_leaf or part.encoding in ("8bit", "binary"):
        return
    if normal_form.is_ascii(octets, part.body):
        return
    if correction.judge(BODY_8BIT, action, is_signed):
        normal_form.encode_anew(rewriting, octets, part)


def _correct_ambiguities(
    octets: Octets,
    structure: Structure,
    rules: Rules,
    signed: FrozenSet[int],
    correction: Correction,
    rewriting: Rewriting,
) -> None:
    if structure.exceeded:
        correction.invalid = True
        return
    action = rules.ambiguous_mime
    names = {each.name for each in structure.ambiguities} - _JUDGED_BEFORE
    if action == "pass" and not names <= LASTING:
        correction.invalid = True
    elif action == "deny" and names:
        correction.judge(AMBIGUOUS, action, fixed=True)
    elif action == "normalize":
        for part, found in _by_part(structure, names - LASTING):
            judged = [
                correction.judge(f"{AMBIGUOUS}/{name}", action, part.header.start in signed)
                for name in found
            ]
            if any(judged):
                normal_form.normalize(rewriting, octets, part)


def _by_part(structure: Structure, names: AbstractSet[str]) -> List[Tuple[Part, List[str]]]:
    """Which of these names each part has: the innermost part at the place of an ambiguity."""
    found: Dict[int, Tuple[Part, List[str]]] = {}
    for ambiguity in structure.ambiguities:
        if ambiguity.name in names:
            part = _innermost(structure.root, ambiguity.span.start)
            found.setdefault(part.header.start, (part, []))[1].append(ambiguity.name)
    return list(found.values())


def _innermost(part: Part, place: int) -> Part:
    """The parts of a multipart lie behind one another."""
    at = bisect_right(part.children, place, key=lambda child: child.span.start) - 1
    if at < 0 or place >= part.children[at].span.end:
        return part
    return _innermost(part.children[at], place)
