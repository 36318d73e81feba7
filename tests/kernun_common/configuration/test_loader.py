"""Configurations out of real files."""

import pytest

from kernun_common.configuration.loader import ConfigurationErrors, load, service

from .sample import HEAD, ROOT, TAG


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def complaints(path):
    with pytest.raises(ConfigurationErrors) as errors:
        load(path, ROOT, TAG)
    return [str(error) for error in errors.value]


def test_a_file_and_what_it_includes(write, tmp_path):
    write("rules/all.cfg", "include 'more.cfg';".replace("'", '"') + "rule A { accept; }")
    write("rules/more.cfg", "rule B { use P; }")
    path = write(
        "main.cfg",
        HEAD + "params P { file x.pem; } house H { listen port 1; include rules/all.cfg; }",
    )
    configuration = load(path, ROOT, TAG)
    house = configuration.section("house", "H")
    assert [rule.name for rule in house.rule] == ["B", "A"]
    assert house.rule[0].use.params.file == str(tmp_path / "x.pem")
    assert str(house.rule[0].where) == f"{tmp_path}/rules/more.cfg:1:1"


def test_paths_start_in_the_folder_of_the_configuration(write, tmp_path, monkeypatch):
    write("sub/part.cfg", "params P { file x.pem; }")
    write("main.cfg", HEAD + "include sub/part.cfg;")
    monkeypatch.chdir(tmp_path)
    assert load("main.cfg", ROOT, TAG).members[0].file == str(tmp_path / "x.pem")


def test_names_of_services(write):
    path = write("main.cfg", HEAD + "house H { listen port imaps to nosuchservice; }")
    assert len(complaints(path)) == 1
    path = write("main.cfg", HEAD + "house H { listen port imaps; }")
    assert load(path, ROOT, TAG).members[0].listen[0].port == 993


@pytest.mark.parametrize("name", ["", "nosuch", "a b", "\0", "\u00e9", "x" * 10_000])
def test_no_service(name):
    assert service(name) is None


def test_no_file(tmp_path):
    path = f"{tmp_path}/none.cfg"
    assert complaints(path) == [f"{path}:1:1: cannot read {path}: No such file or directory"]


def test_a_folder_is_no_file(tmp_path):
    assert "Is a directory" in complaints(str(tmp_path))[0]


@pytest.mark.parametrize(
    "text, place",
    [(b"\xff", "1:1"), (HEAD.encode() + b"params \xc3\xbc\xe4 { }", "2:9"), (b"\xc3", "1:1")],
)
def test_no_utf8(write, text, place):
    path = write("main.cfg", text)
    assert complaints(path) == [f"{path}:{place}: no UTF-8 text"]


def test_a_byte_order_mark_is_no_text(write):
    path = write("main.cfg", b"\xef\xbb\xbf" + HEAD.encode())
    assert complaints(path)[0].startswith(f"{path}:1:1: no word")


def test_includes_that_cannot_be_read(write, tmp_path):
    path = write("main.cfg", HEAD + 'include "a\\x00b";\ninclude none;\nhouse H { listen; }')
    shown = complaints(path)
    assert [line.split(":")[1] for line in shown] == ["2", "3", "4"]
    assert "cannot read" in shown[0] and "cannot read" in shown[1]


def test_an_included_file_has_no_version(write):
    write("part.cfg", HEAD)
    path = write("main.cfg", HEAD + "include part.cfg;")
    assert "`version` stands once, before everything else" in complaints(path)[0]


def test_warnings(write):
    configuration = load(write("main.cfg", "version SAMPLE-2_9-RELEASE;"), ROOT, TAG)
    assert len(configuration.warnings) == 1
