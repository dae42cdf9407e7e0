from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.faults import site as sites
from tests.faults.site import Site


@pytest.fixture(scope="package")
def running_site(running_servers: None) -> Iterator[Site]:
    """The site that the tests of faults share."""
    with sites.running() as site:
        yield site


@pytest.fixture
def site(running_site: Site) -> Iterator[Site]:
    """The site; what its processes said is shown with a test that fails."""
    begin = running_site.log.stat().st_size
    yield running_site
    sys.stdout.write(running_site.said_since(begin))
