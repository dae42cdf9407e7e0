"""What every test stands on: the session's servers, and a database for each of its processes."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy

import pgtrigger
import pytest
from django.core.cache import cache
from django.db import connection, models, transaction
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer

from tests import servers
from tests.scheduling import ByFolder

SESSION = pytest.StashKey[ExitStack]()
READY = "ACCORD_TEST_SERVERS_READY"
# Tests set the clocks of rounds at will; those of the guard itself enable it.
TIME_GUARDS = ["consultation.Round:round_fixed_once_opened"]
# What migrating fills; of these, tests add versions of the site's pages alone.
OF_MIGRATIONS = (
    "django_content_type",
    "django_migrations",
    "auth_permission",
    "consultation_sitepage",
    "consultation_sitepageversion",
)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the servers before xdist starts its workers, which then share them."""
    session.config.stash[SESSION] = ExitStack()
    if getattr(session.config.option, "numprocesses", None) and not hasattr(session.config, "workerinput"):
        start_servers(session.config)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop them after the last test."""
    session.config.stash[SESSION].close()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: journeys and faults wait for other processes half their time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFolder:
    """Hand out tests as `tests.scheduling` says."""
    return ByFolder(config, log)


def start_servers(config: pytest.Config) -> None:
    """Start the servers unless this session has them already."""
    if READY not in os.environ:
        config.stash[SESSION].enter_context(servers.running())
        os.environ[READY] = "1"


def pytest_collection_finish() -> None:
    """Look for rings of garbage seldom, not at every 700th object; what is loaded now stays."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def empty_tables(_case: TransactionTestCase) -> None:
    """After a test that committed: delete what there is.

    In the place of `flush`: TRUNCATE makes new files for each table and each index, whatever they hold.
    """
    tables = [name for name in connection.introspection.table_names() if name not in OF_MIGRATIONS]
    quoted = [connection.ops.quote_name(name) for name in tables]
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consultation_sitepageversion WHERE number > 1")
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in quoted)
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")


@pytest.fixture(scope="session")
def running_servers(pytestconfig: pytest.Config) -> None:
    """PostgreSQL and Redis, for tests that use one of them without Django's database."""
    start_servers(pytestconfig)


@pytest.fixture(scope="session")
def django_db_setup(running_servers: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A database of this process's own, copied from the migrated template."""
    servers.make_database()
    with django_db_blocker.unblock():
        pgtrigger.disable(*TIME_GUARDS)
    TransactionTestCase._fixture_teardown = empty_tables


@contextmanager
def taken_back() -> Iterator[None]:
    """A block whose writes are taken back; verbs may run in it, as in those of django.test.TestCase."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        if not connection.needs_rollback:
            connection.check_constraints()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures of the scope "module": what they write stays until its last test, as `setUpTestData`."""
    with django_db_blocker.unblock(), taken_back():
        yield


@pytest.fixture
def on_top(kept: None) -> Iterator[None]:
    """In the place of `django_db` (which ends the connection): a test on top of what is kept."""
    with taken_back():
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Give a test on top rows of its own to change: what is kept stays as its fixtures made it."""
    if isinstance(item, pytest.Function) and "on_top" in item.fixturenames:
        rows = {name: value for name, value in item.funcargs.items() if isinstance(value, models.Model)}
        item.funcargs.update(deepcopy(rows))


@pytest.fixture(autouse=True)
def _empty_redis() -> Iterator[None]:
    """No test finds what another one cached or sent."""
    yield
    if READY in os.environ:
        servers.empty_redis()
        cache.close()
