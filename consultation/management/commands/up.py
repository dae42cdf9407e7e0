"""``manage.py up``: everything that one machine needs, in the foreground, until Ctrl-C."""

from __future__ import annotations

import errno
import signal
import socket
import threading
import time
from contextlib import AbstractContextManager
from http.client import HTTPConnection, HTTPException
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import connections

from consultation.config.commands import leave, servers
from consultation.config.embedded import Servers
from consultation.config.identity import EmbeddedError
from consultation.config.supervisor import Program, Supervisor

DEMONSTRATION = [
    ("secretariat@demo.example", "secretariat, and registrar"),
    ("moderator1@demo.example", "moderator (also moderator2)"),
    ("signatory1@demo.example", "speaks and signs for an institution (also signatory2 to signatory6)"),
    ("contributor1@demo.example", "drafts for the institution of signatory1"),
    ("observer@demo.example", "observer"),
    ("admin@demo.example", "administrator"),
]


def listen(addresses: list[str], port: int) -> list[socket.socket]:
    """Take `port` on the addresses; the first one must be had, the others are taken where they exist.

    Raises CommandError, with what to do, where the port is not to be had.
    """
    taken: list[socket.socket] = []
    for address in addresses:
        listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if listener.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            listener.bind((address, port))
            listener.listen(256)
        except OSError as error:
            listener.close()
            if error.errno in (errno.EADDRINUSE, errno.EACCES) or not taken:
                raise CommandError(
                    f"Port {port} is not free ({error.strerror}). Stop the program that uses it, or choose "
                    f"another one: PORT={port + 1} make run"
                ) from error
            continue
        taken.append(listener)
    return taken


def web(listeners: list[socket.socket]) -> Program:
    """The web server, on sockets that stay open while it restarts."""
    descriptors = [listener.fileno() for listener in listeners]
    binds = [part for descriptor in descriptors for part in ("--bind", f"fd://{descriptor}")]
    options = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "5"]
    options += ["--timeout", "60", "--graceful-timeout", "15", "--no-control-socket"]
    options += ["--log-level", "warning"]
    return Program("web", ["gunicorn", *options, *binds, "consultation.config.wsgi"], descriptors)


def background() -> list[Program]:
    """Celery's worker and its clock."""
    celery = ["celery", "--quiet", "-A", "consultation.config.celery"]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "2"]
    return [
        Program("worker", [*celery, "worker", "--loglevel", "WARNING", *lonely]),
        Program("beat", [*celery, "beat", "--loglevel", "WARNING"]),
    ]


class Command(BaseCommand):
    help = "Start the servers, migrate, load what is shipped, and serve web, worker and beat."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        """Run until told to stop; what was started here is stopped here."""
        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGHUP, leave)
        listeners = listen(settings.BIND_ADDRESSES, settings.PORT)
        try:
            with self._servers() as held:
                self._prepare()
                self._serve(listeners, held)
        except EmbeddedError as error:
            raise CommandError(f"Accord cannot start its servers. {error}") from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None
        finally:
            for listener in listeners:
                listener.close()
        self.stdout.write("Stopped.")

    def _servers(self) -> AbstractContextManager[object]:
        if settings.EMBEDDED or settings.EMBEDDED_REDIS:
            self.stdout.write("Starting the embedded servers …")
        return servers()

    def _prepare(self) -> None:
        """Bring tables, texts, translations and static files up to date; on a second start all of it is."""
        self.check(databases=["default"])
        call_command("migrate", verbosity=0, interactive=False)
        self._call("load_initiative")
        if settings.EMBEDDED:
            self._call("load_demo", "--unless-cleared")
        self._call("messages", "compile")
        call_command("collectstatic", verbosity=0, interactive=False)
        connections.close_all()

    def _call(self, name: str, *arguments: str) -> None:
        if name in get_commands():
            call_command(name, *arguments, verbosity=0, stdout=StringIO())

    def _serve(self, listeners: list[socket.socket], held: object) -> None:
        tend = held.revive if isinstance(held, Servers) else lambda: None
        threading.Thread(target=self._announce, daemon=True).start()
        Supervisor([web(listeners), *background()], tend).run()

    def _announce(self) -> None:
        """Say where the site is once it answers."""
        end = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > end:
                return
            time.sleep(0.1)
        self.stdout.write(f"\nAccord is at {settings.SITE_URL}\n")
        if settings.EMBEDDED:
            self.stdout.write("\nDemonstration accounts, password accord-demo:\n")
            for address, role in DEMONSTRATION:
                self.stdout.write(f"  {address:<28} {role}\n")
            self.stdout.write(f"\nMail is written to {settings.EMAIL_FILE_PATH} and shown at /dev/mail/.\n")
        self.stdout.write("Ctrl-C stops everything.\n\n")
        self.stdout.flush()

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": settings.SITE_ADDRESS.netloc})
            connection.getresponse()
        except (OSError, HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()
