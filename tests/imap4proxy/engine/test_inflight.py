"""Commands that are owed an answer: tags of the proxy's own, tags of the client's in use."""

from imap4proxy.engine.inflight import InFlight, InFlightTable


def record(tag: bytes, client_tag: bytes | None) -> InFlight:
    return InFlight(tag, client_tag, "NOOP", None, 0.0, 0, 0)


def test_tags_are_never_used_twice() -> None:
    table = InFlightTable()
    tags = [table.next_tag() for _ in range(1000)]
    assert len(set(tags)) == 1000


def test_a_client_tag_is_in_use_while_its_command_is() -> None:
    table = InFlightTable()
    table.add(record(b"p1", b"a"))
    table.add(record(b"p2", None))
    assert table.uses(b"a") and not table.uses(b"p1")
    assert [one.tag for one in table] == [b"p1", b"p2"]
    popped = table.pop(b"p1")
    assert popped is not None and popped.client_tag == b"a"
    assert not table.uses(b"a") and len(table) == 1


def test_nobody_is_owed_an_answer_twice() -> None:
    table = InFlightTable()
    table.add(record(b"p1", b"a"))
    table.pop(b"p1")
    assert table.pop(b"p1") is None
    assert table.pop(b"a") is None  # the client's tag is no tag of the server's


def test_a_tag_of_the_server_is_told_to_the_client_as_its_own() -> None:
    table = InFlightTable()
    table.add(record(b"p1", b"a"))
    table.add(record(b"p2", None))
    tags = (b"p1", b"p2", b"p3", b"a")
    assert [table.translate(tag) for tag in tags] == [b"a", None, None, None]
    table.pop(b"p1")
    assert table.translate(b"p1") is None
