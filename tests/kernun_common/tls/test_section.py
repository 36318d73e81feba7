import pytest

from kernun_common.tls.section import KeyFile, SslParams, Versions

OWN = {"cert_file": "/c", "key_file": KeyFile("/k", None)}

CASES = [
    # items, attributes that are complained about
    ({}, []),
    (OWN, []),
    ({**OWN, "chain_file": "/c"}, []),
    ({"cert_file": "/c"}, ["cert_file"]),
    ({"key_file": KeyFile("/k", None)}, ["key_file"]),
    ({"chain_file": "/c"}, ["chain_file"]),
    ({"versions": Versions("TLSv1-3", "TLSv1-3")}, []),
    ({"versions": Versions("TLSv1-3", "TLSv1-2")}, ["versions"]),
    ({"crl_file": "/c"}, ["crl_file"]),
    ({"crl_file": "/c", "ca_file": "/a"}, []),
    ({"crl_file": "/c", "ca_dir": "/a"}, []),
]


@pytest.mark.parametrize("items, expected", CASES)
def test_what_does_not_fit_together(items, expected):
    assert [attribute for attribute, _ in SslParams(**items).complaints()] == expected


def test_defaults():
    params = SslParams()
    assert params.versions == Versions("TLSv1-2", "TLSv1-3")
    assert params.verify is None and params.match_name and params.tickets
