"""What it complains about is in test_context.py, through the context that needs it."""

import pytest

from kernun_common.errors import ConfigurationError, Where
from kernun_common.tls.material import Material
from kernun_common.tls.section import KeyFile, SslParams
from tests.support.certificates import Authority, write


@pytest.fixture
def authority():
    return Authority("Example CA")


def test_the_first_certificate_is_the_files_own(authority, tmp_path):
    server = authority.issue("proxy")
    files = server.write(tmp_path, authority)
    found = Material(SslParams()).certificates("cert_file", files.cert)
    assert found == [server.certificate, authority.certificate]


@pytest.mark.parametrize("password, lines", [(None, None), (b"s p", b"s p\nmore"), (b"x", b"x")])
def test_key(authority, tmp_path, password, lines):
    server = authority.issue("proxy")
    files = server.write(tmp_path, password=password)
    password_file = lines and write(tmp_path / "password", lines)
    key = Material(SslParams(key_file=KeyFile(files.key, password_file))).key()
    assert key.private_numbers() == server.key.private_numbers()


def test_authorities_are_those_of_the_file_and_of_the_folder(authority, tmp_path):
    folder = tmp_path / "authorities"
    (folder / "below").mkdir(parents=True)
    one = write(tmp_path / "ca.pem", authority.pem)
    two, three = (write(folder / name, authority.pem) for name in ("1.pem", "2.pem"))
    write(folder / "list.r0", authority.crl())
    material = Material(SslParams(ca_file=one, ca_dir=str(folder)))
    expected = [("ca_file", one), ("ca_dir", two), ("ca_dir", three)]
    assert list(material.authorities()) == expected


def test_revocations_are_all_lists_of_the_file(authority, tmp_path):
    assert Material(SslParams()).revocations() == []
    path = write(tmp_path / "crl.pem", authority.crl() + b"words\n" + Authority("Other").crl())
    lists = Material(SslParams(crl_file=path)).revocations()
    assert [one.issuer.rfc4514_string()[:8] for one in lists] == ["CN=Examp", "CN=Other"]


def test_complain():
    place = Where("proxy.cfg", 7, 5)
    params = SslParams(where=Where("proxy.cfg", 1, 1), places={"ca_file": (place,)})
    for attribute, expected in [("ca_file", place), ("ca_dir", params.where)]:
        with pytest.raises(ConfigurationError) as error:
            Material(params).complain(attribute, "text")
        assert error.value.where == expected
