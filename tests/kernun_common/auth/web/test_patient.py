"""patient: octets that come late, not at all, and ends of either kind."""

import socket
import threading

import pytest
from OpenSSL import SSL

from kernun_common.auth.web.patient import Patient
from tests.support.certificates import Authority
from tests.support.tls import client_context


@pytest.fixture
def pair(tmp_path):
    """Our patient end, and the browser's."""
    files = Authority("CA").issue("x").write(tmp_path)
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate_file(files.cert)
    context.use_privatekey_file(files.key)
    plain, other = socket.socketpair()
    plain.settimeout(60)
    connection = SSL.Connection(context, plain)
    connection.set_accept_state()
    patient = Patient(connection, 60.0)
    reading = threading.Thread(target=patient.recv_into, args=(bytearray(1),))
    reading.start()
    browser = client_context().wrap_socket(other)
    browser.sendall(b"x")
    reading.join()
    yield patient, browser
    browser.close()
    plain.close()


def test_it_waits_for_octets(pair):
    patient, browser = pair
    sender = threading.Timer(0.05, browser.sendall, [b"form"])
    sender.start()
    buffer = bytearray(9)
    assert patient.recv_into(buffer) == 4 and buffer.startswith(b"form")
    sender.join()


def test_it_waits_for_room(pair):
    patient, browser = pair
    octets = bytes(1 << 22)
    read = []
    reader = threading.Thread(target=lambda: read.append(receive(browser, len(octets))))
    reader.start()
    sent = 0
    while sent < len(octets):
        sent += patient.send(octets[sent : sent + (1 << 20)])
    reader.join()
    assert read == [len(octets)]


def receive(sock, size):
    count = 0
    while count < size:
        count += len(sock.recv(1 << 20))
    return count


def test_it_does_not_wait_for_ever(pair):
    patient, _ = pair
    patient._seconds = 0.05
    with pytest.raises(TimeoutError, match="timed out"):
        patient.recv_into(bytearray(1))


def test_the_end(pair):
    patient, browser = pair
    leaving = threading.Thread(target=browser.unwrap)  # until it is answered
    leaving.start()
    assert patient.recv_into(bytearray(1)) == 0
    patient.shutdown()
    leaving.join()


def test_an_end_without_notice(pair):
    patient, browser = pair
    browser.shutdown(socket.SHUT_WR)
    assert patient.recv_into(bytearray(1)) == 0


def test_a_browser_that_is_gone(pair):
    patient, browser = pair
    browser.close()  # with octets that it has not read
    with pytest.raises(ConnectionError):
        patient.recv_into(bytearray(1))
