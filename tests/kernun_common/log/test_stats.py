"""stats: the record of a session has every value of the row, and <NULL> for what is not known."""

from kernun_common.log.message import escape
from kernun_common.log.stats import ProxyEvent
from kernun_common.sockaddr import Sockaddr, address

CLIENT = Sockaddr(address("192.0.2.7"), 40312)
SERVER = Sockaddr(address("2001:db8::1"), 993)


def test_whole_session():
    event = ProxyEvent(
        client=CLIENT,
        server=SERVER,
        client_name="pc.example.org",
        server_name="imap.example.org",
        server_port_name="imaps",
        user=b"alice",
        client_in=1,
        client_out=2,
        server_in=3,
        server_out=4,
        duration=1.25,
        status="ACCEPTED",
        result="LOGOUT",
        rule="STAFF",
    )
    assert {name: escape(value) for name, value in event.fields().items()} == {
        "client": "pc.example.org",
        "client_ip": "192.0.2.7",
        "client_port": "40312",
        "server": "imap.example.org",
        "server_ip": "2001:db8::1",
        "server_port": "993",
        "server_port_name": "imaps",
        "user": "alice",
        "bytes_cin": "1",
        "bytes_cout": "2",
        "bytes_sin": "3",
        "bytes_sout": "4",
        "duration": "1.250",
        "status": "ACCEPTED",
        "result": "LOGOUT",
        "rule": "STAFF",
    }


def test_names_default_to_addresses():
    fields = ProxyEvent(client=CLIENT, server=SERVER).fields()
    assert (fields["client"], fields["server"]) == ("192.0.2.7", "2001:db8::1")


def test_session_without_server():
    fields = ProxyEvent(client=CLIENT, server=None).fields()
    unknown = {name for name, value in fields.items() if escape(value) == "<NULL>"}
    assert unknown == {"server", "server_ip", "server_port", "server_port_name", "user", "rule"}
