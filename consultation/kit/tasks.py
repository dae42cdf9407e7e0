from consultation.kit import claims, clock, history, tries
from consultation.kit.jobs import task


@task("kit.tidy")
def tidy() -> None:
    """Forget what was kept only for a while."""
    claims.forget_old()
    tries.forget_old(at=clock.now())
    history.forget_old()
