import os
import weakref
from pathlib import Path

import pytest

from imap4proxy.mail_means import MailMeans, check_folders
from kernun_common.configuration.result import ConfigurationErrors
from tests.support.configurations import proxy


def test_nothing_is_opened_where_nothing_is_scanned():
    section = proxy('command-acl A { no-mail-scanning; accept; } mail-pool { dir "/nowhere"; }')
    MailMeans.of(section, None).work({}).close()


class Session:
    """Refers to itself."""

    def __init__(self, *held):
        self.held = (self, *held)


@pytest.mark.parametrize("memory", [0, 1000000])
def test_no_mail_stays_where_the_session_is_gone(tmp_path, memory):
    def left():
        found = Path("/proc/self/fd").iterdir()
        return [link for fd in found if (link := _link(fd)).startswith(f"{tmp_path}/#")]

    pool = f'mail-pool {{ dir "{tmp_path}"; free 0; memory {memory}; }}'
    means = MailMeans.of(proxy(pool + " command-acl A { accept; }"), None)
    work = means.work({})
    writer = work._pool.writer(5000)
    writer.write(b"x" * 5000)
    session = Session(work, writer.mail())
    held = weakref.ref(session)
    work.close()
    del work, writer, session
    assert held() is not None and len(left()) == (not memory)
    means.forget()
    assert held() is None and left() == []


def _link(path):
    try:
        return os.readlink(path)
    except FileNotFoundError:  # the descriptor of the listing itself
        return ""


BAD = [
    ('command-acl A { accept; }\nmail-pool { dir "/nowhere"; }', "/nowhere"),
    (
        'command-acl A { accept; } mail-pool { dir "/tmp"; }\n'
        'mail-acl B { quarantine "/nowhere"; accept; }',
        "/nowhere",
    ),
]


@pytest.mark.parametrize("body, words", BAD)
def test_folders_that_are_not_there(body, words):
    with pytest.raises(ConfigurationErrors) as caught:
        check_folders(proxy(body))
    [error] = caught.value
    assert error.where.line == 2 and words in error.text


def test_engines_are_those_that_acls_name(tmp_path):
    before = (
        "antivirus A { connection clamav [127.0.0.1] : 1; } "
        "antispam S { connection a.b : 2; } "
    )
    body = (
        f'mail-pool {{ dir "{tmp_path}"; }} '
        "command-acl A { use-antivirus enable A; upload { use-antispam enable S; } accept; }"
    )
    means = MailMeans.of(proxy(body, before), None)
    work = means.work({})
    assert work.wants == []
    work.close()
