"""Invitations: a link by mail, accepted once, by one person; nobody learns who has an account."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction

from accounts import queries
from accounts.actions import (
    accept_invitation,
    end_mandate,
    invite_colleague,
    renew_invitation,
    withdraw_invitation,
)
from accounts.models import Institution, Invitation, Mandate
from consultation.kit import clock, link_keys
from consultation.kit.refusal import Refusal
from consultation.post.actions import deliver
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests.refusals import refused
from tests.together import at_once

pytestmark = pytest.mark.django_db
ADDRESS = "amina@rivers.example"


@pytest.fixture
def institution() -> Institution:
    return make.verified_institution("Institute of Rivers")


def invite(institution, by=None, email=ADDRESS, powers=("contribute", "sign"), **fields) -> Invitation:
    given = {"language": "fr", "at": clock.now(), **fields}
    by = by or make.manager(institution)
    return invite_colleague(by, institution_id=institution.pk, email=email, powers=powers, **given)


def key() -> str:
    """The key in the newest link that was sent."""
    return link_keys.key_of(Message.objects.filter(kind="invitation").order_by("pk").last().context["seed"])


def delivered():
    """The mail of the newest invitation, once it went out."""
    assert deliver(Message.objects.filter(kind="invitation").latest("pk").pk)
    return mail.outbox[-1]


def accept(person, with_key=None, at=None) -> Mandate:
    return accept_invitation(person, key=with_key or key(), at=at or clock.now())


def test_a_link_goes_to_the_address_in_the_language_that_was_chosen(institution):
    invitation = invite(institution, email=" Amina@Rivers.example ")
    letter = delivered()
    assert (letter.to, "Institute of Rivers" in letter.subject) == ([ADDRESS], True)
    assert f"{settings.SITE_URL}/invitations/{key()}/" in letter.body
    assert (invitation.email, invitation.expires_at - invitation.sent_at) == (ADDRESS, timedelta(days=14))
    assert Message.objects.get(kind="invitation").language == "fr"
    assert Entry.objects.get(kind="invitation.sent").subject_key == str(invitation.pk)


def everything_stored() -> str:
    """Every value of every row of every table, as the database writes it."""
    with connection.cursor() as cursor:
        return "\n".join(
            row[0] for table in connection.introspection.table_names() for row in _rows(cursor, table)
        )


def _rows(cursor, table):
    cursor.execute(f'SELECT each::text FROM "{table}" AS each')
    return cursor.fetchall()


def test_the_key_of_a_link_stands_in_no_table(institution):
    invite(institution)
    before = everything_stored()
    letter = delivered()
    after = everything_stored()
    assert link_keys.hash_of(key()) in before
    assert ADDRESS in before
    for stored in (before, after):
        assert key() not in stored
    assert key() in letter.body


def test_accepting_gives_the_powers_of_the_invitation_and_is_told(institution):
    last_day = date(2099, 1, 1)
    manager, person = make.manager(institution), make.person()
    invitation = invite(institution, until=last_day)

    mandate = accept(person)

    assert (mandate.powers, mandate.until, mandate.evidence) == (
        ["contribute", "sign"],
        last_day,
        "invitation",
    )
    invitation.refresh_from_db()
    assert (invitation.state, invitation.email) == ("accepted", "")
    kinds = Entry.objects.filter(actor__in=[person.pk, manager.pk]).values_list("kind", flat=True)
    assert {"invitation.accepted", "mandate.granted"} <= set(kinds)
    told = Message.objects.filter(kind="mandate-granted")
    assert {(each.person_id, bool(each.context.get("yours"))) for each in told} == {
        (person.pk, True),
        (manager.pk, False),
    }


def test_whether_the_address_has_an_account_makes_no_difference(institution):
    make.person("known@rivers.example", language="ar")
    for email in ("known@rivers.example", "nobody@rivers.example"):
        invite(institution, email=email)
    known, unknown = Message.objects.filter(kind="invitation").order_by("pk")
    assert (known.person_id, known.language) == (unknown.person_id, unknown.language) == (None, "fr")
    assert known.context.keys() == unknown.context.keys()


def test_an_invitation_is_over_once_somebody_accepted_it(institution):
    invite(institution)
    accept(make.person())
    with refused("invitation-over"):
        accept(make.person())


def test_an_invitation_ends_by_itself(institution):
    invitation = invite(institution)
    person = make.person()
    with refused("invitation-over"):
        accept(person, at=invitation.expires_at)
    accept(person, at=invitation.expires_at - timedelta(seconds=1))


def test_an_invitation_to_a_mandate_that_would_be_over_is_over(institution):
    today = datetime.now(UTC).date()
    invite(institution, until=today)
    with refused("invitation-over"):
        accept(make.person(), at=clock.now() + timedelta(days=1))


def test_an_invitation_that_was_taken_back_opens_nothing(institution):
    invitation = invite(institution)
    withdraw_invitation(make.manager(institution), invitation_id=invitation.pk, at=clock.now())
    invitation.refresh_from_db()
    assert (invitation.state, invitation.email) == ("withdrawn", "")
    with refused("invitation-over"):
        accept(make.person())


def test_an_invitation_of_somebody_who_manages_no_longer_opens_nothing(institution):
    other = make.representative(institution, "manage")
    invite(institution, by=other)
    mandate = queries.mandates_in_force(other, at=clock.now()).get()
    end_mandate(make.manager(institution), mandate_id=mandate.pk, at=clock.now())
    with refused("invitation-over"):
        accept(make.person())


def test_sending_again_makes_a_new_link_in_the_name_of_who_sends_it(institution):
    invitation = invite(institution)
    earlier, other = key(), make.representative(institution, "manage")
    with refused("too-many"):
        renew_invitation(other, invitation_id=invitation.pk, at=clock.now())
    renew_invitation(other, invitation_id=invitation.pk, at=clock.now() + timedelta(hours=1))
    with refused("not-found"):
        accept(make.person(), with_key=earlier)
    accept(make.person())
    invitation.refresh_from_db()
    assert (invitation.invited_by_id, invitation.state) == (other.pk, "accepted")


def test_whoever_acts_for_it_already_keeps_their_powers(institution):
    manager = make.manager(institution)
    invite(institution, powers=["contribute"])
    with refused("acts-already"):
        accept(manager)
    accept(make.person())
    assert queries.mandates_in_force(manager, at=clock.now()).get().powers == ["contribute", "sign", "manage"]


def test_accepting_takes_a_confirmed_address(institution):
    invite(institution)
    with refused("address-unconfirmed"):
        accept(make.person(confirmed=False))
    with refused("not-signed-in"):
        accept(None)
    with refused("not-found"):
        accept(make.person(), with_key="no such key")


def test_nobody_comes_into_a_suspended_institution(institution):
    invitation = invite(institution)
    make.suspend(institution)
    with refused("institution-barred"):
        accept(make.person())
    with refused("institution-barred"):
        invite(institution, email="other@rivers.example")
    withdraw_invitation(make.manager(institution), invitation_id=invitation.pk, at=clock.now())


def test_only_managers_invite_send_again_and_take_back(institution):
    invitation = invite(institution)
    for by in (make.signatory(institution), make.manager(make.verified_institution()), make.registrar()):
        with refused("no-mandate"):
            invite(institution, by=by, email="other@rivers.example")
        for act in (renew_invitation, withdraw_invitation):
            with refused("no-mandate"):
                act(by, invitation_id=invitation.pk, at=clock.now())


def test_one_address_is_invited_once_at_a_time(institution):
    invite(institution)
    with refused("invited-already"):
        invite(institution, email=ADDRESS.upper())
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            institution=institution, email=ADDRESS, language="en", powers=["sign"], secret_hash="b",
            sent_at=clock.now(), expires_at=clock.now(),
        )  # fmt: skip


def test_only_so_many_go_out_in_a_day_taken_back_or_not(institution, monkeypatch):
    monkeypatch.setattr("accounts.rules.INVITATIONS_A_DAY", 2)
    for name in "ab":
        invitation = invite(institution, email=f"{name}@rivers.example")
        withdraw_invitation(make.manager(institution), invitation_id=invitation.pk, at=clock.now())
    with refused("too-many"):
        invite(institution)
    invite(institution, at=clock.now() + timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "no address"}, "email"),
        ({"email": f"{'a' * 250}@rivers.example"}, "email"),
        ({"email": "a\x00@rivers.example"}, "email"),
        ({"powers": []}, "powers"),
        ({"powers": ["rule"]}, "powers"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_what_is_wrong_is_named(institution, fields, wrong):
    with refused("invalid", wrong):
        invite(institution, **fields)
    assert not Message.objects.filter(kind="invitation").exists()


@pytest.mark.parametrize(
    "broken",
    [{"state": "open", "settled_at": None}, {"state": "withdrawn"}, {"email": "again@rivers.example"}],
)
def test_the_database_keeps_what_is_settled_settled(institution, broken):
    invitation = invite(institution)
    accept(make.person())
    with pytest.raises(Exception, match=r"transition|violates"), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(**broken)


@pytest.mark.django_db(transaction=True)
def test_two_hundred_who_accept_at_once_make_one_mandate():
    institution = make.verified_institution()
    invite(institution)
    link, people = key(), [make.person() for _each in range(40)]
    acts = [lambda who=who: accept(who, with_key=link) for _time in range(5) for who in people]

    came_to = at_once(acts, people=40)

    codes = [each.code for each in came_to if isinstance(each, Refusal)]
    assert (len(acts), len(codes)) == (200, 199)
    assert set(codes) <= {"invitation-over", "busy"}
    [mandate] = Mandate.objects.filter(evidence="invitation")
    assert Entry.objects.filter(kind="mandate.granted", subject_key=str(mandate.pk)).count() == 1
    assert Entry.objects.filter(kind="invitation.accepted").count() == 1


def test_a_key_is_fit_for_an_address_and_depends_on_the_sites_secret(settings):
    one = link_keys.key_of("seed")
    settings.SECRET_KEY = "another secret of another site"
    assert re.fullmatch(r"[\w-]{43}", one)
    assert link_keys.key_of("seed") != one != link_keys.key_of("other seed")
