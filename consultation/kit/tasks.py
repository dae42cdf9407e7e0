from consultation.kit import claims
from consultation.kit.jobs import task


@task("kit.tidy")
def tidy() -> None:
    """Forget what was kept only for a while."""
    claims.forget_old()
