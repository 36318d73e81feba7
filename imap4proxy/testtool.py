"""testtool - the program test-imap4: is a configuration good, and what does it mean?

    test-imap4 [-hv] [-d dbglev] -f cfgfile [-r] [-t test_expr]

Exit status: 0 good, 1 bad configuration, 2 used wrongly.  Without -r and -t it
says nothing but what is wrong.  It starts nothing, and changes nothing.

See also: test-imap4(8), test-expr(5), trial.py.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Dict, Iterable, Iterator, List, NoReturn, Sequence, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.application import cli, messages
from kernun_common.application.answers import answers
from kernun_common.application.machine import complaints
from kernun_common.application.names import Place, host_names, names_in
from kernun_common.application.program import Program
from kernun_common.application.reading import read_proxies
from kernun_common.application.test_expr import WHERE, Question, read
from kernun_common.configuration.kind import Context
from kernun_common.configuration.loader import load, service
from kernun_common.configuration.result import Configuration, ConfigurationErrors
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.log.sinks import to_standard_error
from kernun_common.resolving.resolver import NO_ADDRESS, Resolver, Result, look_up, resolver_of
from kernun_common.sockaddr import Address

from . import VERSION_TAG
from .contexts import contexts_of
from .mail_means import check_folders
from .processing_tools import tools_of
from .section import ROOT, Imap4Proxy
from .section.warnings import warnings
from .trial import EXAMINED

NAME = "test-imap4"
BAD_CONFIGURATION, USED_WRONGLY = 1, 2


def main(argv: List[str] | None = None) -> int:
    """From the command line to the exit status; SystemExit after -h, -v and wrong usage."""
    options = _parser().parse_args(argv)
    try:
        questions = read(options.t, Context(service=service)) if options.t is not None else ()
    except ConfigurationErrors as errors:
        return _fail(errors, USED_WRONGLY)
    try:
        configuration = _read(options)
        resolution = _resolve_all(configuration) if options.r else {}
    except ConfigurationErrors as errors:
        return _fail(errors, BAD_CONFIGURATION)
    try:
        if options.r:
            resolution = {**resolution, **_resolve_names_in(questions, configuration)}
        _tell(questions, configuration, resolution)
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
    _check_machine(proxies)
    log.write(messages.CONFIGURATION_READ, file=options.f, proxies=len(proxies))
    told = [(warning.where, warning.text) for warning in configuration.warnings]
    for proxy in proxies:
        told += warnings(proxy)
    for where, text in told:
        print(f"{where}: warning: {text}", file=sys.stderr)
    return configuration


def _starts_nothing(*_: object) -> NoReturn:
    raise NotImplementedError


def _check_machine(proxies: Iterable[Imap4Proxy]) -> None:
    """Are users, folders, the files of ssl-params and templates there, and do they fit?"""
    errors: Dict[str, ConfigurationError] = {}
    for proxy in proxies:
        errors.update((str(error), error) for error in complaints(proxy))
        for made in (contexts_of, tools_of, check_folders):
            try:
                made(proxy)
            except ConfigurationErrors as found:
                errors.update((str(error), error) for error in found)
    if errors:
        raise ConfigurationErrors(errors.values())


def _resolve_all(configuration: Configuration) -> Resolution:
    """What the names of each proxy stand for, by its own resolver; ConfigurationErrors."""
    resolution: Dict[str, Tuple[Address, ...]] = {}
    errors: List[ConfigurationError] = []
    for proxy in configuration.sections(EXAMINED.keyword):
        try:
            resolution.update(_resolve(host_names([proxy]), resolver_of(proxy.use_resolver)))
        except ConfigurationErrors as several:
            errors += several
    if errors:
        raise ConfigurationErrors(errors)
    return resolution


def _resolve_names_in(questions: Sequence[Question], configuration: Configuration) -> Resolution:
    """What the names in a test expression stand for, by the resolver of the first proxy."""
    names = ((name, WHERE) for _, value in questions for name in names_in(value))
    first = configuration.sections(EXAMINED.keyword)[0]
    return _resolve(names, resolver_of(first.use_resolver))


def _resolve(places: Iterable[Place], resolver: Resolver) -> Resolution:
    """The addresses of these names; ConfigurationErrors with every one that has none."""
    known = tuple(places)
    results = dict(look_up(dict.fromkeys(name for name, _ in known), resolver))
    errors = [
        ConfigurationError(where, f"cannot be resolved: {name}: {failure}")
        for name, where in known
        if (failure := _failure(results[name])) is not None
    ]
    if errors:
        raise ConfigurationErrors(errors)
    return {
        name: tuple(sorted(result.values, key=lambda one: (one.version, int(one))))
        for name, result in results.items()
        if not isinstance(result, Unavailable)
    }


def _failure(result: Result) -> str | None:
    if isinstance(result, Unavailable):
        return result.what
    return None if result.values else NO_ADDRESS


def _tell(
    questions: Sequence[Question], configuration: Configuration, resolution: Resolution
) -> None:
    """Names and answers; nothing where a question cannot be answered."""
    lines = [*_names(resolution)]
    if questions:
        lines += answers(questions, configuration, EXAMINED, datetime.now(), resolution)
    for line in lines:
        print(line)


def _names(resolution: Resolution) -> Iterator[str]:
    for name in sorted(resolution):
        yield f"# {name}: {' '.join(f'[{address}]' for address in resolution[name])}"


if __name__ == "__main__":
    sys.exit(main())
