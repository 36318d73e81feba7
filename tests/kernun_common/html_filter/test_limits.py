import pytest

from kernun_common.html_filter.limits import TooComplex, check

FINE = [
    "<p title='a&amp;b'>x</p>" * 1000,
    "<img src='data:image/png;base64," + "A" * 1_000_000 + "'>",
    "&nbsp;" * 100_000,
    "<!-- " + "- " * 1000 + "-->",
    "<p>" + "word " * 100_000,
]


@pytest.mark.parametrize("text", FINE, ids=range(len(FINE)))
def test_fine(text):
    check(text)


# Each would take html5lib time that grows with the square of its length.
COSTLY = [
    "<p title='" + "&amp;" * 100_000,
    '<p title="' + "&" * 200_000 + '">',
    "<p title=" + "&" * 200_000 + ">",
    "<!--" + " -" * 200_000 + "-->",
    "<" + "a" * 3000,
    "</" + "é" * 3000,
    "<p " + "é" * 3000,
    "&#" + "9" * 5000 + ";",
    "<!doctype " + "x" * 5000,
]


@pytest.mark.parametrize("text", COSTLY, ids=range(len(COSTLY)))
def test_costly(text):
    with pytest.raises(TooComplex):
        check(text)
