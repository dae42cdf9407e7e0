"""The embedded servers start anywhere, keep what they were given, and leave no trace but their own."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from consultation.config import identity
from consultation.config.identity import EmbeddedError
from consultation.config.processes import wait_until
from tests.config.conftest import Install
from tests.config.installation import Installation

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL another identity")


def modes(folder: Path) -> dict[Path, int]:
    """The permissions of `folder` and of all above it."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.parents)}


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, as pytest's are not."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_data_is_kept_over_a_restart(installation: Installation) -> None:
    with installation.servers():
        installation.write("kept")
    assert installation.gone()
    with installation.servers():
        assert installation.read() == ("kept", "kept")


@pytest.mark.parametrize(
    ("name", "locale"),
    [("with spaces, and é", "POSIX"), ("long" * 38, "C.UTF-8")],
    ids=["spaces-and-posix", "152-letters"],
)
def test_any_path_and_locale_gives_a_utf8_database_that_folds_case(
    install: Install, tmp_path: Path, name: str, locale: str
) -> None:
    installation = install(tmp_path / name)
    holder = installation.hold(LC_ALL=locale)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    with installation.connect() as connection:
        row = connection.execute("SELECT current_setting('server_encoding'), lower('ÉЖ')").fetchone()
    holder.communicate()
    assert row == ("UTF8", "éж")
    assert installation.gone()


def test_the_application_is_no_superuser(installation: Installation) -> None:
    with installation.servers(), installation.connect() as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)


def test_a_wrong_password_is_refused_on_the_socket(installation: Installation) -> None:
    with (
        installation.servers(),
        pytest.raises(psycopg.OperationalError, match="password authentication failed"),
    ):
        installation.connect(password="guess")


def test_it_recovers_when_everything_was_killed_under_a_busy_query(installation: Installation) -> None:
    holder = installation.hold()
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    installation.write("kept")
    with installation.connect() as watcher:
        busy = threading.Thread(target=run_until_killed, args=[installation])
        busy.start()
        query = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT sum%'"
        assert wait_until(lambda: watcher.execute(query).fetchone() is not None, seconds=10)
        # What Redis was told is on disk within a second.
        with installation.redis() as client:
            client.execute_command("WAITAOF", 1, 0, 3000)
        holder.kill()
        holder.wait()
        installation.kill_everything()
    with installation.servers():
        assert installation.read() == ("kept", "kept")
    busy.join()
    assert installation.gone()


def run_until_killed(installation: Installation) -> None:
    """Keep one backend too busy to notice that its server died."""
    with pytest.raises(psycopg.OperationalError), installation.connect() as connection:
        connection.execute("SELECT sum(n) FROM generate_series(1, 10000000000) n")


def test_a_stale_lock_that_names_another_living_process_is_passed_over(installation: Installation) -> None:
    with installation.servers() as held:
        data = held.parts[0].identity.data  # type: ignore[union-attr]
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with installation.servers():
        assert installation.processes() != []


def test_no_folder_that_was_there_changes_its_permissions(install: Install, tmp_path: Path) -> None:
    folder = tmp_path / "open" / "closed"
    (folder / "var").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "var").chmod(0o750)
    before = modes(folder / "var")
    installation = install(folder)
    with installation.servers():
        pass
    assert modes(folder / "var") == before


def test_what_it_makes_is_closed_to_others(installation: Installation) -> None:
    with installation.servers():
        places = installation.places
        folders = (places.var, places.postgres_sockets, places.redis_sockets)
        assert [oct(stat.S_IMODE(folder.stat().st_mode)) for folder in folders] == ["0o700"] * 3
        assert stat.S_IMODE(places.database_password.stat().st_mode) == 0o600


def test_two_that_start_together_share_one_server_and_the_last_one_stops_it(
    installation: Installation,
) -> None:
    first, second = installation.hold(), installation.hold()
    for holder in (first, second):
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
    server = installation.server_id()
    first.communicate()
    assert installation.server_id() == server
    second.communicate()
    assert installation.gone()


def test_servers_of_a_killed_holder_are_taken_over_and_then_stopped(installation: Installation) -> None:
    holder = installation.hold()
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    server = installation.server_id()
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with installation.servers():
        assert installation.server_id() == server
    assert installation.gone()


def test_a_server_that_died_is_revived(installation: Installation) -> None:
    with installation.servers() as held:
        installation.write("kept")
        held.revive()
        installation.kill_everything()
        held.revive()
        with installation.connect() as connection:
            assert connection.execute("SELECT words FROM note").fetchone() == ("kept",)
        with installation.redis() as client:
            assert client.ping()


@as_root
def test_a_socket_folder_of_somebody_else_is_refused(installation: Installation) -> None:
    installation.places.postgres_sockets.mkdir()
    os.chown(installation.places.postgres_sockets, 12345, 12345)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        installation.servers().__enter__()


@as_root
def test_where_the_kernel_gives_no_namespaces_it_runs_as_nobody(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "namespace_prefix", tuple)
    for _ in range(2):
        with installation.servers():
            installation.write("kept")
            server = next(process for process in installation.processes() if process.name() == "postgres")
            assert server.username() == "nobody"
    monkeypatch.undo()
    with installation.servers():
        assert installation.read() == ("kept", "kept")


@as_root
def test_root_runs_it_as_the_one_whose_data_it_is(install: Install, open_folder: Path) -> None:
    installation = install(open_folder)
    with installation.servers():
        installation.write("kept")
    nobody = 65534
    data = installation.places.postgres_data
    for path in (data, *data.rglob("*")):
        os.chown(path, nobody, nobody)
    installation.places.var.chmod(0o755)
    with installation.servers():
        assert installation.read() == ("kept", "kept")
