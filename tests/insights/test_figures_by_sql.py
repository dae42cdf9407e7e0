"""Figures of endorsements equal those that plain SQL counts, whatever was done in whatever order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.actions import choose_signatures
from consultation.endorsements.actions import contest_endorsement, sign_endorsement
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.standing.actions import withdraw_principle
from consultation.texts.models import Principle
from tests import doors, truths
from tests import factories as make
from tests.endorsements.acts import by_letter
from tests.test_random_run import World


class Signing(World):
    """The same people and a secretariat; most of what they do is about positions."""

    def __init__(self, seed: int, *, at: datetime) -> None:
        super().__init__(seed, at=at)
        self.secretariat = make.secretariat(self.consultation)
        for institution in self.institutions[:2]:
            manager = make.manager(institution)
            choose_signatures(manager, institution_id=institution.pk, signatures=2, at=clock.now())

    def sign_second(self) -> None:
        position = self.any_position(state="half_signed")
        person = make.manager(position.institution)
        sign_endorsement(person, endorsement_id=position.pk, at=self.at)

    def record_a_letter(self) -> None:
        principle = self.random.choice([1, 2, 3])
        position, statement = self.random.choice([("endorse", ""), ("decline", "Not in these words.")])
        version = Principle.objects.get(number=principle).current.number
        by_letter(
            self.anybody(),
            self.consultation,
            position,
            statement,
            principle=principle,
            version=version,
            by=self.secretariat,
            at=self.at,
        )

    def contest(self) -> None:
        position = self.any_position(state="signed")
        contest_endorsement(
            self.signatories[position.institution_id],
            endorsement_id=position.pk,
            reason="It was not ours.",
            at=self.at,
        )

    def withdraw_one_principle(self) -> None:
        if self.done["withdraw_one_principle"]:
            raise Refusal("once", "One of three is enough.")
        withdraw_principle(
            self.secretariat,
            consultation_id=self.consultation.pk,
            number=3,
            reasons={"en": "It says what the others say."},
            at=self.at,
        )

    def step(self) -> None:
        self.at += timedelta(seconds=1)
        verb = self.random.choices(
            [
                self.endorse, self.sign, self.take_back, self.reaffirm, self.verify, self.suspend,
                self.publish, self.decide, self.merge, self.write, self.contest, self.withdraw_one_principle,
                self.sign_second, self.record_a_letter,
            ],
            [40, 8, 7, 8, 10, 5, 4, 14, 3, 3, 3, 1, 8, 4],
        )[0]  # fmt: skip
        try:
            verb()
            self.done[verb.__name__] += 1
        except Refusal as refusal:
            self.refused[refusal.code] += 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verbs", "seed"),
    [(160, 20260507), pytest.param(1500, 20260508, marks=pytest.mark.long)],
    ids=["160", "1500"],
)
def test_every_door_tells_what_plain_sql_counts_after_random_acts(verbs: int, seed: int) -> None:
    world = Signing(seed=seed, at=clock.now())
    for step in range(verbs):
        world.step()
        if step % 80 == 79:
            doors.assert_all_tell_the_same(world.consultation)
    truths.assert_all_hold()
    assert len(world.done) >= 12, world.refused
