"""Pages of section 5 out of sections."""

import subprocess

import pytest

from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.manpage import Page, render
from kernun_common.configuration.schema import item, section

from .sample import Client, House, Params, Rule, Timeouts

enumeration("planet", ("Mercury", "Venus", "Earth"))
LETTERS = "|".join("abcdefghij")


@section("other", "Derived from what stands nowhere.")
class Other(Client):
    planet: str | None = item("planet", text="Where.")
    letter: str | None = item(LETTERS, text="Which.")


@section("both", "Derived from two.", named=True)
class Both(Other, Params):
    size: int | None = item("size", text="How large.")


PAGES = (
    Page("house", "a house", (House, Rule), text="First.\n\nSecond, see params(5).", see=("b(7)",),
         example="house H {\n    listen port 1;\n}\n"),
    Page("params", "parameters", (Params,)),
    Page("times", "times", (Timeouts, Client, Other, Both)),
)


def lines(number):
    return render(PAGES[number], PAGES, "July 1, 2026").splitlines()


def entry(number, keyword):
    """The lines of one item."""
    page = lines(number)
    begin = next(at for at, line in enumerate(page) if line.startswith(f".It Ic {keyword} "))
    end = next(
        at for at, line in enumerate(page) if at > begin and line.startswith((".It", ".El"))
    )
    return page[begin:end]


@pytest.mark.parametrize(
    "number, keyword, expected",
    [
        (1, "depth", [".It Ic depth Ar uint8 ;", "How deep.", "It must not be zero.",
                      "The default is", ".Cm 3 ."]),
        (0, "listen", [".It Ic listen Oo Cm address Oc Cm port Ar port Oo Cm to Ar port Oc ;",
                       "Where to listen.", "At least one must be given."]),
        (0, "auth", [".It Ic auth Cm none | Cm by Ar str | Cm at Ar sock | path ;",
                     "Who is who."]),
        (0, "from", [".It Ic from Ar host-set ;", "Who.", "May be given several times."]),
        (0, "use", [".It Ic use Ar params Oo Cm now | later Oc Oo Cm force Oc ;", "What to use."]),
        (0, "accept", [".It Ic accept ;", "Yes."]),
        (0, "order", [".It Ic order Ar str-list ;", "An order.", "The default is",
                      ".Cm { b, a } ."]),
        (0, "client", [r".It Ic client No {\~...\~}", "One side.", "See", ".Ql client",
                       "in", ".Xr times 5 ."]),
        (0, "rule", [r".It Ic rule Ar NAME No {\~...\~}", "Rules.", "See", ".Ql rule .",
                     "May be given several times."]),
        (2, "planet", [".It Ic planet Ar planet ;", "Where.", "The words of", ".Ql planet",
                       "are: Mercury, Venus, Earth."]),
        (2, "letter", [".It Ic letter Ar word ;", "Which.",
                       "The words are: a, b, c, d, e, f, g, h, i, j."]),
    ],
)
def test_entries(number, keyword, expected):
    assert entry(number, keyword) == expected


def test_a_section_derived_from_several():
    page = lines(2)
    begin = page.index(".Ss both")
    assert page[begin:begin + 11] == [
        ".Ss both", "Derived from two.", "It has the items of", ".Ql other", "and of", ".Ql params",
        "in", ".Xr params 5 ,", "and these:", ".Bl -tag -width Ds", ".It Ic size Ar size ;",
    ]


def test_a_derived_section_tells_what_differs():
    page = lines(2)
    begin = page.index(".Ss client")
    assert page[begin:begin + 9] == [
        ".Ss client", "Times of one side.", "It has the items of", ".Ql timeouts ,", "without",
        ".Ql conn ,", "and these:", ".Bl -tag -width Ds", ".It Ic send Ar seconds ;",
    ]


def test_the_rest_of_a_page():
    page = lines(0)
    assert page[1:8] == [".Dd July 1, 2026", ".Dt HOUSE 5", ".Os", ".Sh NAME", ".Nm house",
                         ".Nd a house", ".Sh DESCRIPTION"]
    assert page[8:13] == ["First.", ".Pp", "Second, see", ".Xr params 5 .", ".Ss house"]
    assert page[-8:] == [".Bd -literal -offset indent", "house H {", "    listen port 1;", "}",
                         ".Ed", ".Sh SEE ALSO", ".Xr b 7 ,", ".Xr configuration 7"]


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_mandoc_finds_nothing_wrong(number):
    page = render(PAGES[number], PAGES, "July 1, 2026")
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning"], input=page, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
