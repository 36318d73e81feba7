"""What a context refuses, and where it says the mistake is; what it does is in test_upgrade."""

import pytest

from kernun_common.errors import ConfigurationError, Where
from kernun_common.tls.context import Context, Contexts, Role
from kernun_common.tls.section import KeyFile, SslParams, Verify
from tests.support.certificates import Authority, write

# As if each item stood on a line of its own, in this order; the section begins on line 1.
LINES = ("cert_file", "key_file", "ca_file", "ca_dir", "crl_file", "verify", "ciphers")
LINES += ("ciphersuites", "chain_file")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files that fit and files that do not."""
    folder = tmp_path_factory.mktemp("files")
    authority = Authority("Example CA")
    server, other = authority.issue("proxy"), authority.issue("other")
    (folder / "authorities").mkdir()
    (folder / "empty").mkdir()
    write(folder / "authorities/ca.pem", authority.pem)
    write(folder / "authorities/README", b"words")
    write(folder / "ca.pem", authority.pem)
    write(folder / "crl.pem", authority.crl() + Authority("Other CA").crl())
    write(folder / "cert.pem", server.pem + authority.pem)
    write(folder / "key.pem", server.key_pem())
    write(folder / "locked.pem", server.key_pem(b"secret"))
    write(folder / "password", b"secret\nnot this\n")
    write(folder / "wrong", b"guess\n")
    write(folder / "nothing", b"")
    write(folder / "other.pem", other.key_pem())
    write(folder / "broken.pem", server.pem.replace(b"MII", b"AAA"))
    write(folder / "broken-crl.pem", authority.crl().replace(b"\nMI", b"\nAA"))
    return folder


def params(folder, **items):
    """The names of files stand for their paths."""
    def path(value):
        return str(folder / value)

    given = {}
    for name, value in items.items():
        if isinstance(value, KeyFile):
            value = KeyFile(path(value.path), value.password_file and path(value.password_file))
        elif name.endswith(("_file", "_dir")):
            value = path(value)
        given[name] = value
    places = {name: (Where("proxy.cfg", line, 5),) for line, name in enumerate(LINES, 2)}
    return SslParams(
        name="IN",
        where=Where("proxy.cfg", 1, 1),
        places={name: place for name, place in places.items() if name in items},
        **given,
    )


OWN = {"cert_file": "cert.pem", "key_file": KeyFile("key.pem", None)}
REQUIRED = Verify("required", None)
SERVER, CLIENT = Role.SERVER, Role.CLIENT

GOOD = [
    (SERVER, OWN),
    (SERVER, {**OWN, "chain_file": "ca.pem"}),
    (SERVER, {**OWN, "key_file": KeyFile("locked.pem", "password")}),
    (SERVER, {**OWN, "ca_dir": "authorities", "verify": REQUIRED}),
    (SERVER, {**OWN, "ca_file": "ca.pem", "crl_file": "crl.pem", "verify": REQUIRED}),
    (CLIENT, {"ca_file": "ca.pem"}),
    (CLIENT, {"ca_dir": "authorities"}),
    (CLIENT, {"verify": Verify("none", None)}),
    (CLIENT, {**OWN, "ca_file": "ca.pem"}),
]


@pytest.mark.parametrize("role, items", GOOD)
def test_good(folder, role, items):
    Context(params(folder, **items), role)


BAD = [
    # role, items, line of the mistake, what is said of it
    (SERVER, {}, 1, "cert-file and key-file are needed"),
    (SERVER, {**OWN, "cert_file": "missing"}, 2, "missing: No such file"),
    (SERVER, {**OWN, "cert_file": "empty"}, 2, "empty: Is a directory"),
    (SERVER, {**OWN, "cert_file": "nothing"}, 2, ""),
    (SERVER, {**OWN, "cert_file": "key.pem"}, 2, ""),
    (SERVER, {**OWN, "cert_file": "broken.pem"}, 2, ""),
    (SERVER, {**OWN, "key_file": KeyFile("missing", None)}, 3, "missing: No such file"),
    (SERVER, {**OWN, "key_file": KeyFile("other.pem", None)}, 3, "key values mismatch"),
    (SERVER, {**OWN, "key_file": KeyFile("cert.pem", None)}, 3, ""),
    (SERVER, {**OWN, "key_file": KeyFile("locked.pem", None)}, 3, "assword"),
    (SERVER, {**OWN, "key_file": KeyFile("locked.pem", "wrong")}, 3, ""),
    (SERVER, {**OWN, "key_file": KeyFile("locked.pem", "nothing")}, 3, ""),
    (SERVER, {**OWN, "key_file": KeyFile("key.pem", "password")}, 3, "assword"),
    (SERVER, {**OWN, "key_file": KeyFile("locked.pem", "missing")}, 3, "missing: No such file"),
    (SERVER, {**OWN, "chain_file": "missing"}, 10, "missing: No such file"),
    (SERVER, {**OWN, "verify": REQUIRED}, 7, "ca-file or ca-dir is needed"),
    (CLIENT, {}, 1, "ca-file or ca-dir is needed"),
    (CLIENT, {"ca_file": "missing"}, 4, "missing: No such file"),
    (CLIENT, {"ca_file": "key.pem"}, 4, "no certificate in it"),
    (CLIENT, {"ca_file": "broken.pem"}, 4, "broken.pem: damaged certificate"),
    (CLIENT, {"ca_dir": "missing"}, 5, "missing: No such file"),
    (CLIENT, {"ca_dir": "ca.pem"}, 5, "ca.pem: Not a directory"),
    (CLIENT, {"ca_dir": "empty"}, 5, "no certificate in it"),
    (CLIENT, {"ca_file": "ca.pem", "crl_file": "missing"}, 6, "missing: No such file"),
    (CLIENT, {"ca_file": "ca.pem", "crl_file": "ca.pem"}, 6, "no list of revoked"),
    (CLIENT, {"ca_file": "ca.pem", "crl_file": "broken-crl.pem"}, 6, ""),
    (CLIENT, {"ca_file": "ca.pem", "ciphers": "NONE-SUCH"}, 8, ""),
    (CLIENT, {"ca_file": "ca.pem", "ciphersuites": "NONE-SUCH"}, 9, ""),
]


@pytest.mark.parametrize("role, items, line, text", BAD)
def test_bad(folder, role, items, line, text):
    with pytest.raises(ConfigurationError) as error:
        Context(params(folder, **items), role)
    assert error.value.where.line == line
    assert error.value.text and text in error.value.text


def test_what_is_not_verified_needs_no_authorities(folder):
    context = Context(params(folder, **OWN, ca_file="missing"), Role.SERVER)
    assert not context.verifies


def test_contexts_by_section_and_role(folder):
    contexts = Contexts()
    both = params(folder, **OWN, ca_file="ca.pem")
    contexts.add(both, Role.SERVER)
    contexts.add(both, Role.CLIENT)
    made = contexts.get(both, Role.SERVER)
    contexts.add(both, Role.SERVER)
    assert contexts.get(both, Role.SERVER) is made
    assert contexts.get(both, Role.CLIENT).role is Role.CLIENT
    with pytest.raises(KeyError):
        contexts.get(SslParams(name="OTHER"), Role.CLIENT)
