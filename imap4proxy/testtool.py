"""testtool - the program test-imap4: is a configuration good, and what does it mean?

    test-imap4 [-hv] [-d dbglev] -f cfgfile [-r] [-t test_expr]

Exit status: 0 good, 1 bad configuration, 2 used wrongly.  Without -t it says
nothing but what is wrong.  It starts nothing, and changes nothing.

See also: test-imap4(8), test-expr(5), trial.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import datetime
from typing import Dict, Iterable, List, NoReturn, Sequence, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.application import cli, messages
from kernun_common.application.answers import answers
from kernun_common.application.names import Place, host_names, names_in
from kernun_common.application.program import Program
from kernun_common.application.reading import read_proxies
from kernun_common.application.test_expr import WHERE, Question, read
from kernun_common.configuration.kind import Context
from kernun_common.configuration.loader import load, service
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.log.sinks import to_standard_error
from kernun_common.netio.waiting import Waiter
from kernun_common.resolving.resolver import SystemResolver
from kernun_common.sockaddr import Address

from . import VERSION_TAG
from .contexts import contexts_of
from .section import ROOT, Imap4Proxy
from .section.warnings import warnings
from .trial import EXAMINED

NAME = "test-imap4"
BAD_CONFIGURATION, USED_WRONGLY = 1, 2
LOOKUP_SECONDS = 10.0  # for one name


def main(argv: List[str] | None = None) -> int:
    """From the command line to the exit status; SystemExit after -h, -v and wrong usage."""
    options = _parser().parse_args(argv)
    try:
        questions = read(options.t, Context(service=service)) if options.t is not None else ()
    except ConfigurationErrors as errors:
        return _fail(errors, USED_WRONGLY)
    try:
        configuration = _read(options)
        resolution = _resolve(host_names(configuration.members)) if options.r else {}
    except ConfigurationErrors as errors:
        return _fail(errors, BAD_CONFIGURATION)
    if not questions:
        return 0
    try:
        if options.r:
            names = ((name, WHERE) for _, value in questions for name in names_in(value))
            resolution = {**resolution, **_resolve(names)}
        _answer(questions, configuration, resolution)
    except ConfigurationErrors as errors:
        return _fail(errors, USED_WRONGLY)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = cli.parser(NAME, VERSION_TAG)
    parser.add_argument(
        "-r", action="store_true", help="resolve names in the configuration prior to testing"
    )
    parser.add_argument(
        "-t", metavar="test_expr", help="test the configuration according to this expression"
    )
    return parser


def _fail(errors: ConfigurationErrors, status: int) -> int:
    for error in errors:
        print(error, file=sys.stderr)
    return status


def _read(options: argparse.Namespace) -> Configuration:
    """The configuration, checked as for a start; what it warns of is told."""
    log = to_standard_error(NAME, options.d)
    log.write(messages.READING_CONFIGURATION, file=options.f)
    program = Program(NAME, VERSION_TAG, ROOT, EXAMINED.keyword, _starts_nothing)
    read_proxies(program, options.f)
    configuration = load(options.f, ROOT, VERSION_TAG)
    proxies: Tuple[Imap4Proxy, ...] = configuration.sections(EXAMINED.keyword)
    _check_tls(proxies)
    log.write(messages.CONFIGURATION_READ, file=options.f, proxies=len(proxies))
    told = [(warning.where, warning.text) for warning in configuration.warnings]
    for proxy in proxies:
        told += warnings(proxy)
    for where, text in told:
        print(f"{where}: warning: {text}", file=sys.stderr)
    return configuration


def _starts_nothing(*_: object) -> NoReturn:
    raise NotImplementedError


def _check_tls(proxies: Iterable[Imap4Proxy]) -> None:
    """Are the files of ssl-params there, and do they fit?"""
    errors: Dict[str, ConfigurationError] = {}
    for proxy in proxies:
        try:
            contexts_of(proxy)
        except ConfigurationErrors as found:
            errors.update((str(error), error) for error in found)
    if errors:
        raise ConfigurationErrors(errors.values())


def _resolve(places: Iterable[Place]) -> Resolution:
    """The addresses of these names; ConfigurationErrors with every one that has none."""
    resolver, waiter = SystemResolver(), Waiter()
    resolution: Dict[str, Tuple[Address, ...]] = {}
    errors = []
    for name, where in places:
        try:
            deadline = time.monotonic() + LOOKUP_SECONDS
            found = resolver.addresses(name, deadline, waiter.until)
            resolution[name] = tuple(sorted(found, key=lambda one: (one.version, int(one))))
        except Unavailable as failure:
            errors.append(ConfigurationError(where, f"cannot be resolved: {failure.what}"))
    if errors:
        raise ConfigurationErrors(errors)
    return resolution


def _answer(
    questions: Sequence[Question], configuration: Configuration, resolution: Resolution
) -> None:
    """All answers, or none where a question cannot be answered."""
    lines = [
        f"# {name}: {' '.join(f'[{address}]' for address in resolution[name])}"
        for name in sorted(resolution)
    ]
    lines += answers(questions, configuration, EXAMINED, datetime.now(), resolution)
    print(*lines, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
