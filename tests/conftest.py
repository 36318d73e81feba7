"""What holds for all tests: hypothesis judges no example by the clock, and repeats its examples;
engines, which take seconds to start, are started once, and only if a test asks for them.

The program is started some hundred times; what Python has compiled of it is kept, whatever the
environment says."""

import os
import signal
import sys

import pytest
from hypothesis import settings

from .support.directories import Ldap, Radius
from .support.engines import CIcap, Clamd, Rspamd, Spamd
from .support.redis_server import RedisServer

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Who starts the tests behind an `&` has them ignore SIGINT, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("project", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=3000)  # --hypothesis-profile long
settings.load_profile("project")


@pytest.fixture(scope="session")
def clamd():
    """A clamd for all tests; one that is stopped or set otherwise is the test's own."""
    with Clamd() as engine:
        yield engine


@pytest.fixture(scope="session")
def c_icap(clamd):
    with CIcap(clamd) as engine:
        yield engine


@pytest.fixture(scope="session")
def spamd():
    with Spamd() as engine:
        yield engine


@pytest.fixture(scope="session")
def rspamd():
    with Rspamd() as engine:
        yield engine


@pytest.fixture(scope="session")
def radius():
    with Radius() as server:
        yield server


@pytest.fixture(scope="session")
def ldap():
    with Ldap() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server():
    """Each test has to take keys of its own."""
    with RedisServer() as server:
        yield server
