"""interface: names of devices, and which addresses aliases stand for."""

import pytest

from kernun_common.configuration.loader import load
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Exact, Glob, Host, StrSet
from kernun_common.sockaddr import address
from kernun_common.tcpserver.interface import Interface, hosts_of

TAG = "TEST-1_0-RELEASE"
ONE, TWO = Host(address=address("192.0.2.1")), Host(address=address("2001:db8::1"))
THREE = Host(name="fw.example.org")
TEXT = """interface X {
    dev em0.7;
    alias IN { addr [192.0.2.1]; }
    alias IN6 { addr [2001:db8::1]; }
    alias NAMED { addr fw.example.org; }
}
"""


def read(folder, text):
    path = folder / "test.cfg"
    path.write_text(f"version {TAG};\n{text}")
    [section] = load(str(path), (Interface,), TAG).members
    return section


SETS = [
    (None, None),
    (StrSet(everything=True), (ONE, TWO, THREE)),
    (StrSet((Exact("IN"),)), (ONE,)),
    (StrSet((Glob("IN*"),)), (ONE, TWO)),
    (StrSet((Exact("IN"),), negated=True), (TWO, THREE)),
    (StrSet((Exact("in"),)), ()),
]


@pytest.mark.parametrize("aliases, hosts", SETS)
def test_hosts(tmp_path, aliases, hosts):
    assert hosts_of(read(tmp_path, TEXT), aliases) == hosts


BAD = ['"e;m"', '"a b"', '"quote\\""', '""', "sixteen-letters-", "*"]


@pytest.mark.parametrize("dev", BAD)
def test_bad_names_of_devices(tmp_path, dev):
    with pytest.raises(ConfigurationErrors):
        read(tmp_path, f"interface X {{ dev {dev}; }}")
