import subprocess
import sys
from ipaddress import ip_address

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.resolving.query import LONGEST, LONGEST_WITHOUT, Answer, Query

A = "imap.example.org. 60 IN A 192.0.2.7"
AAAA = "imap.example.org. 90 IN AAAA 2001:db8::7"
ALIAS = "mail.example.org. 20 IN CNAME imap.example.org."
LOOP = "imap.example.org. 20 IN CNAME mail.example.org."
OTHER = "other.example.org. 60 IN A 192.0.2.9"
SOA = "example.org. {ttl} IN SOA ns.example.org. h.example.org. 1 2 3 4 {minimum}"


def records(*lines):
    return [dns.rrset.from_text(*line.split(" ", 4)) for line in lines]


def response(query, *answer, authority=(), rcode=dns.rcode.NOERROR, flags=0):
    made = dns.message.make_response(query.message)
    made.answer = records(*answer)
    made.authority = records(*authority)
    made.set_rcode(rcode)
    made.flags |= flags
    return made.to_wire()


def addresses(*texts):
    return tuple(map(ip_address, texts))


ANSWERS = [
    # name, kind, records of the answer, what it says
    ("imap.example.org", "A", [A], Answer(addresses("192.0.2.7"), 60)),
    ("IMAP.example.ORG", "A", [A], Answer(addresses("192.0.2.7"), 60)),
    ("imap.example.org", "AAAA", [AAAA], Answer(addresses("2001:db8::7"), 90)),
    ("mail.example.org", "A", [ALIAS, A], Answer(addresses("192.0.2.7"), 20)),
    ("mail.example.org", "A", [A, ALIAS], Answer(addresses("192.0.2.7"), 20)),
    ("imap.example.org", "A", [A, OTHER], Answer(addresses("192.0.2.7"), 60)),
    (
        "imap.example.org",
        "A",
        [A.replace(" 60 ", " 2000000 ")],
        Answer(addresses("192.0.2.7"), LONGEST),
    ),
    (
        "imap.example.org",
        "AAAA",
        [AAAA.replace("2001:db8::7", "::ffff:192.0.2.7")],
        Answer(addresses("192.0.2.7"), 90),
    ),
]


@pytest.mark.parametrize("name, kind, lines, answer", ANSWERS)
def test_answer(name, kind, lines, answer):
    query = Query.of(name, kind)
    found = query.response(response(query, *lines))
    assert (found.cut, found.failure, found.answer) == (False, None, answer)


@pytest.mark.parametrize("rcode", [dns.rcode.NOERROR, dns.rcode.NXDOMAIN])
@pytest.mark.parametrize(
    "ttl, minimum, told", [(60, 30, 30), (30, 60, 30), (10**6, 10**6, LONGEST_WITHOUT)]
)
def test_no_such_name_is_good_for_the_time_of_the_zone(rcode, ttl, minimum, told):
    query = Query.of("imap.example.org", "A")
    soa = SOA.format(ttl=ttl, minimum=minimum)
    found = query.response(response(query, authority=[soa], rcode=rcode))
    assert (found.failure, found.answer) == (None, Answer((), told))


@pytest.mark.parametrize("lines", [[], [ALIAS]])
def test_no_such_name_without_the_word_of_a_zone_is_good_for_no_time(lines):
    query = Query.of("mail.example.org", "A")
    assert query.response(response(query, *lines)).answer == Answer((), 0)


@pytest.mark.parametrize("text", ["192.0.2.7", "2001:db8::7"])
def test_names_of_an_address(text):
    query = Query.reverse(ip_address(text))
    owner = query.message.question[0].name
    lines = [f"{owner} 60 IN PTR {name}" for name in ("PC.Example.org.", "a\\.b.example.org.")]
    found = query.response(response(query, *lines))
    assert set(found.answer.values) == {"pc.example.org", "a\\.b.example.org"}
    assert found.answer.ttl == 60


@pytest.mark.parametrize(
    "rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.FORMERR, dns.rcode.NOTIMP]
)
def test_a_server_that_cannot_answer_says_why(rcode):
    query = Query.of("imap.example.org", "A")
    assert query.response(response(query, rcode=rcode)).failure == dns.rcode.to_text(rcode)


@pytest.mark.parametrize(
    "lines, rcode", [([ALIAS, LOOP], dns.rcode.NOERROR), ([ALIAS, A], dns.rcode.NXDOMAIN)]
)
def test_an_answer_that_contradicts_itself_is_none(lines, rcode):
    query = Query.of("mail.example.org", "A")
    assert query.response(response(query, *lines, rcode=rcode)).failure is not None


def test_a_cut_answer():
    query = Query.of("imap.example.org", "A")
    assert query.response(response(query, flags=dns.flags.TC)).cut


def test_what_is_no_response_to_the_query_is_none():
    query = Query.of("imap.example.org", "A")
    right = response(query, A)
    assert query.response(right) is not None
    others = [
        bytes([right[0] ^ 1]) + right[1:],
        query.octets,  # not a response at all
        response(Query(query.kind, _like(query, "other.example.org", "A")), OTHER),
        response(Query(query.kind, _like(query, "imap.example.org", "AAAA")), AAAA),
        right + b"\0",
        *(right[:end] for end in range(len(right))),
    ]
    assert [query.response(octets) for octets in others] == [None] * len(others)


def _like(query, name, kind):
    """Another question under the same number."""
    other = dns.message.make_query(name, kind)
    other.id = query.message.id
    return other


def test_queries_ask_for_recursion_under_numbers_of_their_own():
    queries = [Query.of("imap.example.org", "A") for _ in range(20)]
    assert all(query.message.flags & dns.flags.RD for query in queries)
    assert len({query.message.id for query in queries}) > 10


@given(st.binary(max_size=300), st.data())
def test_any_octets_are_a_response_or_none(octets, data):
    query = Query.of("imap.example.org", "A")
    right = bytearray(response(query, ALIAS, A, authority=[SOA.format(ttl=1, minimum=1)]))
    query.response(octets)
    for _ in range(data.draw(st.integers(1, 8))):
        right[data.draw(st.integers(2, len(right) - 1))] = data.draw(st.integers(0, 255))
    found = query.response(bytes(right))
    if found is not None and not found.cut and found.failure is None:
        assert found.answer.ttl >= 0


NOTHING_LATE = """
import sys
from kernun_common.resolving.query import preload
from tests.kernun_common.resolving.test_query import A, ALIAS, SOA, Query, response

def look():
    query = Query.of("imap.example.org", "A")
    odd = ["x.example.org. 1 IN TYPE65280 \\\\# 1 00", "x.example.org. 1 IN TYPE999 \\\\# 1 00"]
    soa = SOA.format(ttl=1, minimum=1)
    assert query.response(response(query, ALIAS, A, authority=[soa, *odd])).answer.values

preload()
late = []
sys.addaudithook(lambda event, args: event in ("open", "import") and late.append(args))
look()
print(late)
"""


def test_nothing_is_imported_late():
    ran = subprocess.run(
        [sys.executable, "-c", NOTHING_LATE.replace("\\\\", "\\")], capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
