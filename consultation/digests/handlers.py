from consultation.digests.models import Digest
from consultation.standing import queries as standing


def register() -> None:
    """Which digests somebody asked for is among what is kept about them."""
    columns = {"language": "language", "requested_at": "requested_at", "consultation": "consultation__slug"}
    standing.also_kept(standing.Kept("digests_asked_for", Digest, ("requested_by",), columns))
