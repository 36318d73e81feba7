import pytest

from kernun_common.netio.section import ClientConn, ServerConn, SockOpt

DEFAULTS = {
    "recv_timeout": 120,
    "send_timeout": 120,
    "close_timeout": 5,
    "recv_bufsize": 16384,
    "send_bufsize": 16384,
    "keepalive": True,
    "ip_tos": None,
}


@pytest.mark.parametrize(
    "section, more",
    [
        (SockOpt, {"conn_timeout": 75}),
        (ServerConn, {"conn_timeout": 75, "log_limit": None}),
        (ClientConn, {"command_timeout": 120, "login_timeout": 180, "log_limit": None}),
    ],
)
def test_rows_and_defaults(section, more):
    made = section()
    assert {name: getattr(made, name) for name in section.TABLE.rows} == {**DEFAULTS, **more}


@pytest.mark.parametrize("section", [SockOpt, ServerConn, ClientConn])
def test_only_close_timeout_may_be_zero(section):
    zero = {name for name, row in section.TABLE.rows.items() if row.default and not row.check}
    assert zero == {"close_timeout", "keepalive"}
