"""What is measured. Each function makes what it needs and gives one ratio or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from statistics import quantiles
from uuid import UUID, uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.test import Client

from accounts.models import Institution, User
from consultation.comments.actions import write_comment
from consultation.comments.models import Comment
from consultation.endorsements.actions import Choice, take_positions
from consultation.kit import clock
from consultation.kit.models import Claim
from consultation.moderation.actions import claim_next
from consultation.standing.actions import verify_institution
from consultation.texts.models import Consultation
from tests import factories as make
from tests.bench import volume
from tests.bench.measuring import Ratio, compare, timed

FEW, MANY, OF_ONE_INSTITUTION = 10, 10_000, 4_000
ENDORSED, HANDS = 60, 4
SPEAKERS = 40
WAITING, WAITING_MANY, CLAIMS = 1_000, 100_000, 200


def page(path: str) -> Callable[[], None]:
    """What opens a page as a visitor. Raises AssertionError unless it is there."""
    client = Client(HTTP_HOST="localhost")

    def open_it() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert answer.content

    return open_it


def discussed(comments: int) -> Consultation:
    """A consultation with so many public comments on its first principle."""
    consultation, at = make.consultation(), clock.now() - timedelta(hours=2)
    speakers = [make.verified_institution() for _ in range(SPEAKERS)]
    volume.appear(volume.published(consultation, speakers, comments, at=at), at=at)
    return consultation


def flood() -> Iterator[Ratio]:
    """The first page of a list costs the same however long the list is."""
    calm, flooded = discussed(FEW), discussed(MANY)
    places = {
        "page of a principle": "/consultations/{}/principles/1/",
        "comments by API": "/api/v1/consultations/{}/comments/?principle=1",
    }
    for name, path in places.items():
        long, short = page(path.format(flooded.slug)), page(path.format(calm.slug))
        what, baseline = f"first page of {MANY:,} comments", f"of {FEW} comments"
        yield compare(name, (what, long), (baseline, short), times=20)
    yield home(flooded)


def home(consultation: Consultation) -> Ratio:
    """What the cache spares who opens a consultation's home."""
    open_home = page(f"/consultations/{consultation.slug}/")

    def open_anew() -> None:
        cache.clear()
        open_home()

    def open_again() -> None:
        open_home()

    return compare("home of a consultation", ("nothing cached", open_anew), ("cached", open_again), times=20)


def settling() -> Iterator[Ratio]:
    """Verifying an institution that has said much, beside changing as many rows and nothing else."""
    consultation, institution, at = make.consultation(), make.institution(), clock.now()
    keys = volume.published(consultation, [institution], OF_ONE_INSTITUTION, at=at)
    registrar = make.registrar()
    plain = timed(lambda: _update_and_undo(keys, at))
    verified = timed(
        lambda: verify_institution(registrar, institution_id=institution.pk, how="letter", at=clock.now())
    )
    assert Comment.objects.filter(pk__in=keys, public_since__isnull=False).count() == len(keys)
    what = f"its {OF_ONE_INSTITUTION:,} comments appear"
    yield Ratio("verifying", what, "one UPDATE of the same rows", verified, plain)


def _update_and_undo(keys: list[UUID], at: datetime) -> None:
    with transaction.atomic():
        rows = Comment.objects.filter(pk__in=keys)
        rows.update(public_since=at, first_public=Coalesce("first_public", Value(at)))
        transaction.set_rollback(True)


def verbs() -> Iterator[Ratio]:
    """What a verb costs with all that belongs to it: locks, rules, rows, case, record, mails."""
    consultation, institution = make.consultation(), make.verified_institution()
    contributor = make.manager(institution)

    def send() -> None:
        write_comment(
            contributor,
            consultation_id=consultation.pk,
            institution_id=institution.pk,
            principle_number=1,
            words=make.words(),
            at=clock.now(),
        )

    what, baseline = (
        ("a comment is sent", send),
        ("one row inserted and committed", lambda: insert(contributor)),
    )
    yield compare("a verb", what, baseline, times=100)


def endorsing() -> Iterator[Ratio]:
    """What signing a position costs, alone and where four sign at the same moment."""
    consultation = make.consultation(principles=ENDORSED)
    hands = [(each, make.manager(each)) for each in (make.verified_institution() for _ in range(HANDS))]
    turns = iter(range(1, ENDORSED + 1))
    what = ("a position is signed", lambda: endorse(consultation, *hands[0], next(turns)))
    baseline = ("one row inserted and committed", lambda: insert(hands[0][1]))
    yield compare("a verb", what, baseline, times=ENDORSED // 2)
    rest = list(turns)
    plain = timed(lambda: [endorse(consultation, *hands[0], number) for number in rest]) / len(rest)
    with ThreadPoolExecutor(HANDS - 1) as pool:
        together = timed(lambda: list(pool.map(partial(endorse_each, consultation, rest), hands[1:])))
    each = together / (len(rest) * (HANDS - 1))
    yield Ratio("endorsing", "each of three at once", "one after the other", each, plain)


def endorse_each(consultation: Consultation, numbers: list[int], hand: tuple[Institution, User]) -> None:
    """One institution endorses these principles one by one, on a connection of its own."""
    try:
        for number in numbers:
            endorse(consultation, *hand, number)
    finally:
        connection.close()


def endorse(consultation: Consultation, institution: Institution, person: User, number: int) -> None:
    """One position is signed for one institution."""
    take_positions(
        person,
        consultation_id=consultation.pk,
        institution_id=institution.pk,
        choices=[Choice(number, 1, "endorse")],
        language="en",
        at=clock.now(),
    )


def claiming() -> Iterator[Ratio]:
    """Taking the next case costs the same however many wait: the slow ones are what is compared."""
    takers = []
    for number in (WAITING, WAITING_MANY):
        consultation, at = make.consultation(), clock.now()
        speakers = [make.verified_institution() for _ in range(SPEAKERS)]
        volume.waiting(consultation, speakers, number, at=at)
        takers.append(make.moderator(consultation))
    turns = [[timed(partial(_take, each)) for each in takers] for _ in range(CLAIMS)][CLAIMS // 10 :]
    few, many = (quantiles(column, n=20)[-1] for column in zip(*turns, strict=True))
    what, baseline = f"of {WAITING_MANY:,} cases, p95", f"of {WAITING:,} cases, p95"
    yield Ratio("taking the next case", what, baseline, many, few)


def _take(moderator: User) -> None:
    assert claim_next(moderator, at=clock.now()) is not None


def insert(person: User) -> None:
    """The least that anything written can cost."""
    Claim.objects.create(person=person, key=str(uuid4()), path="/", fields_hash="0" * 64)
