"""Supervise a web server that serves nothing; run by the tests as a program."""

from __future__ import annotations

import sys

from consultation.config.supervisor import Program, Supervisor

if __name__ == "__main__":
    arguments = ["http.server", "--bind", "127.0.0.1", "0"]
    Supervisor([Program("web", arguments), Program("worker", arguments)], tend=lambda: None).run()
    sys.stdout.write("stopped\n")
