"""directories - real servers that know users, on loopback, for a test session.

    radius.port     freeradius, which shares radius.SECRET with its clients

    alice   wonderland      of staff and sales by Filter-Id; its Class is the NAS-Identifier
    carol   moon            then the code 123456
    dave    deep            the answer has no Message-Authenticator

They are fixtures of tests/conftest.py, started when the first test asks for one.
"""

from __future__ import annotations

from .engines import Engine
from .ports import HOST

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
