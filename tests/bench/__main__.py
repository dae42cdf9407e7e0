"""``python -m tests.bench``: print the table of ratios, and keep it in ``var/bench.json``."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.conf import settings  # noqa: E402

from consultation.config.first_start import own_directory  # noqa: E402
from consultation.config.places import BASE_DIR  # noqa: E402
from tests import servers  # noqa: E402
from tests.bench import measures  # noqa: E402
from tests.bench.measuring import Ratio, table  # noqa: E402
from tests.bench.redlines import redlines  # noqa: E402


def run() -> list[Ratio]:
    """Everything that is measured, each in the state that the ones before it left."""
    ratios: list[Ratio] = []
    for measure in (
        measures.verbs,
        measures.endorsing,
        measures.settling,
        measures.flood,
        measures.claiming,
        redlines,
    ):
        sys.stderr.write(f"{measure.__name__} …\n")
        ratios += measure()
    return ratios


def main() -> None:
    """Measure on servers of its own, which sync nothing to disk: ratios do not wait for one."""
    with servers.running():
        own_directory(Path(settings.STATIC_ROOT))
        servers.make_database()
        ratios = run()
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "machine": platform.machine()}
    kept = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **machine}
    file = BASE_DIR / "var" / "bench.json"
    own_directory(file.parent)
    file.write_text(json.dumps({**kept, "ratios": [each.facts() for each in ratios]}, indent=2) + "\n")
    sys.stdout.write(f"{table(ratios)}\n\nKept in {file.relative_to(BASE_DIR)}\n")


if __name__ == "__main__":
    main()
