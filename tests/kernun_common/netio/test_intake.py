import pytest

from kernun_common.netio.intake import SIZE, Intake


def giving(octets):
    def read_into(view):
        assert len(view) == SIZE
        view[: len(octets)] = octets
        return len(octets)

    return read_into


def test_taken_in_pieces():
    intake = Intake()
    assert intake.fill(giving(b"0123456789")) == len(intake) == 10
    assert [bytes(intake.take(4)) for _ in range(4)] == [b"0123", b"4567", b"89", b""]
    assert len(intake) == 0
    assert intake.fill(giving(b"abc")) == 3
    assert intake.take(100) == b"abc"


def test_nothing():
    assert Intake().take(10) == b""


@pytest.mark.parametrize("count", [0, None])
def test_nothing_to_fill_it_with(count):
    intake = Intake()
    assert intake.fill(lambda view: count) == count
    assert len(intake) == 0


def test_it_is_filled_only_when_it_is_empty():
    intake = Intake()
    intake.fill(giving(b"ab"))
    intake.take(1)
    with pytest.raises(AssertionError):
        intake.fill(giving(b"cd"))


def test_a_view_is_no_copy():
    intake = Intake()
    intake.fill(giving(b"ab"))
    view = intake.take(2)
    intake.fill(giving(b"cd"))
    assert view == b"cd"
