"""Changing, ending and leaving: at once, on record, told, and never without a manager."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import queries, steps
from accounts.actions import change_mandate, end_mandate, leave_institution
from accounts.models import Institution, Mandate, Power
from consultation.comments import queries as comments
from consultation.endorsements import queries as endorsements
from consultation.kit import clock
from consultation.kit.refusal import Refusal
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests.contract import calls
from tests.refusals import refused
from tests.together import one_after_the_other

pytestmark = pytest.mark.django_db
ALL = ["contribute", "sign", "manage"]


@pytest.fixture
def institution() -> Institution:
    return make.verified_institution("Institute of Rivers")


def held(person, institution) -> Mandate:
    return queries.mandates_in_force(person, at=clock.now()).get(institution=institution)


def change(by, mandate, *powers, until=None) -> Mandate:
    return change_mandate(by, mandate_id=mandate.pk, powers=powers, until=until, at=clock.now())


def end(by, mandate) -> Mandate:
    return end_mandate(by, mandate_id=mandate.pk, at=clock.now())


def leave(person, institution) -> Mandate:
    return leave_institution(person, institution_id=institution.pk, at=clock.now())


def mails(kind: str) -> set[tuple[int, bool]]:
    """To whom mails of this kind go, and whether each is about themselves."""
    rows = Message.objects.filter(kind=kind)
    return {(each.person_id, bool(each.context.get("yours"))) for each in rows}


def test_changed_powers_hold_from_then_on_and_the_earlier_mandate_stays(institution):
    manager, colleague = make.manager(institution), make.signatory(institution)
    before = held(colleague, institution)
    last_day = date(2099, 1, 1)

    changed = change(manager, before, "manage", "contribute", until=last_day)

    before.refresh_from_db()
    assert (before.powers, before.ended_at) == (["contribute", "sign"], changed.starts_at)
    now = held(colleague, institution)
    assert (now.powers, now.until, now.evidence) == (["contribute", "manage"], last_day, before.evidence)
    told = Entry.objects.filter(kind="mandate.changed").values_list("actor", "subject_key", "public")
    assert list(told) == [(manager.pk, str(now.pk), False)]
    assert mails("mandate-changed") == {(colleague.pk, True), (manager.pk, False)}


def test_changing_nothing_writes_nothing(institution):
    manager, colleague = make.manager(institution), make.signatory(institution)
    before = held(colleague, institution)

    assert change(manager, before, "sign", "contribute") == before
    assert Mandate.objects.filter(person=colleague).count() == 1
    assert not Entry.objects.filter(kind="mandate.changed").exists()
    assert mails("mandate-changed") == set()


@pytest.mark.parametrize("act", [end, lambda by, mandate: change(by, mandate, "contribute")])
def test_only_those_who_manage_this_institution_change_its_people(institution, act):
    colleague = make.signatory(institution)
    other_manager = make.manager(make.verified_institution())
    for by in (make.signatory(institution), other_manager, make.registrar(), colleague):
        with refused("no-mandate"):
            act(by, held(colleague, institution))
    assert held(colleague, institution).powers == ["contribute", "sign"]


@pytest.mark.parametrize(
    ("powers", "until", "field"),
    [
        ([], None, "powers"),
        (["rule"], None, "powers"),
        (["sign"], date(2020, 1, 1), "until"),
    ],
)
def test_powers_and_days_that_are_none_are_refused(institution, powers, until, field):
    colleague = make.signatory(institution)
    with refused("invalid", field):
        change(make.manager(institution), held(colleague, institution), *powers, until=until)


def test_an_ended_mandate_gives_nothing_at_once_not_even_to_programs(institution):
    consultation, colleague = make.consultation(), make.signatory(institution)
    program = calls.by(colleague)
    words = {"institution": institution.slug, "principle": 1, "kind": "general", "body": "Ours."}
    address = f"consultations/{consultation.slug}/comments/"
    assert program.post(address, words).status_code == 201
    comment = make.comment(consultation, institution, by=colleague)
    signed = make.endorsement(consultation, institution, by=colleague)

    mandate = end(make.manager(institution), held(colleague, institution))

    after = program.post(address, words | {"body": "Ours, again."})
    assert (after.status_code, after.json()["type"].rpartition("#")[2]) == (403, "no-mandate")
    assert comments.public().filter(pk=comment.pk).exists()
    assert endorsements.public().filter(pk=signed.pk).exists()
    assert mandate.ended_at is not None
    entry = Entry.objects.get(kind="mandate.ended")
    assert (entry.subject_key, entry.institution) == (str(mandate.pk), institution.pk)
    assert mails("mandate-ended") == {(colleague.pk, True), (make.manager(institution).pk, False)}


def test_a_mandate_ends_once(institution):
    manager, mandate = make.manager(institution), held(make.signatory(institution), institution)
    end(manager, mandate)
    with refused("not-found"):
        end(manager, mandate)


def test_whoever_leaves_acts_no_longer(institution):
    colleague = make.signatory(institution)
    mandate = leave(colleague, institution)
    assert not queries.empowers(colleague, institution, Power.SIGN, at=clock.now())
    assert Entry.objects.get(kind="mandate.ended").actor_id == colleague.pk
    assert mandate.ended_at is not None
    with refused("not-found"):
        leave(colleague, institution)


def sooner(manager, institution):
    mandate = held(manager, institution)
    change(manager, mandate, *ALL, until=datetime.now(UTC).date())


LAST = {
    "leaves": leave,
    "is revoked": lambda manager, institution: end(manager, held(manager, institution)),
    "loses the power": lambda manager, institution: change(
        manager, held(manager, institution), "contribute", "sign"
    ),
    "gets a last day": sooner,
}


@pytest.mark.parametrize("act", LAST.values(), ids=LAST)
def test_the_last_manager_stays_until_there_is_another(institution, act):
    manager = make.manager(institution)
    make.signatory(institution)
    make.representative(institution, Power.MANAGE, by=make.person(is_active=False))
    over = make.representative(institution, Power.MANAGE)
    Mandate.objects.filter(person=over).update(until=date(2020, 1, 1))
    make.manager(make.verified_institution())
    with refused("last-manager"):
        act(manager, institution)
    assert held(manager, institution).powers == ALL

    make.representative(institution, Power.MANAGE)
    act(manager, institution)
    mandates = queries.mandates_in_force(manager, at=clock.now() + timedelta(days=2))
    assert not mandates.filter(powers__contains=["manage"]).exists()


def test_the_last_manager_may_stay_longer_than_was_said(institution):
    manager = make.manager(institution)
    soon = datetime.now(UTC).date() + timedelta(days=3)
    Mandate.objects.filter(person=manager).update(until=soon)
    change(manager, held(manager, institution), *ALL, until=None)
    assert held(manager, institution).until is None


@pytest.mark.django_db(transaction=True)
def test_two_last_managers_who_leave_at_once_leave_one():
    institution = make.verified_institution()
    two = [make.manager(institution), make.representative(institution, Power.MANAGE)]
    with one_after_the_other(Institution.objects.filter(pk=institution.pk)) as start:
        came_to = [start(lambda who=who: leave(who, institution)) for who in two]
    codes = [each.result().code for each in came_to if isinstance(each.result(), Refusal)]
    assert codes == ["last-manager"]
    assert queries.managers(institution, at=clock.now()).count() == 1


def test_granting_is_a_step_of_a_verb(institution):
    with pytest.raises(RuntimeError):
        steps.admit(
            make.person(),
            institution,
            [Power.SIGN],
            evidence=Mandate.Evidence.LETTER,
            at=clock.now(),
            by=make.manager(institution),
        )
