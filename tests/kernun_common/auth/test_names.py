"""names: what the system says, when it is asked."""

from ipaddress import ip_address

import pytest

from kernun_common.auth.names import SystemNames


def test_names():
    names = SystemNames()
    assert ip_address("127.0.0.1") in names.get("localhost", ())
    for unknown in ("nowhere.invalid", "x" * 300):
        assert names.get(unknown, ()) == ()
        with pytest.raises(KeyError):
            names[unknown]
    assert (list(names), len(names)) == ([], 0)
