"""texts: every text has its translation, and the values of a text are the same in both."""

import pytest

from kernun_common.auth.web.texts import CZECH, ENGLISH, Text, load

SAY = load()


@pytest.mark.parametrize("text", Text)
def test_translated(text):
    values = ("x",) * text.value.count("%s")
    assert SAY[ENGLISH](text, *values) == (text.value % values if values else text.value)
    assert SAY[CZECH](text, *values) != SAY[ENGLISH](text, *values)
