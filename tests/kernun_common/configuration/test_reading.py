"""Elements in a text of their own: what they mean, and what does not belong there."""

import pytest

from kernun_common.configuration.kind import Context
from kernun_common.configuration.match import Elements
from kernun_common.configuration.reading import read, value
from kernun_common.errors import ConfigurationError


def test_value():
    assert value("uint8", "7") == 7
    assert value("path", "a", context=Context("/etc")) == "/etc/a"
    assert read(Elements("uint8-list"), "{ 1, 2 }") == (1, 2)


@pytest.mark.parametrize(
    "text", ["", "7 7", "7; x 7", "7 {", "x { y", "{ y; }", '"', "] 7", "7; }", "256"]
)
def test_anything_else_is_an_error(text):
    with pytest.raises(ConfigurationError):
        value("uint8", text)
