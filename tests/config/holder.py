"""Hold the embedded servers of ACCORD_VAR until standard input ends; run by the tests as a program."""

from __future__ import annotations

import sys

from consultation.config.embedded import Servers
from consultation.config.places import places

if __name__ == "__main__":
    with Servers(places(), durable=False):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()
