"""privileges: what is wrong on this machine, and what is left of a process afterwards."""

import grp
import os
import pwd
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from kernun_common.application.privileges import CAP_NET_RAW, Privileges
from kernun_common.application.section import Application, AppUser
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.tcpserver.section import ListenOn
from tests.support.proxy import ROOT

NOBODY = pwd.getpwnam("nobody")
GROUP = grp.getgrgid(NOBODY.pw_gid).gr_name
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
GIVE_UP = """
import re
from kernun_common.application.privileges import Privileges
Privileges().give_up()
print(*re.findall("Cap(?:Eff|Bnd):\\s*(\\w+)", open("/proc/self/status").read()))
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its user")


def section(user=None, group=None, root=None):
    app_user = AppUser(user, group) if user else None
    listen_on = ListenOn(non_transparent=())
    return Application(name="A", app_user=app_user, chroot_dir=root, listen_on=listen_on)


BAD = [
    # user, group, folder, words of the complaints
    ("no-such-user", None, None, ["no user no-such-user"]),
    ("nobody", "no-such-group", None, ["no group no-such-group"]),
    (None, None, "/no/such/folder", ["no folder /no/such/folder"]),
    (None, None, "/etc/passwd", ["no folder /etc/passwd"]),
    ("no-such-user", None, "/no/such/folder", ["no user", "no folder"]),
]


@pytest.mark.parametrize("user, group, root, words", BAD)
def test_bad(user, group, root, words):
    with pytest.raises(ConfigurationErrors) as caught:
        Privileges.of(section(user, group, root))
    assert len(caught.value.errors) == len(words)
    assert all(word in error.text for word, error in zip(words, caught.value))


def outcome(work):
    """Exit status of a process that does this: 0, or 1 if something was raised."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def status(privileges):
    """The lines of /proc/PID/status of a process that has given them up, and its folders."""
    read, write = os.pipe()

    def tell():
        own = open("/proc/self/status")  # the new root has none
        privileges.give_up()
        os.write(write, own.read().encode())
        for path in ("/", "."):
            os.write(write, f"Inode{path}:\t{os.stat(path).st_ino}\n".encode())

    assert outcome(tell) == 0
    os.close(write)
    with open(read) as file:
        text = file.read()
    return dict(re.findall(r"(?m)^(\S+):\s*(.*?)\s*$", text))


def test_nothing_asked_for():
    found = status(Privileges.of(section()))
    assert found["NoNewPrivs"] == "1"
    assert {int(found[name], 16) for name in ("CapEff", "CapPrm", "CapInh")} == {0}
    assert found["Uid"].split() == [str(os.getuid())] * 4


USERS = [
    # user, group, groups
    ("nobody", None, os.getgrouplist("nobody", NOBODY.pw_gid)),
    ("nobody", GROUP, [NOBODY.pw_gid]),
    ("nobody", "tty", [grp.getgrnam("tty").gr_gid]),
]


@needs_root
@pytest.mark.parametrize("user, group, groups", USERS)
def test_user(user, group, groups):
    found = status(Privileges.of(section(user, group)))
    assert found["Uid"].split() == [str(NOBODY.pw_uid)] * 4
    assert len(set(found["Gid"].split())) == 1
    assert sorted(map(int, found["Groups"].split())) == sorted(groups)
    sets = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
    assert {int(found[name], 16) for name in sets} == {0}
    assert found["NoNewPrivs"] == "1"


@needs_root
@pytest.mark.parametrize("user", [None, "nobody"])
def test_what_is_kept(user):
    privileges = replace(Privileges.of(section(user)), keep=1 << CAP_NET_RAW)
    found = status(privileges)
    assert {int(found[name], 16) for name in ("CapPrm", "CapEff")} == {1 << CAP_NET_RAW}
    assert {int(found[name], 16) for name in ("CapInh", "CapBnd", "CapAmb")} == {0}
    assert found["NoNewPrivs"] == "1"


@needs_root
def test_who_may_not_change_the_bounding_set_keeps_it():
    command = ["setpriv", "--bounding-set", "-setpcap", sys.executable, "-c", GIVE_UP]
    found = subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT)
    effective, bounding = (int(word, 16) for word in found.stdout.split())
    assert effective == 0 and bounding != 0


@needs_root
def test_root(tmp_path):
    tmp_path.chmod(0o755)
    found = status(Privileges.of(section("nobody", None, str(tmp_path))))
    assert found["Inode/"] == found["Inode."] == str(tmp_path.stat().st_ino)
    assert found["Uid"].split() == [str(NOBODY.pw_uid)] * 4


@needs_root
def test_what_is_not_allowed_is_told():
    def ask_for_more():
        Privileges.of(section("nobody")).give_up()
        with pytest.raises(OSError):
            Privileges(user=0, group=0, groups=(0,)).give_up()

    assert outcome(ask_for_more) == 0
