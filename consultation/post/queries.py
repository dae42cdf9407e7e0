from uuid import UUID

from django.db.models import Count

from consultation.post.models import Message


def backlog() -> tuple[int, int]:
    """How many mails wait to be sent, and how many failed for good: one query."""
    states = Message.objects.exclude(job_state=Message.State.DONE).order_by().values("job_state")
    counted = {row["job_state"]: row["total"] for row in states.annotate(total=Count("pk"))}
    return counted.get(Message.State.WAITING, 0), counted.get(Message.State.FAILED, 0)


def written_since(since: UUID, **about: str | int) -> bool:
    """Whether there are mails, sent ones too, made after this key was, whose context says all of `about`."""
    # Keys are in the order of their making: only the newest mails are read.
    return Message.objects.filter(pk__gt=since, context__contains=about).exists()
