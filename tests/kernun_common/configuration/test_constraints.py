"""What a constraint says of a value."""

import pytest

from kernun_common.configuration.constraints import between, nonzero


@pytest.mark.parametrize(
    "constraint, value, complaint",
    [
        (nonzero, 0, "must not be zero"),
        (nonzero, 0.0, "must not be zero"),
        (nonzero, 1, None),
        (nonzero, -0.5, None),
        (between(3, 9), 3, None),
        (between(3, 9), 9, None),
        (between(3, 9), 2, "must be from 3 to 9"),
        (between(3, 9), 10, "must be from 3 to 9"),
    ],
)
def test_constraints(constraint, value, complaint):
    assert constraint(value) == complaint
