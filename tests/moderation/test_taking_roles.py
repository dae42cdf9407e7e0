"""Taking a role in a consultation: at once, with the cases that its holder held."""

import pytest

from consultation.kit import clock
from consultation.moderation.actions import claim_case, take_role
from consultation.moderation.models import Case
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.texts import queries as texts
from consultation.texts.actions import give_role
from consultation.texts.models import ConsultationRole
from tests import factories as make
from tests.refusals import refused
from tests.together import one_after_the_other

pytestmark = pytest.mark.django_db


def held(person, role=None):
    rows = ConsultationRole.objects.filter(person=person, ended_at=None)
    return rows.get(role=role) if role else rows.get()


def give(actor, consultation, person, role):
    return give_role(actor, consultation_id=consultation.pk, person_id=person.pk, role=role, at=clock.now())


def take(actor, consultation, role):
    return take_role(actor, consultation_id=consultation.pk, role_id=role.pk, at=clock.now())


def claimed(consultation, moderator):
    case = Case.objects.get(item=make.pending_comment(consultation).item)
    return claim_case(moderator, case_id=case.pk, at=clock.now())


def test_the_role_ends_at_once_and_cases_are_free_again():
    consultation = make.consultation()
    boss, moderator = make.secretariat(consultation), make.moderator(consultation)
    colleague = make.moderator(consultation)
    case, theirs = claimed(consultation, moderator), claimed(consultation, colleague)
    role = take(boss, consultation, held(moderator))
    case.refresh_from_db()
    theirs.refresh_from_db()
    assert (case.holder, case.lease_until, theirs.holder) == (None, None, colleague)
    assert texts.roles_of(moderator, consultation) == set()
    assert [(each.kind, each.subject_key) for each in Entry.objects.order_by("pk")][-2:] == [
        ("role.taken", str(role.pk)),
        ("case.released", str(case.pk)),
    ]
    message = Message.objects.latest("made_at")
    assert (message.kind, message.address) == ("role-taken", moderator.email)
    with refused("not-found"):
        take(boss, consultation, role)


def test_who_decides_in_another_role_keeps_the_cases():
    consultation = make.consultation()
    boss = make.secretariat(consultation)
    both = make.with_role(consultation, "moderator", make.secretariat(consultation))
    case = claimed(consultation, both)
    take(boss, consultation, held(both, "moderator"))
    case.refresh_from_db()
    assert case.holder == both


def test_cases_of_other_consultations_stay_held():
    consultation, other = make.consultation(), make.consultation()
    boss, moderator = make.secretariat(consultation), make.moderator(consultation)
    make.with_role(other, "moderator", moderator)
    case = claimed(other, moderator)
    take(boss, consultation, ConsultationRole.objects.get(person=moderator, consultation=consultation))
    case.refresh_from_db()
    assert case.holder == moderator


def test_only_the_secretariat_of_this_consultation_takes():
    consultation, other = make.consultation(), make.consultation()
    boss, moderator = make.secretariat(consultation), make.moderator(consultation)
    for who in (moderator, make.secretariat(other), make.registrar(), make.administrator(), make.person()):
        with refused("no-role"):
            take(who, consultation, held(moderator))
    with refused("not-found"):
        take(boss, other, held(moderator))
    assert texts.roles_of(moderator, consultation) == {"moderator"}


def test_the_last_secretariat_stays():
    consultation = make.consultation()
    boss, asleep = make.secretariat(consultation), make.secretariat(consultation)
    asleep.is_active = False
    asleep.save()
    with refused("last-secretariat"):
        take(boss, consultation, held(boss))
    make.secretariat(consultation)
    take(boss, consultation, held(boss))
    assert texts.roles_of(boss, consultation) == set()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_leave_at_one_moment_one_stays():
    consultation = make.consultation()
    both = [(person, held(person)) for person in (make.secretariat(consultation) for _ in range(2))]
    with one_after_the_other(texts.secretariat_of(consultation)) as start:
        leaving = [
            start(lambda who=person, role=role: take(who, consultation, role)) for person, role in both
        ]
    came_to = [each.result() for each in leaving]
    assert sorted(getattr(each, "code", "taken") for each in came_to) == ["last-secretariat", "taken"]
    assert texts.secretariat_of(consultation).count() == 1


def test_where_there_is_no_secretariat_a_registrar_appoints_one_and_nothing_else():
    consultation, registrar, person = make.consultation(), make.registrar(), make.person()
    with refused("no-role"):
        give(registrar, consultation, person, "moderator")
    for who in (make.person(), make.moderator(consultation), make.administrator()):
        with refused("no-role"):
            give(who, consultation, person, "secretariat")
    give(registrar, consultation, person, "secretariat")
    assert texts.roles_of(person, consultation) == {"secretariat"}
    assert Message.objects.get(kind="role-given").context["title"] == consultation.title("en")
    with refused("no-role"):
        give(registrar, consultation, make.person(), "secretariat")


def test_a_role_needs_a_confirmed_address():
    consultation = make.consultation()
    with refused("invalid", "person"):
        give(make.secretariat(consultation), consultation, make.person(confirmed=False), "observer")
