"""section - auth(5): users who log in out of band, and who knows their passwords.

    passwd-auth STAFF { file "/etc/imap4-proxy/passwd"; }
    oob-auth DESK { method html-form; listen ...; ssl-params IN; auth passwd STAFF; store ...; }
    imap4-proxy MAIL { auth oob DESK; ... }

See also: store.py, backend.py.
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Optional, Tuple, Union

from kernun_common.configuration.constraints import Constraint, nonzero
from kernun_common.configuration.schema import Section, item, items, section
from kernun_common.configuration.types import Host, HostSet, Sock
from kernun_common.netio import proxy_hosts
from kernun_common.redis_store.section import REDIS, Redis
from kernun_common.tls.section import SslParams

from ..secret import Secret

HTML_FORM, EXTERNAL = "html-form", "external"

RADIUS_PORT = 1812  # RFC 2865 section 3
RADIUS_SECONDS = 5.0
RADIUS_TRIES = 5
RADIUS_GROUPS = "Filter-Id|Class|Reply-Message|Login-LAT-Group|Framed-Pool"
REQUIRED = "required"
LDAP_PORT, LDAPS_PORT = 389, 636  # RFC 4511 section 5.2
COMMAND = "command"

_FORM_ONLY = ("listen", "ssl_params", "auth")


@section("passwd-auth", "Passwords and groups of users in a file.", named=True)
class PasswdAuth(Section):
    file: str = item(
        "path",
        mandatory=True,
        text="The file, as kernun-fwpasswd(1) keeps it; it is read at every login.",
    )


class RadiusServer(NamedTuple):
    """Where a server is, the secret shared with it, how long and how often it is asked."""

    host: Host
    port: Optional[int]
    secret: Secret
    timeout: Optional[float] = None
    tries: Optional[int] = None

    @property
    def sock(self) -> Sock:
        return Sock(self.host, RADIUS_PORT if self.port is None else self.port)

    @property
    def seconds(self) -> float:
        return RADIUS_SECONDS if self.timeout is None else self.timeout

    @property
    def retries(self) -> int:
        return RADIUS_TRIES if self.tries is None else self.tries


asked = Constraint(
    "timeout and tries must not be zero", lambda server: server.seconds > 0 < server.retries
)


@section(
    "radius-client",
    "RADIUS servers that know passwords and groups. A user is called as the User-Name of an"
    " acceptance says; where it has none, as the user writes it.",
    named=True,
)
class RadiusSection(Section):
    server: Tuple[RadiusServer, ...] = items(
        "<host> host [port port] <secret> secret [<timeout> seconds [<tries> uint8]]",
        into=RadiusServer,
        mandatory=True,
        check=asked,
        text="A server; they are asked in their order until one answers. The port is 1812 if not"
        " given. It is asked again after `timeout`, 5 seconds if not given, and as often as"
        " `tries` says, 5 times if not given.",
    )
    nas: str = item(
        "str",
        default="kernun-oob",
        text="What the servers are told of who asks: NAS-Identifier.",
    )
    groups: Optional[str] = item(
        RADIUS_GROUPS,
        text="The attribute of an acceptance that names the user's groups: each one of them, or"
        " several with commas between. Users have no groups if not given.",
    )
    message_authenticator: str = item(
        f"{REQUIRED}|optional",
        default=REQUIRED,
        text="Whether an answer must bear a Message-Authenticator. With `optional`, who stands"
        " between this program and the server can forge an acceptance; servers that send none have"
        " to be told to, or the network between has to be safe.",
    )


class LdapServer(NamedTuple):
    host: Host
    port: Optional[int] = None


class LdapTls(NamedTuple):
    """TLS at once (session, the default), or by StartTLS (command)."""

    params: SslParams
    mode: Optional[str] = None


class BindInfo(NamedTuple):
    """As whom the directory is searched."""

    dn: str
    password: Secret


class LdapUsers(NamedTuple):
    """Where entries of users are, and which attribute bears their names."""

    base: str
    attribute: Optional[str] = None
    filter: Optional[str] = None


class LdapGroups(NamedTuple):
    """Likewise of groups; `member` holds the members, `by` their DN or their names."""

    base: str
    attribute: Optional[str] = None
    member: Optional[str] = None
    by: Optional[str] = None
    filter: Optional[str] = None


def _is_filter(value: Union[LdapUsers, LdapGroups]) -> bool:
    text = value.filter
    return text is None or text.startswith("(") and text.endswith(")")


bracketed = Constraint("a filter must stand in brackets", _is_filter)


@section("ldap-client-auth", "A directory that knows passwords and groups.", named=True)
class LdapSection(Section):
    server: Tuple[LdapServer, ...] = items(
        "<host> host [port port]",
        into=LdapServer,
        mandatory=True,
        text="A server; they are asked in their order until one answers. The port is 389 if not"
        " given, or 636 where TLS is spoken at once.",
    )
    ssl: Optional[LdapTls] = item(
        f"<params> ref:ssl-params [<mode> session|{COMMAND}]",
        into=LdapTls,
        text="Speak TLS as this section says, ssl(5): at once (session, the default), or by"
        " StartTLS (command). Without it passwords go in clear.",
    )
    bindinfo: Optional[BindInfo] = item(
        "<dn> str <password> secret",
        into=BindInfo,
        text="The name (DN) and the password of who searches the directory; nobody in particular"
        " if not given.",
    )
    users: LdapUsers = item(
        "<base> str [attribute str] [filter str]",
        into=LdapUsers,
        mandatory=True,
        check=bracketed,
        text="Where the entries of users are: below this name. What a user writes is compared with"
        " the attribute, uid if not given; a filter of RFC 4515 may ask for more. Who has several"
        " entries is denied. The user is called as the entry says, however a user writes it; who"
        " searches must be allowed to read the attribute.",
    )
    groups: Optional[LdapGroups] = item(
        "<base> str [attribute str] [member str] [by dn|user] [filter str]",
        into=LdapGroups,
        check=bracketed,
        text="Where the entries of groups are: below this name. The attribute, cn if not given, is"
        " a group's name; the attribute `member`, called member if not given, holds its members,"
        " by the names (DN) of their entries or, with `user`, by the names of `users`. A filter may"
        " ask for more. Users have no groups if not given.",
    )
    timeout: float = item(
        "seconds",
        default="5",
        check=nonzero,
        text="How long each step with a server may take: to connect, and to be answered.",
    )

    def sock(self, server: LdapServer) -> Sock:
        """Where a server is."""
        at_once = self.ssl is not None and self.ssl.mode != COMMAND
        usual = LDAPS_PORT if at_once else LDAP_PORT
        return Sock(server.host, usual if server.port is None else server.port)


class BackendName(NamedTuple):
    """One of them."""

    passwd: Optional[PasswdAuth] = None
    radius: Optional[RadiusSection] = None
    ldap: Optional[LdapSection] = None


class StorePlace(NamedTuple):
    """An SQLite file; or the fields of Redis."""

    path: Optional[str] = None
    sock: Optional[Sock] = None
    user: Optional[str] = None
    password_file: Optional[str] = None
    ssl_params: Optional[SslParams] = None
    prefix: Optional[str] = None

    @property
    def redis(self) -> Optional[Redis]:
        if self.sock is None:
            return None
        return Redis(self.sock, self.user, self.password_file, self.ssl_params, self.prefix)


class Listen(NamedTuple):
    """Where the page is served, and which hosts tell by PROXY headers whom they come for."""

    at: Sock
    proxy_protocol: Optional[HostSet] = None


def _listen_complaint(listen: Listen) -> Optional[str]:
    return proxy_hosts.complaint(listen.proxy_protocol)


@section("oob-auth", "How users log in, and where their logins are kept.", named=True)
class OobAuth(Section):
    """A login binds a user to the address of a client."""

    method: str = item(
        f"{HTML_FORM}|{EXTERNAL}",
        mandatory=True,
        text="With html-form, kernun-oob(8) serves a page at which users log in and out. With"
        " external, the administrator keeps the list of logins by the commands of kernun-oob(8).",
    )
    listen: Optional[Listen] = item(
        "<at> sock [proxy-protocol host-set]",
        into=Listen,
        check=_listen_complaint,
        text="Where the page is served; with html-form it must be given. Clients have to reach it"
        " with the address that they have at the proxy. Connections from the hosts behind"
        " `proxy-protocol`, such as a balancer, must begin with a PROXY protocol header, version 1"
        " or 2, before TLS if there is any; its source then counts as the client, as in"
        " listen-on(5). From any other host such a header is a bad request.",
    )
    ssl_params: Optional[SslParams] = item(
        "ref:ssl-params",
        text="The page is served by TLS as this section says, ssl(5). It must be given unless the"
        " page is served on a loopback address.",
    )
    auth: Optional[BackendName] = item(
        "passwd ref:passwd-auth | radius ref:radius-client | ldap ref:ldap-client-auth",
        into=BackendName,
        text="Who knows the passwords; with html-form it must be given.",
    )
    store: StorePlace = item(
        f"<path> path | redis {REDIS}",
        into=StorePlace,
        mandatory=True,
        text="Where logins are kept: an SQLite file, or a Redis server, which several proxies may"
        " share. The file is made if it is not there; kernun-oob(8) and the children of the"
        " proxies must be allowed to write it and its folder. What `prefix` says is how the names"
        " of all keys begin; the password is the first line of its file.",
    )
    max_sessions: int = item(
        "uint32",
        default="4096",
        check=nonzero,
        text="So many logins may there be at one time; one more is denied.",
    )
    idle_timeout: float = item(
        "seconds",
        default="15m",
        check=nonzero,
        text="A login ends when its address has had no session for so long.",
    )
    max_time: float = item(
        "seconds",
        default="12h",
        check=nonzero,
        text="A login ends after so long, whatever happens meanwhile.",
    )
    max_user: int = item(
        "uint16",
        default="64",
        check=nonzero,
        text="The most octets of a user's name; who has a longer one is denied.",
    )
    max_groups: int = item(
        "uint16",
        default="512",
        text="The most octets of the names of all groups of a user, with a comma between any two;"
        " who has more is denied.",
    )

    def complaints(self) -> Iterable[Tuple[str, str]]:
        if self.method == EXTERNAL:
            for attribute in _FORM_ONLY:
                if getattr(self, attribute) is not None:
                    yield attribute, "has no effect with method external"
            return
        for attribute, text in (("listen", "where"), ("auth", "who knows the passwords")):
            if getattr(self, attribute) is None:
                yield "method", f"html-form needs `{attribute}`: {text}"
        listen = self.listen
        if listen is not None and self.ssl_params is None and not _is_loopback(listen.at):
            yield "listen", "passwords would go in clear: ssl-params is needed"


def _is_loopback(sock: Sock) -> bool:
    return sock.host.address is not None and sock.host.address.is_loopback


class Auth(NamedTuple):
    """Whether a proxy knows users, and how they log in."""

    none: bool = False
    oob: Optional[OobAuth] = None


@section("auth", "Whether users of a proxy log in.")
class WithAuth(Section):
    """Base of the sections in which the item may stand."""

    auth: Auth = item(
        "none | oob ref:oob-auth",
        into=Auth,
        default="none",
        text="With oob, the user of a session is who has logged in at the client's address,"
        " auth(7); the conditions user and group of ACLs ask for that. With none, no session has a"
        " user.",
    )
