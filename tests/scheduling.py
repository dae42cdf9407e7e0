"""Which tests go to the same process: pytest-xdist hands out one test at a time, but for whole folders.

Its own way (`--dist loadgroup` with marks) does nothing under pytest 9.2, where a test's id can't be changed.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The tests of each of these share an installation that takes long to start.
TOGETHER = ("tests/faults/", "tests/journeys/")


class ByFolder(LoadScopeScheduling):
    """Tests of the folders in `TOGETHER` stay together; the largest of them begin first."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
