"""Every item of the configuration has a test that shows its effect through the real program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .items import FOLDER, SHOWN, declared

ROOT = Path(__file__).parent.parent
DECLARED = list(declared())
ROWS = [(section, item) for section, items in SHOWN.items() for item in items]


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """The tests there are, as pytest writes them: each case, and each function without its case."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, FOLDER], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    cases = {line.removeprefix(f"{FOLDER}/") for line in done.stdout.splitlines()}
    return cases | {case.partition("[")[0] for case in cases}


@pytest.mark.parametrize("section, item", DECLARED)
def test_item_is_shown(section: str, item: str) -> None:
    if not SHOWN.get(section, {}).get(item):
        pytest.fail(
            f"No test shows what `{item}` does in section {section}. Write one in {FOLDER} that"
            " sees its effect from outside the program, and add the row to tests/items.py:"
            f' SHOWN["{section}"]["{item}"] = ["test_FILE.py::test_NAME"]',
            pytrace=False,
        )


@pytest.mark.parametrize("section, item", ROWS)
def test_row_is_declared(section: str, item: str) -> None:
    if (section, item) not in DECLARED:
        pytest.fail(f"tests/items.py: section {section} has no item `{item}`", pytrace=False)


@pytest.mark.parametrize("section, item", ROWS)
def test_tests_exist(section: str, item: str, collected: set[str]) -> None:
    missing = [test for test in SHOWN[section][item] if test not in collected]
    if missing:
        pytest.fail(f"tests/items.py: not there in {FOLDER}: {missing}", pytrace=False)
