"""world - authorities, clients and servers with certificates of theirs, in files.

    world = World(folder)
    world.ca                        the authority that the proxy trusts, a path
    world.clients["alice"]          certificate and key
    world.servers["trusted"]
    own(world.proxy)                items of ssl-params
"""

from __future__ import annotations

from pathlib import Path

from .certificates import Authority, Files, Issued, write
from .ports import HOST

NAME = "localhost"


class World:
    """Authorities, and who has a certificate of theirs; each in files of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Authority("Example CA")
        self.users = self.root.subordinate("Example Users CA")
        self.strangers = Authority("Somebody")
        self.password = write(folder / "password", b"open sesame\n")
        self.ca = write(folder / "ca.pem", self.root.pem)
        self.cas = write(folder / "cas.pem", self.root.pem + self.users.pem)
        self.users_ca = write(folder / "users.pem", self.users.pem)
        (folder / "dir").mkdir()
        write(folder / "dir" / "one.pem", self.root.pem)
        self.ca_dir = str(folder / "dir")
        self.proxy = self.write(self.root.issue(NAME, dns=[NAME], ips=[HOST]))
        issued = self.root.issue(NAME, dns=[NAME])
        self.locked = issued.write(folder, password=b"open sesame")
        self.chained = self.write(self.users.issue(NAME, dns=[NAME]))
        alice = self.root.issue("Alice", units=["admins"], emails=["alice@example.org"])
        bob = self.root.issue("Bob")
        self.root.revoke(bob)
        self.crl = write(folder / "crl.pem", self.root.crl())
        self.clients: dict[str, Files | None] = {
            "nobody": None,
            "alice": self.write(alice),
            "bob": self.write(bob),
            "carol": self.users.issue("Carol").write(folder, self.users),
            "stranger": self.write(self.strangers.issue("Alice", units=["admins"])),
            "expired": self.write(self.root.issue("Alice", units=["admins"], until=-1)),
        }
        self.servers: dict[str, Files] = {
            "trusted": self.proxy,
            "other name": self.write(self.root.issue("other", dns=["other.example.org"])),
            "stranger": self.write(self.strangers.issue(NAME, ips=[HOST])),
            "expired": self.write(self.root.issue(NAME, ips=[HOST], until=-1)),
        }

    def write(self, issued: Issued) -> Files:
        return issued.write(self.folder)


def own(files: Files, more: str = "") -> str:
    """The items that a certificate of the proxy's own takes."""
    return f'cert-file "{files.cert}"; key-file "{files.key}"{more};'
