"""The site under the product's own supervisor, but for two things; run by the tests as a program.

Redis stays stopped when a test stops it, and the web server's entrance can end its own process.
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from consultation.config.supervisor import Program, Supervisor
from consultation.management.commands.up import background, listen, web


def mortal(server: Program) -> Program:
    """The web server with the entrance of `tests.faults.mortal` instead of the product's."""
    return replace(server, arguments=[*server.arguments[:-1], "tests.faults.mortal"])


if __name__ == "__main__":
    listeners = listen(["127.0.0.1"], settings.PORT)
    Supervisor([mortal(web(listeners)), *background()], tend=lambda: None).run()
