"""configuration: the sample takes this run's ports and stays good."""

import pytest

from imap4proxy import VERSION_TAG
from imap4proxy.demo.configuration import Places, adapt, sample
from imap4proxy.demo.server import Server
from imap4proxy.section import ROOT
from kernun_common.configuration.loader import load

SERVERS = [
    # server, TLS
    ("127.0.0.1:2143", None),
    ("imap.example.org:143", "command"),
    ("imap.example.org:993", "session"),
]


@pytest.mark.parametrize("text, security", SERVERS)
def test_adapt(tmp_path, text, security):
    server = Server.parse(text)
    path = tmp_path / "demo.cfg"
    path.write_text(adapt(sample(), Places(4143, server, 4145, 4146, str(tmp_path))))
    configuration = load(str(path), ROOT, VERSION_TAG)
    (proxy,) = configuration.sections("imap4-proxy")
    (antivirus,) = configuration.sections("antivirus")
    (antispam,) = configuration.sections("antispam")
    (listening,) = proxy.listen_on.non_transparent
    (plugged,) = proxy.session_acl[0].plug_to
    tls = proxy.command_acl[0].server_ssl_params
    assert listening.port == 4143
    assert antivirus.connection.clamav.port == 4145
    assert antispam.connection.port == 4146
    assert proxy.mail_pool.dir == str(tmp_path)
    assert (str(plugged.host).strip("[]"), plugged.port) == server
    assert (tls and tls.when) == security


def test_a_sample_without_the_places():
    places = Places(4143, Server("127.0.0.1", 2143), 4145, 4146, "/tmp")
    with pytest.raises(ValueError):
        adapt(sample().replace("port 1143", "port 1145"), places)
