from accounts import sessions
from consultation.kit import clock
from consultation.kit.jobs import task


@task("accounts.tidy")
def tidy() -> None:
    """Forget the sessions that are over."""
    sessions.forget_old(at=clock.now())
