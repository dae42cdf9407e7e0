from datetime import UTC, datetime


def now() -> datetime:
    """The server's time, in UTC. Faces take it once when a request arrives and pass it down as `at`."""
    return datetime.now(UTC)
