"""The tests mirror the source by path: a/b.py is tested by tests/a/test_b.py."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("imap4proxy", "kernun_common")

# Nothing to test by itself; each is seen through what uses it.
WITHOUT_TEST = {
    "__init__.py": "words only",
    "__main__.py": "a call",
    "main.py": "a call, too; every test in tests/system runs it",
    "messages.py": "rows, tested all together by log/test_registry.py",
}


def files(pattern, *folders):
    found = [path for folder in folders for path in (ROOT / folder).rglob(pattern)]
    return sorted(path.relative_to(ROOT) for path in found)


def mirrored(source):
    return Path("tests") / source.parent / f"test_{source.name}"


@pytest.mark.parametrize("source", files("*.py", *PACKAGES), ids=str)
def test_every_file_has_its_test(source):
    assert source.name in WITHOUT_TEST or (ROOT / mirrored(source)).exists()


TESTS = files("test_*.py", *(f"tests/{package}" for package in PACKAGES))


@pytest.mark.parametrize("test", TESTS, ids=str)
def test_every_test_has_its_file(test):
    source = Path(*test.parts[1:]).with_name(test.name.removeprefix("test_"))
    assert mirrored(source) == test and (ROOT / source).exists()


FOLDERS = sorted({path.parent for path in files("*.py", "tests")})


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_folder_of_tests_is_a_package(folder):
    assert (ROOT / folder / "__init__.py").exists()
