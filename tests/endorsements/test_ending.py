"""Withdrawing with a reason, contesting, and everybody who is told."""

import pytest

from accounts.models import Power
from consultation.endorsements import queries
from consultation.kit import clock
from consultation.moderation.actions import claim_next, decide_case
from consultation.post.models import Message
from tests import factories as make
from tests import truths
from tests.endorsements.acts import anew, contest, endorse, reserve, sign, told, withdraw
from tests.moderation.acts import judge
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
REASON = "Our assembly decided otherwise."


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation()


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution()


def to(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("person", flat=True))


def decide(consultation, action):
    moderator = make.moderator(consultation)
    case = claim_next(moderator, at=clock.now())
    clause = {} if action == "approve" else {"clause": "1"}
    decide_case(moderator, case_id=case.pk, action=action, at=clock.now(), **clause)
    return case


def test_a_reason_is_public_once_it_is_released_and_the_withdrawal_does_not_wait(consultation, institution):
    gone = withdraw(endorse(institution, consultation), reason=REASON)
    assert (gone.state, told(gone)) == ("withdrawn", ["took_effect", "lost_effect"])
    assert not queries.published_reasons(consultation).exists()
    decide(consultation, "approve")
    assert [each.reason for each in queries.published_reasons(consultation)] == [REASON]
    assert told(gone)[-1] == "reason_published"
    make.suspend(institution)
    assert not queries.published_reasons(consultation).exists()
    truths.assert_all_hold()


def test_a_reason_that_is_refused_is_never_public_and_those_who_sign_are_told(consultation, institution):
    withdraw(endorse(institution, consultation), reason=REASON)
    decide(consultation, "reject")
    assert not queries.published_reasons(consultation).exists()
    assert to("endorsement-refused") == [make.manager(institution).pk]


def test_only_what_stood_is_withdrawn_with_a_public_reason(consultation, institution):
    proposal = endorse(institution, consultation, by=make.representative(institution))
    waiting = reserve(institution, consultation, principle=2)
    for row in (proposal, waiting):
        with refused("invalid", "reason"):
            withdraw(row, reason=REASON)
    assert withdraw(waiting).state == "withdrawn"
    standing = endorse(institution, consultation, principle=3)
    for reason in ("x" * 1001, "a\x00b"):
        with refused("invalid", "reason"):
            withdraw(standing, reason=reason)
    assert anew(standing).effective_at is not None


def test_a_statement_that_is_refused_is_told_with_the_way_to_the_filled_form(consultation, institution):
    waiting = reserve(institution, consultation)
    judge(waiting, "reject")
    [mail] = Message.objects.filter(kind="endorsement-refused")
    assert mail.context["url"].endswith(f"/principles/1/endorse/?from={waiting.pk}")


def test_whoever_manages_contests_what_was_signed_and_those_in_charge_are_told(consultation, institution):
    manager = make.representative(institution, Power.MANAGE)
    registrar, secretariat = make.registrar(), make.secretariat(consultation)
    signed = endorse(institution, consultation)
    with refused("no-mandate"):
        withdraw(signed, by=manager)
    for person in (
        make.representative(institution),
        make.person(),
        make.manager(make.verified_institution()),
    ):
        with refused("no-mandate"):
            contest(signed, by=person)
    with refused("invalid", "reason"):
        contest(signed, reason="  ")
    assert anew(signed).effective_at is not None
    gone = contest(signed, by=manager, reason="He left us in May.")
    assert (gone.state, gone.effective_at, told(gone)) == ("contested", None, ["took_effect", "lost_effect"])
    assert gone.contest.reason == "He left us in May."
    assert {registrar.pk, secretariat.pk} <= set(to("endorsement-contested"))
    assert manager.pk in to("endorsement-ended")
    with refused("not-live"):
        contest(gone, by=manager)
    assert endorse(institution, consultation).effective_at is not None
    truths.assert_all_hold()


def test_a_proposal_is_withdrawn_and_not_contested(consultation, institution):
    with refused("not-live"):
        contest(endorse(institution, consultation, by=make.representative(institution)))


def test_every_act_is_mailed_to_all_who_manage_the_institution_or_sign_for_it(consultation, institution):
    manager, signer = make.manager(institution), make.representative(institution, Power.SIGN)
    manages = make.representative(institution, Power.MANAGE)
    contributor = make.representative(institution)
    make.manager(make.verified_institution())
    all_of_them = sorted([manager.pk, signer.pk, manages.pk])
    proposal = endorse(institution, consultation, by=contributor)
    assert to("endorsement-waits") == all_of_them
    signed = sign(proposal, by=signer)
    assert to("endorsement-signed") == all_of_them
    withdraw(signed)
    assert to("endorsement-ended") == all_of_them
    mail = Message.objects.filter(kind="endorsement-signed").first()
    assert mail.context["person"] == signer.name
    assert mail.context["principles"] == "1 (Endorse)"
    assert mail.context["url"] == f"/consultations/{consultation.slug}/endorsements/own/{institution.slug}/"
