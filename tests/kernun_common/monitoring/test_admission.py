"""admission: of whom the set speaks, and of whom it does not."""

import pytest

from kernun_common.monitoring.admission import admits
from kernun_common.sockaddr import address
from tests.support.configurations import proxy

ROWS = [
    # the item, who is admitted, who is not
    ("[127.0.0.1] : 80", "127.0.0.1 127.8.8.8 ::1 ::ffff:127.0.0.1", "192.0.2.1 ::2"),
    ("[0.0.0.0] : 80 from { [10.0.0.0/8], [192.0.2.5] }", "10.1.2.3 192.0.2.5", "127.0.0.1 ::1"),
    ("[::] : 80 from [2001:db8::]-[2001:db8::9]", "2001:db8::5", "2001:db8::a 127.0.0.1"),
    ("[0.0.0.0] : 80 from ! [10.0.0.0/8]", "192.0.2.1 127.0.0.1", "10.0.0.1"),
    ("[0.0.0.0] : 80 from *", "192.0.2.1 ::1", ""),
    ("[127.0.0.1] : 80 from {}", "", "127.0.0.1 ::1"),
]


@pytest.mark.parametrize("item, admitted, denied", ROWS)
def test_admits(item, admitted, denied):
    http = proxy(f"monitoring {{ http {item}; }}").monitoring.http
    assert all(admits(http, address(each)) for each in admitted.split())
    assert not any(admits(http, address(each)) for each in denied.split())
