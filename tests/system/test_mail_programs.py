"""Real mail programs fetch a mailbox octet for octet: from Dovecot, and through the proxy."""

from types import SimpleNamespace

import pytest

from tests.support.certificates import Authority, write
from tests.support.dovecot import Dovecot
from tests.support.mail_programs import PLAIN, PROGRAMS, SECURITIES, STARTTLS, TLS, USER, Endpoint
from tests.support.mails import mails
from tests.support.proxy import Proxy

COUNT = 200


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """An authority, and one certificate that serves both the server and the proxy."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority("Example CA")
    files = authority.issue("localhost", dns=["localhost"], ips=["127.0.0.1"]).write(folder)
    ca = write(folder / "ca.pem", authority.pem)
    return SimpleNamespace(ca=ca, cert=files.cert, key=files.key)


@pytest.fixture(scope="module")
def server(tls):
    with Dovecot((tls.cert, tls.key)) as dovecot:
        dovecot.fill(USER, mails(COUNT))
        yield dovecot


@pytest.mark.parametrize("security", SECURITIES)
@pytest.mark.parametrize("program", PROGRAMS)
def test_without_the_proxy(tmp_path, server, tls, program, security):
    """The program, the rig and the mails are sound: what fails below is the proxy."""
    port = server.tls_port if security == TLS else server.port
    assert PROGRAMS[program](tmp_path, Endpoint(port, security, tls.ca)) == mails(COUNT)


WHEN = {TLS: "session", STARTTLS: "command"}


@pytest.fixture(scope="module", params=SECURITIES)
def proxy(request, tmp_path_factory, server, tls):
    """The proxy with the same kind of security on both sides."""
    sections = (
        f'ssl-params IN {{ cert-file "{tls.cert}"; key-file "{tls.key}"; }}\n'
        f'ssl-params OUT {{ ca-file "{tls.ca}"; }}\n'
    )
    security = request.param
    secured = security != PLAIN
    running = Proxy(
        tmp_path_factory.mktemp(f"proxy-{security}"),
        sections=sections if secured else "",
        session=f"plug-to localhost : {server.tls_port if security == TLS else server.port};"
        + (f"client-ssl-params IN {WHEN[security]};" if secured else ""),
        command=f"server-ssl-params OUT {WHEN[security]};" if secured else "",
        level="normal",
    )
    running.security = security
    with running:
        yield running
    assert running.status == 0


@pytest.mark.parametrize("program", PROGRAMS)
def test_through_the_proxy(tmp_path, proxy, tls, program):
    before = len(proxy.logged("IMAP-702"))
    fetched = PROGRAMS[program](tmp_path, Endpoint(proxy.port, proxy.security, tls.ca))
    assert fetched == mails(COUNT)
    ends = proxy.wait_for("IMAP-702", before + 1)[before:]
    assert all(line.endswith(" ACCEPTED") for line in ends)
