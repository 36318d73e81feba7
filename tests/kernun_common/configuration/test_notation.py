"""Notations and their patterns."""

import pytest

from kernun_common.configuration import notation
from kernun_common.configuration.notation import Choice, Keyword, Maybe, Value


def shown(pattern):
    """A pattern in one line: !flag, keyword, field=type."""
    parts = []
    for node in pattern:
        if isinstance(node, Keyword):
            parts.append("!" * node.flag + node.word)
        elif isinstance(node, Value):
            parts.append(f"{node.field}={node.kind.name}")
        elif isinstance(node, Maybe):
            parts.append(f"[{shown(node.nodes)}]")
        elif isinstance(node, Choice):
            parts.append("(" + " | ".join(map(shown, node.branches)) + ")")
    return " ".join(parts)


@pytest.mark.parametrize(
    "written, pattern",
    [
        ("", ""),
        ("uint8", "=uint8"),
        ("none|optional", "=none|optional"),
        ("<mode> none|optional [depth uint8]", "mode=none|optional [depth depth=uint8]"),
        ("<low> a|b to <high> a|b", "low=a|b to high=a|b"),
        ("host [port port]", "=host [port port=port]"),
        ("<to> host-set [port port-set]", "to=host-set [port port=port-set]"),
        ("[address] <host> host [version ip4|ip6] port port [to port]",
         "[!address] host=host [version version=ip4|ip6] port port=port [to to=port]"),
        ("<p> ref:ssl-params [<when> now|later] [!]".replace(" [!]", ""),
         "p=ssl-params [when=now|later]"),
        ("none | oob ref:oob-auth", "(!none | oob oob=oob-auth)"),
        ("clamav <at> sock|path | icap <at> sock [service str]",
         "(clamav at=sock|path | icap at=sock [service service=str])"),
        ("[day uint8-set] [month month-set] [<w> week-day-set [<h> hhmm-set]]",
         "[day day=uint8-set] [month month=month-set] [w=week-day-set [h=hhmm-set]]"),
        ("[path] [bytes size]", "[=path] [bytes bytes=size]"),
        ("[a | b c]", "[(!a | !b !c)]"),
        ("foo port port", "!foo port port=port"),
    ],
)
def test_parse(written, pattern):
    assert shown(notation.parse(written)) == pattern


@pytest.mark.parametrize(
    "written", ["[a", "a]", "<a uint8", "<a> b", "a [b", "a [ b ] ]", "uint8|b", "a> uint8"]
)
def test_nonsense(written):
    with pytest.raises(ValueError):
        notation.parse(written)


def test_values():
    pattern = notation.parse("[a] <b> uint8 | c str | [d [e]]")
    assert [notation.name(node) for node in notation.values(pattern)] == ["a", "b", "c", "d", "e"]
