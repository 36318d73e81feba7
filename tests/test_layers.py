"""No file escapes the layer rule: what does no I/O stands in the contract of pure files.

The contracts themselves (setup.cfg, [importlinter:...]) are checked by lint-imports.
"""

from configparser import ConfigParser
from fnmatch import fnmatchcase
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("imap4proxy", "kernun_common")


def contract():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    pure = setup["importlinter:contract:pure"]
    return pure["source_modules"].split(), set(pure["forbidden_modules"].split())


PATTERNS, FORBIDDEN = contract()
READS_FILES = {"pathlib", "importlib"}
GRAPH = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
MODULES = sorted(name for name in GRAPH.modules if name.split(".")[0] in PACKAGES)


def is_listed(module):
    return any(
        module == pattern or fnmatchcase(module, pattern.replace(".**", ".*"))
        for pattern in PATTERNS
    )


def does_io(module):
    through_others = not FORBIDDEN.isdisjoint(GRAPH.find_upstream_modules(module))
    by_itself = not READS_FILES.isdisjoint(GRAPH.find_modules_directly_imported_by(module))
    return through_others or by_itself


@pytest.mark.parametrize("module", MODULES)
def test_a_file_without_io_is_listed(module):
    if GRAPH.find_children(module) or is_listed(module):
        return  # a package's own words; lint-imports judges the listed ones
    assert does_io(module), "add it to source_modules of the contract of pure files in setup.cfg"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_row_of_the_contract_names_a_file(pattern):
    assert any(
        module == pattern or fnmatchcase(module, pattern.replace(".**", ".*"))
        for module in MODULES
    )
