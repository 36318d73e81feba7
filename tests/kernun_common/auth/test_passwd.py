"""passwd: lines, and passwords that were encrypted here and elsewhere."""

import pytest

from kernun_common.auth.passwd import Entry, PasswordFile, hashed
from kernun_common.auth.user import Denied, User
from kernun_common.errors import Unavailable
from kernun_common.secret import Secret

# Of the password `secret`, by `htpasswd -nbB`, `openssl passwd -6` and `openssl passwd -5`.
BCRYPT = "$2y$04$ljaT1GTDtXlWLvWXabOSf..BKVmsfMd1X5HtdY.Rna66ERx/Ik2am"
SHA512 = (
    "$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGf"
    "Qv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG."
)
SHA256 = "$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM."

ENTRIES = [
    ("alice:x:staff,sales", Entry("alice", "x", ("staff", "sales"))),
    ("bob:x", Entry("bob", "x")),
    ("carol:x:", Entry("carol", "x")),
    ("dave:x:,a,,b,", Entry("dave", "x", ("a", "b"))),
    ("", None),
    ("# alice:x", None),
    ("alice", None),
    (":x", None),
    ("alice:x:a:b", None),
]


@pytest.mark.parametrize("line, entry", ENTRIES)
def test_lines(line, entry):
    assert Entry.read(line) == entry
    assert entry is None or Entry.read(entry.write()) == entry


@pytest.fixture(scope="module")
def encrypted():
    return hashed(Secret(b"secret"))


def check(tmp_path, text, name="alice", password=b"secret"):
    path = tmp_path / "passwd"
    path.write_text(text)
    return PasswordFile(str(path)).check(name, Secret(password), {})


def test_argon2id_is_taken(encrypted):
    assert encrypted.startswith("$argon2id$")
    assert hashed(Secret(b"secret")) != encrypted


@pytest.mark.parametrize("word", ["argon2", BCRYPT, SHA512, SHA256])
def test_understood(tmp_path, encrypted, word):
    line = f"alice:{encrypted if word == 'argon2' else word}:staff\n"
    assert check(tmp_path, line) == User("alice", ("staff",))
    for wrong in (b"secreT", b"", b"x" * 500, b"\0", b"\xff"):
        assert check(tmp_path, line, password=wrong) == Denied("wrong password")


def test_nobody(tmp_path, encrypted):
    assert check(tmp_path, f"alice:{encrypted}\n", "Alice") == Denied("no such user")
    assert check(tmp_path, "", "") == Denied("no such user")


@pytest.mark.parametrize("word", ["", "*", "secret", "$1$x$y", "$argon2id$v=19$"])
def test_no_encrypted_password(tmp_path, word):
    for password in (b"secret", b"", b"*"):
        assert check(tmp_path, f"alice:{word}\n", password=password) == Denied("wrong password")


def test_the_first_line_of_a_user_counts(tmp_path, encrypted):
    assert check(tmp_path, f"alice:*\nalice:{encrypted}\n") == Denied("wrong password")


@pytest.mark.parametrize("octets", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read(tmp_path, octets):
    path = tmp_path / "passwd"
    if octets is not None:
        path.write_bytes(octets)
    with pytest.raises(Unavailable, match=str(path)):
        PasswordFile(str(path)).check("alice", Secret(b"secret"), {})


def test_it_asks_nothing(tmp_path):
    backend = PasswordFile(str(tmp_path / "passwd"))
    assert isinstance(backend.respond("alice", Secret(b"x"), b"", {}), Denied)
