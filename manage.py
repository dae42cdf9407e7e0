#!/usr/bin/env python3
"""Django's commands, beside the servers they need."""

import os
import sys


def main() -> None:
    """Run one command; start or join the embedded servers only if it reaches for them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation.config.settings")
    from consultation.config import commands

    commands.run(sys.argv)


if __name__ == "__main__":
    main()
