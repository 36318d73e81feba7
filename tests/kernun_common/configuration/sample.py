"""sample - a small root of sections with one of everything, for the tests of this package."""

from __future__ import annotations

from typing import Iterable, List, NamedTuple, Tuple

from kernun_common.configuration.check import check
from kernun_common.configuration.constraints import nonzero
from kernun_common.configuration.kind import Context
from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.configuration.schema import Section, item, items, key, part, parts, section
from kernun_common.configuration.types import HostSet, NumberSet, Sock, StrSet, WordSet
from kernun_common.secret import Secret

TAG = "SAMPLE-2_1-RELEASE"
HEAD = f"version {TAG};\n"
FILE = "sample.cfg"

enumeration("colour", ("red", "green", "Light-Blue"))


@section("params", "What others refer to.", named=True)
class Params(Section):
    file: str | None = item("path", text="A file.")
    password: Secret | None = item("secret", text="A secret.")
    depth: int = item("uint8", default="3", check=nonzero, text="How deep.")


@section("timeouts", "Times.")
class Timeouts(Section):
    conn: float = item("seconds", default="75", check=nonzero, text="To connect.")
    send: float = item("seconds", default="2h", text="To send.")


@section("client", "Times of one side.", omit=("conn",))
class Client(Timeouts):
    send: float = item("seconds", default="0.5", text="To send to it.")
    size: int | None = item("size", text="Octets.")


class Use(NamedTuple):
    params: Params
    when: str = "now"
    force: bool = False


class Auth(NamedTuple):
    none: bool
    by: str | None
    at: Sock | str | None


class Listen(NamedTuple):
    port: int
    to: int | None


@section("rule", "A rule.", named=True)
class Rule(Section):
    from_: Tuple[HostSet, ...] = items("host-set", text="Who.")
    plug_to: Tuple[Sock, ...] = items("sock", text="Where to.")
    colours: WordSet | None = item("colour-set", text="Colours.")
    names: StrSet | None = item("str-set", text="Names.")
    hours: NumberSet | None = item("hhmm-set", text="When.")
    use: Use | None = item(
        "<params> ref:params [<when> now|later] [force]", into=Use, text="What to use."
    )
    accept: bool = key(text="Yes.")
    deny: bool = key(text="No.")

    def complaints(self) -> Iterable[Tuple[str, str]]:
        if self.accept and self.deny:
            yield "deny", "accept and deny exclude each other"


@section("house", "The whole.", named=True)
class House(Section):
    listen: Tuple[Listen, ...] = items(
        "[address] port port [to port]", into=Listen, mandatory=True, text="Where to listen."
    )
    auth: Auth | None = item("none | by str | at <at> sock|path", into=Auth, text="Who is who.")
    order: Tuple[str, ...] = item("str-list", default="{ b, a }", text="An order.")
    level: int = item("dbglev", default="normal", text="A level.")
    keep: bool = item("yes-no", default="yes", text="A choice.")
    client: Client = part(Client, text="One side.")
    server: Timeouts | None = part(Timeouts, optional=True, text="The other side.")
    rule: Tuple[Rule, ...] = parts(Rule, text="Rules.")


ROOT = (Params, House)


def checked(text: str, folder: str = "/etc/sample") -> Configuration:
    """The configuration that `text` is; ConfigurationErrors."""
    parsed = parse(text, FILE)
    context = Context(folder, {"imaps": 993, "http-alt": 8080}.get)
    return check(parsed.statements, parsed.errors, FILE, ROOT, TAG, context)


def errors(text: str) -> List[str]:
    """What is wrong with `text`, each as LINE:COLUMN: text."""
    try:
        checked(text)
    except ConfigurationErrors as found:
        return [str(error).removeprefix(f"{FILE}:") for error in found]
    return []
