"""An independent judge of html-filter: a real browser shows documents that run or load something,
as they are and filtered by `defang`; the former act, the latter do not.  One browser for all."""

import pytest

from kernun_common.html_filter.filter import filter_html
from kernun_common.html_filter.section import HtmlFilter
from tests.support.browser import Gallery
from tests.support.html_attacks import ATTACKS, INERT, attacks

DEFANG = HtmlFilter(name="SAFE", defang=True)


def filtered(document):
    done = filter_html(document.encode(), "utf-8", DEFANG)
    assert done.octets is not None, "nothing was found in it"
    return done.octets


@pytest.fixture(scope="module")
def acted():
    with Gallery() as gallery:
        documents = {
            f"filtered/{name}": filtered(document)
            for name, document in attacks(lambda name: gallery.hit(f"filtered/{name}"))
        }
        for name, document in attacks(lambda name: gallery.hit(f"as it is/{name}")):
            documents[f"as it is/{name}"] = document.encode()
        # Last come those that act: while they do, so would the filtered ones that still can.
        gallery.show(documents, {f"as it is/{name}" for name in ATTACKS})
        yield gallery.acted


@pytest.mark.parametrize("name", ATTACKS)
def test_it_acts_as_it_is(name, acted):
    assert f"as it is/{name}" in acted


@pytest.mark.parametrize("name", [*ATTACKS, *INERT])
def test_it_does_not_act_filtered(name, acted):
    assert f"filtered/{name}" not in acted
