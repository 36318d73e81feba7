"""Files that include files, out of a dictionary."""

import pytest

from kernun_common.configuration.includes import FILES, LEVELS, Includer
from kernun_common.errors import ConfigurationError, Where

from .test_parser import shown

BEGIN = Where("-", 1, 1)


def included(files, path="/d/main"):
    """The statements and errors of a configuration whose files are `files`."""

    def read(name, where):
        if name not in files:
            raise ConfigurationError(where, f"no {name}")
        return files[name]

    includer = Includer(read)
    statements = includer.file(path, BEGIN)
    errors = sorted(includer.errors, key=lambda error: error.where)
    return shown(statements), [str(error) for error in errors]


@pytest.mark.parametrize(
    "files, statements",
    [
        ({"/d/main": "a; b;"}, "a; b;"),
        ({"/d/main": 'a; include "x"; c;', "/d/x": "b; b;"}, "a; b; b; c;"),
        ({"/d/main": "INCLUDE x/y;", "/d/x/y": "include z;", "/d/x/z": "b;"}, "b;"),
        ({"/d/main": "include ../y;", "/d/../y": "b;"}, "b;"),
        ({"/d/main": 's { include "/e"; } t { a; }', "/e": "b;"}, "s{b;} t{a;}"),
        ({"/d/main": 's { t { include "x"; } }', "/d/x": "a { b; }"}, "s{t{a{b;}}}"),
        ({"/d/main": "include x; include x;", "/d/x": "b;"}, "b; b;"),
        ({"/d/main": "include x;", "/d/x": ""}, ""),
        ({"/d/main": "include { a; }"}, "include{a;}"),
    ],
)
def test_good(files, statements):
    assert included(files) == (statements, [])


@pytest.mark.parametrize(
    "files, statements, errors",
    [
        ({}, "", ["-:1:1: no /d/main"]),
        ({"/d/main": "a;\n include x; b;"}, "a; b;", ["/d/main:2:10: no /d/x"]),
        ({"/d/main": "s { include x; b; }"}, "s{b;!}", ["/d/main:1:13: no /d/x"]),
        ({"/d/main": "include main;"}, "", ["/d/main:1:9: /d/main includes itself"]),
        ({"/d/main": "include x;", "/d/x": "a;\ninclude main;"}, "a;",
         ["/d/x:2:9: /d/main includes itself"]),
        ({"/d/main": "include x; b }", "/d/x": "a };\nb;"}, "b;",
         ["/d/main:1:14: expected `;`, `{` or another element, not `}`",
          "/d/x:1:3: expected `;`, `{` or another element, not `}`"]),
        ({"/d/main": "include; include a b; include {a}; include \"\"; include [::1];"}, "",
         [f"/d/main:1:{column}: expected the path of one file behind `include`"
          for column in (1, 10, 23, 36, 48)]),
    ],
)
def test_bad(files, statements, errors):
    assert included(files) == (statements, errors)


def chain(length):
    files = {f"/d/{number}": f"include {number + 1};" for number in range(length)}
    return {**files, f"/d/{length}": "end;"}


def test_levels():
    assert included(chain(LEVELS), "/d/0") == ("end;", [])
    statements, errors = included(chain(LEVELS + 1), "/d/0")
    assert statements == "" and errors == [
        f"/d/{LEVELS}:1:9: more than {LEVELS} levels of included files"
    ]


def test_files_that_include_one_another_many_times():
    files = {f"/d/{number}": f"include {number + 1};" * 10 for number in range(10)}
    statements, errors = included(files, "/d/0")
    assert statements == "" and f"more than {FILES} files are included" in errors[-1]
