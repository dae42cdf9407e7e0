"""Which tests go to the same process: those of a file, and of a few folders; a few are handed out one by one.

Its own way (`--dist loadgroup` with marks) does nothing under pytest 9.2, where a test's id can't be changed.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

# The tests of each of these share an installation that takes long to start.
TOGETHER = ("tests/faults/", "tests/journeys/")
# Few and long: one of these files alone would be the last to end.
APART = ("tests/rights/", "tests/config/", "tests/contract/test_way_through.py")


class ByFolder(LoadScopeScheduling):
    """Tests of a file stay together, so that what is kept for them is made once; the largest begin first."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(APART):
            return nodeid
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])
