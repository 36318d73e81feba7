"""directories - real servers that know users, on loopback, for a test session.

    radius.port     freeradius, which shares radius.SECRET with its clients

    alice   wonderland      of staff and sales by Filter-Id; its Class is the NAS-Identifier
    carol   moon            then the code 123456
    dave    deep            the answer has no Message-Authenticator
    erin    sky             in whatever case; the acceptance has the User-Name erin

    ldap.port  ldap.tls_port    slapd; StartTLS and TLS, trusted by those who trust ldap.ca

    alice   wonderland      of staff (by her DN) and of sales (by her name, memberUid)
    b*b     star            the entry beside bob's, whose password is builder
    Mary    lamb            who is also mary.ann
    ghost   boo             nobody may read this name, though it is found by it

Only READER, by the password READER_PASSWORD, may search it.

They are fixtures of tests/conftest.py, started when the first test asks for one.
"""

from __future__ import annotations

from pathlib import Path

from .certificates import Authority, write
from .engines import Engine
from .ports import HOST, free_ports
from .process import Process

_RADIUS = """\
prefix = /usr
libdir = /usr/lib/freeradius
logdir = {folder}
run_dir = {folder}
raddbdir = {folder}
pidfile = {folder}/pid
security {{ allow_vulnerable_openssl = yes
}}
client test {{ ipaddr = {host}
    secret = {secret}
}}
modules {{
    pap {{
    }}
    always reject {{ rcode = reject
    }}
    always handled {{ rcode = handled
    }}
}}
server default {{
    listen {{ type = auth
        ipaddr = {host}
        port = {port}
    }}
    authorize {{
        if (&User-Name != "dave") {{
            update reply {{
                &Message-Authenticator := 0x00
            }}
        }}
        if (&User-Name == "alice") {{
            update control {{
                &Cleartext-Password := "wonderland"
            }}
            update reply {{
                &Filter-Id += "staff"
                &Filter-Id += "sales"
                &Class := "%{{NAS-Identifier}}"
            }}
            pap
        }}
        elsif (&User-Name == "dave") {{
            update control {{
                &Cleartext-Password := "deep"
            }}
            pap
        }}
        elsif (&User-Name =~ /^erin$/i) {{
            update control {{
                &Cleartext-Password := "sky"
            }}
            update reply {{
                &User-Name := "erin"
            }}
            pap
        }}
        elsif (&User-Name == "carol" && !&State) {{
            update control {{
                &Cleartext-Password := "moon"
                &Auth-Type := challenge
            }}
        }}
        elsif (&User-Name == "carol" && &State == 0x0a0b) {{
            update control {{
                &Cleartext-Password := "123456"
            }}
            pap
        }}
        else {{
            reject
        }}
    }}
    authenticate {{
        Auth-Type PAP {{
            pap
        }}
        Auth-Type challenge {{
            pap
            update reply {{
                &Reply-Message := "Your <code>?"
                &State := 0x0a0b
            }}
            update control {{
                &Response-Packet-Type := Access-Challenge
            }}
            handled
        }}
    }}
}}
"""


class Radius(Engine):
    """freeradius(8)."""

    SECRET = "a secret that is shared"

    def __init__(self) -> None:
        super().__init__()
        text = _RADIUS.format(
            folder=self.folder, host=HOST, port=self.port, secret=f'"{self.SECRET}"'
        )
        (self.folder / "radiusd.conf").write_text(text)

    def start(self) -> None:
        self.run("/usr/sbin/freeradius", "-f", "-l", "stdout", "-d", self.folder)

    def answers(self) -> bool:
        """It says so: UDP ports tell nothing."""
        assert self.process is not None
        return "Ready to process requests" in self.process.output


READER, READER_PASSWORD = "cn=reader,dc=example,dc=org", "a reader's secret"
PEOPLE, GROUPS = "ou=people,dc=example,dc=org", "ou=groups,dc=example,dc=org"

_SLAPD = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile {cert}
TLSCertificateKeyFile {key}
database mdb
suffix "dc=example,dc=org"
directory {folder}/db
access to attrs=userPassword by anonymous auth by * none
access to dn.exact="cn=Ghost,{people}" attrs=uid by dn.exact="{reader}" search by * none
access to * by dn.exact="{reader}" read by * none
"""
_ENTRIES = """\
dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: {reader}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {password}

dn: {people}
objectClass: organizationalUnit
ou: people

dn: {groups}
objectClass: organizationalUnit
ou: groups
"""
_PERSON = """
dn: cn={cn},{people}
objectClass: inetOrgPerson
cn: {cn}
sn: {cn}
{uids}
employeeType: {kind}
userPassword: {password}
"""
_BY_DN = """
dn: cn=staff,{groups}
objectClass: groupOfNames
cn: staff
member: cn=Alice (A),{people}

dn: cn=sales,{groups}
objectClass: posixGroup
cn: sales
gidNumber: 1
memberUid: alice
"""
_PEOPLE = (
    ("Alice (A)", "alice", "full", "wonderland"),
    ("Bob", "bob", "part", "builder"),
    ("Star", "b*b", "part", "star"),
    ("Twin 1", "twin", "full", "twin"),
    ("Twin 2", "twin", "part", "twin"),
    ("Mary", "Mary mary.ann", "part", "lamb"),
    ("Ghost", "ghost", "part", "boo"),
)


class Ldap(Engine):
    """slapd(8)."""

    def __init__(self) -> None:
        super().__init__()
        self.tls_port = free_ports(1)[0]
        authority = Authority("LDAP")
        self.ca = write(self.folder / "ca.pem", authority.pem)
        files = authority.issue(HOST, ips=[HOST]).write(self.folder)
        (self.folder / "db").mkdir()
        self._configuration = self.folder / "slapd.conf"
        self._configuration.write_text(
            _SLAPD.format(
                folder=self.folder,
                cert=files.cert,
                key=files.key,
                reader=READER,
                people=PEOPLE,
            )
        )

    def start(self) -> None:
        self._load()
        urls = f"ldap://{HOST}:{self.port} ldaps://{HOST}:{self.tls_port}"
        self.run("/usr/sbin/slapd", "-h", urls, "-f", self._configuration, "-d", 0)

    def _load(self) -> None:
        names = {"people": PEOPLE, "groups": GROUPS}
        people = (
            _PERSON.format(cn=cn, uids=_lines(uids), kind=kind, password=password, **names)
            for cn, uids, kind, password in _PEOPLE
        )
        text = _ENTRIES.format(reader=READER, password=READER_PASSWORD, **names)
        entries = Path(self.folder, "entries.ldif")
        entries.write_text(text + "".join(people) + _BY_DN.format(**names))
        command = ["/usr/sbin/slapadd", "-f", self._configuration, "-l", entries]
        with Process(command, self.folder / "slapadd.log") as loading:
            assert loading.wait() == 0, loading.output


def _lines(uids: str) -> str:
    return "\n".join(f"uid: {uid}" for uid in uids.split())
