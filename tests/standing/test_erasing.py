"""A person is erased: what was done for institutions stays, and nothing says any longer who did it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.apps import apps
from django.core import mail
from django.db import DatabaseError, connection, transaction
from pghistory.models import Context, Event

from accounts.models import Institution, Invitation, SiteRole, User
from consultation.comments.models import Comment, CommentRevision, Cosignature
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.kit.refusal import NotFound, Refusal
from consultation.moderation.models import Case, Decision
from consultation.post import tasks as mails
from consultation.post.models import Message
from consultation.record.models import Entry
from consultation.standing.actions import erase_person
from tests import factories as make
from tests.standing.life import EMAIL, NAME, PLANTED, Life, in_sessions, lived, tables_with
from tests.truths import assert_all_hold

pytestmark = pytest.mark.usefixtures("on_top")

# Where a trail of the name, or of an address, is before: if one is missing, the walk proves less.
BEFORE = {
    "accounts_user.name",
    "accounts_user.email",
    "accounts_apitoken.name",
    "account_emailaddress.email",
    "accounts_invitation.email",
    "consultation_endorsement.signed_name",
    "consultation_flag.note",
    "consultation_message.address",
    "consultation_message.context",
    "consultation_message.body",
    "socialaccount_socialaccount.extra_data",
    "usersessions_usersession.ip",
    "usersessions_usersession.user_agent",
}


@pytest.fixture(scope="module")
def trail(kept: None) -> Life:
    return lived()


@pytest.fixture
def life(trail: Life) -> Life:
    return deepcopy(trail)


def erase(person: User, *, by: User | None = None, address: str = "") -> None:
    erase_person(by or person, person_id=person.pk, address=address or person.email, at=clock.now())


def everywhere() -> set[str]:
    return set().union(*map(tables_with, PLANTED))


def test_no_column_of_any_table_knows_the_person_any_more(life: Life) -> None:
    assert everywhere() >= BEFORE
    assert in_sessions(EMAIL)
    erase(life.person)
    mails.sweep()
    assert everywhere() == set()
    assert not any(map(in_sessions, PLANTED))
    assert_all_hold()


def test_no_key_of_the_person_is_left_in_any_relation(life: Life) -> None:
    key = life.person.pk
    assert "accounts_mandateevent.person_id" in relations_to(key)
    assert Context.objects.filter(metadata__actor=key).exists()
    erase(life.person)
    assert relations_to(key) == set()
    assert not Context.objects.filter(metadata__actor=key).exists()


def relations_to(key: int) -> set[str]:
    tables = connection.introspection.table_names()
    return {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is User
        and model._meta.db_table in tables
        and model._base_manager.filter(**{field.name: key}).exists()
    }


def test_what_was_done_for_an_institution_stays_under_one_number(life: Life) -> None:
    numbers = [
        Comment.objects.filter(author=life.person).exclude(state="draft"),
        CommentRevision.objects.filter(author=life.person),
        Cosignature.objects.filter(person=life.person),
        Endorsement.objects.filter(signed_by=life.person),
    ]
    kept = [list(rows.values_list("pk", flat=True)) for rows in numbers]
    assert all(kept)
    body = life.comment.shown.body
    erase(life.person)
    for rows, keys in zip(numbers, kept, strict=True):
        assert set(rows.model.objects.filter(pk__in=keys).values_list("former", flat=True)) == {1}
    left = Comment.objects.get(pk=life.comment.pk)
    assert (left.author, left.shown.body, left.public_since) == (None, body, life.comment.public_since)


def test_the_next_who_is_forgotten_gets_the_next_number(life: Life) -> None:
    comment = make.comment(life.consultation, life.institution, by=life.colleague)
    erase(life.person)
    erase(life.colleague)
    assert Comment.objects.get(pk=comment.pk).former == 2
    assert Institution.objects.get(pk=life.institution.pk).former_people == 2


def test_drafts_are_given_to_the_institution(life: Life) -> None:
    erase(life.person)
    draft = Comment.objects.get(pk=life.draft.pk)
    assert (draft.author, draft.former, draft.draft.saved_by) == (None, None, None)
    assert draft.institution == life.institution


def test_the_institutions_managers_hear_what_becomes_of_a_comment_without_author(life: Life) -> None:
    waiting = make.pending_comment(life.consultation, life.institution, by=life.person)
    erase(life.person)
    make.decide(waiting, "return")
    [told] = Message.objects.filter(kind="comment-returned")
    assert told.person == life.colleague


def test_the_record_and_decisions_stay_without_the_person(life: Life) -> None:
    numbers = list(Entry.objects.filter(actor=life.person).values_list("pk", flat=True))
    decided = Decision.objects.get(person=life.person)
    erase(life.person)
    assert set(Entry.objects.filter(pk__in=numbers).values_list("actor", flat=True)) == {None}
    assert Entry.objects.filter(pk__in=numbers).count() == len(numbers)
    assert Decision.objects.get(pk=decided.pk).action == "approve"
    held = Case.objects.get(pk=life.case.pk)
    assert (held.holder, held.lease_until) == (None, None)


def test_the_record_says_that_a_person_was_erased_by_number_alone(life: Life) -> None:
    key = life.person.pk
    erase(life.person)
    entry = Entry.objects.get(kind="person.erased")
    assert (entry.subject_key, entry.actor, entry.public) == (str(key), None, False)


def test_an_open_invitation_to_the_person_is_taken_back(life: Life) -> None:
    invited = Invitation.objects.get(email="the.other.one@planted.example")
    erase(life.person)
    invited.refresh_from_db()
    assert (invited.state, invited.email) == ("withdrawn", "")


def test_the_person_is_signed_in_nowhere(life: Life) -> None:
    assert life.client.get("/desk/").status_code == 200
    erase(life.person)
    assert life.client.get("/desk/").status_code == 302


def test_the_last_mail_goes_to_the_old_address_and_is_notkept(life: Life) -> None:
    mails.sweep()
    mail.outbox.clear()
    erase(life.person)
    mails.sweep()
    [last] = [each for each in mail.outbox if each.to == [EMAIL]]
    assert last.subject == "Your account is erased"
    assert not Message.objects.filter(kind="account-erased").exists()


def test_mails_about_the_person_that_wait_go_out_without_the_name(life: Life) -> None:
    waiting = Message.objects.filter(job_state="waiting", kind="invitation")
    keys = list(waiting.values_list("pk", flat=True))
    assert NAME in str(list(waiting.values_list("context", flat=True)))
    mail.outbox.clear()
    erase(life.person)
    mails.sweep()
    assert Message.objects.filter(pk__in=keys, job_state="done").count() == len(keys)
    assert not [each for each in mail.outbox if NAME in each.body + each.subject]


def test_registrars_learn_which_institution_nobody_manages_since() -> None:
    registrar = make.registrar()
    institution = make.verified_institution("Lone Academy")
    erase(make.manager(institution))
    told = Message.objects.filter(kind="institution-without-manager", person=registrar)
    assert [each.context["institution"] for each in told] == ["Lone Academy"]


def test_registrars_hear_nothing_where_somebody_still_manages() -> None:
    make.registrar()
    institution = make.verified_institution()
    make.representative(institution, "manage")
    erase(make.manager(institution))
    assert not Message.objects.filter(kind="institution-without-manager").exists()


def test_nothing_happens_unless_the_address_was_typed() -> None:
    person = make.person("ada@test.example")
    with pytest.raises(Refusal) as refusal:
        erase(person, address="ada@test.exam")
    assert list(refusal.value.errors) == ["address"]
    assert User.objects.filter(pk=person.pk).exists()
    erase(person, address=" Ada@Test.example ")
    assert not User.objects.filter(pk=person.pk).exists()


def test_an_administrator_erases_who_asked_for_it_and_is_named_on_record() -> None:
    person, administrator = make.person(), make.person()
    SiteRole.objects.create(person=administrator, role="administrator")
    erase(person, by=administrator)
    assert Entry.objects.get(kind="person.erased").actor == administrator


@pytest.mark.parametrize("by", [make.person, make.registrar])
def test_nobody_else_erases_a_person(by: Callable[[], User]) -> None:
    person = make.person()
    with pytest.raises(Refusal) as refusal:
        erase(person, by=by())
    assert refusal.value.code == "no-role"


def test_the_last_administrator_stays_until_there_is_another() -> None:
    person = make.person()
    SiteRole.objects.create(person=person, role="administrator")
    with pytest.raises(Refusal) as refusal:
        erase(person)
    assert refusal.value.code == "last-administrator"
    SiteRole.objects.create(person=make.person(), role="administrator")
    erase(person)
    assert not User.objects.filter(pk=person.pk).exists()


def test_who_is_erased_already_is_not_found() -> None:
    person = make.person()
    key, address = person.pk, person.email
    erase(User.objects.get(pk=key))
    with pytest.raises(NotFound):
        erase_person(person, person_id=key, address=address, at=clock.now())


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        act()
    return str(error.value)


def histories() -> list[type[Event]]:
    return [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]


def test_every_history_lets_a_person_be_cleared_and_nothing_else_be_changed(life: Life) -> None:
    names = {model.__name__ for model in histories()}
    assert names >= {"SiteRoleEvent", "InstitutionEvent", "MandateEvent", "ConsultationRoleEvent"}
    for history in histories():
        [name] = [field.name for field in history._meta.concrete_fields if field.related_model is User]
        rows = history._default_manager.filter(**{name: life.person.pk})
        assert rows.exists(), history
        assert "person_only_cleared" in refused(lambda r=rows, n=name: r.update(**{n: life.colleague.pk}))
        assert "never_changed" in refused(lambda r=rows: r.update(pgh_label="another"))
        assert "kept_three_years" in refused(lambda r=rows: r.delete())
        assert rows.update(**{name: None})


@pytest.mark.parametrize("who", ["author", "person", "signed_by"])
def test_a_number_only_takes_the_place_of_somebody_who_goes(life: Life, who: str) -> None:
    rows = {
        "author": [Comment.objects.filter(pk=life.comment.pk), life.comment.revisions.all()],
        "person": [Cosignature.objects.filter(person=life.person)],
        "signed_by": [Endorsement.objects.filter(pk=life.position.pk)],
    }[who]
    gone = {who: None, "former": 4} | ({"signed_name": ""} if who == "signed_by" else {})
    for each in rows:
        assert "former_takes_the_place" in refused(lambda r=each: r.update(former=4))
        keys = list(each.values_list("pk", flat=True))
        assert each.update(**gone) == len(keys)
        later = each.model.objects.filter(pk__in=keys)
        assert "former_takes_the_place" in refused(lambda r=later: r.update(former=5))
