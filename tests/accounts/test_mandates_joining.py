"""Joining by a confirmed address at its domain; addresses that everybody can have show nothing."""

import pytest
from allauth.account.models import EmailAddress

from accounts import queries
from accounts.actions import (
    accept_invitation,
    admit_colleague,
    ask_to_join,
    choose_joining,
    decline_colleague,
    end_mandate,
    invite_colleague,
    leave_institution,
    register_institution,
)
from accounts.free_mail import is_free
from accounts.models import Institution, InstitutionDomain, JoinRequest, Mandate
from consultation.kit import clock, link_keys
from consultation.post.models import Message
from consultation.record.models import Entry
from tests import factories as make
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def institution(kept: None) -> Institution:
    return make.verified_institution("Institute of Rivers", domains=["rivers.example"])


@pytest.fixture(scope="module")
def amina(kept):
    return make.person("amina@rivers.example")


def ask(person, institution) -> JoinRequest:
    return ask_to_join(person, institution_id=institution.pk, at=clock.now())


def admit(by, request, powers=("contribute",), **fields) -> Mandate:
    return admit_colleague(by, request_id=request.pk, powers=powers, at=clock.now(), **fields)


def decline(by, request) -> JoinRequest:
    return decline_colleague(by, request_id=request.pk, at=clock.now())


def choose(by, institution, joining) -> Institution:
    return choose_joining(by, institution_id=institution.pk, joining=joining, at=clock.now())


def told(kind: str) -> list[int]:
    return list(Message.objects.filter(kind=kind).order_by("person").values_list("person", flat=True))


def test_a_manager_is_asked_and_says_what_they_may_do(institution, amina):
    manager = make.manager(institution)
    request = ask(amina, institution)
    assert (request.state, told("join-asked")) == ("waiting", [manager.pk])
    assert not queries.mandates_in_force(amina, at=clock.now()).exists()

    mandate = admit(manager, request, ["sign", "contribute"])

    assert (mandate.powers, mandate.evidence) == (["contribute", "sign"], "domain")
    request.refresh_from_db()
    assert (request.state, request.settled_by) == ("approved", manager)
    assert told("mandate-granted") == sorted([amina.pk, manager.pk])
    kinds = set(Entry.objects.filter(institution=institution.pk).values_list("kind", flat=True))
    assert {"join.asked", "mandate.granted"} <= kinds


@pytest.mark.parametrize(
    "email",
    [
        "amina@notrivers.example",
        "amina@mail.rivers.example",
        "rivers.example@lakes.example",
        '"@rivers.example"@lakes.example',
    ],
)
def test_an_address_elsewhere_opens_nothing(institution, email):
    with refused("address-elsewhere"):
        ask(make.person(email), institution)


def test_an_unconfirmed_address_opens_nothing(institution):
    person = make.person("amina.b@rivers.example", confirmed=False)
    with refused("address-unconfirmed"):
        ask(person, institution)
    EmailAddress.objects.create(user=person, email="amina@lakes.example", verified=True)
    with refused("address-elsewhere"):
        ask(person, institution)


def test_an_address_that_was_taken_away_meanwhile_opens_nothing(institution, amina):
    request = ask(amina, institution)
    EmailAddress.objects.filter(user=amina).delete()
    with refused("address-elsewhere"):
        admit(make.manager(institution), request)


def test_whoever_manages_decides_and_nobody_else(institution, amina):
    request = ask(amina, institution)
    for by in (
        make.signatory(institution),
        make.manager(make.verified_institution()),
        make.registrar(),
        amina,
    ):
        for act in (admit, decline):
            with refused("no-mandate"):
                act(by, request)
        with refused("no-mandate"):
            choose(by, institution, "automatic")


def test_one_request_at_a_time_and_none_after_a_no(institution, amina):
    manager = make.manager(institution)
    request = ask(amina, institution)
    with refused("asked-already"):
        ask(amina, institution)
    decline(manager, request)
    assert (told("join-declined"), Entry.objects.filter(kind="join.declined").count()) == ([amina.pk], 1)
    with refused("declined"):
        ask(amina, institution)
    for act in (admit, decline):
        with refused("not-found"):
            act(manager, request)


def test_where_managers_chose_so_they_contribute_at_once(institution, amina):
    choose(make.manager(institution), institution, "automatic")
    request = ask(amina, institution)
    assert request.state == "approved"
    [mandate] = queries.mandates_in_force(amina, at=clock.now())
    assert (mandate.powers, mandate.evidence) == (["contribute"], "domain")
    assert told("join-asked") == []
    assert told("mandate-granted") == sorted([amina.pk, make.manager(institution).pk])
    assert Entry.objects.filter(kind="institution.joining_chosen").count() == 1


def revoke(person, institution):
    mandate = queries.mandates_in_force(person, at=clock.now()).get()
    end_mandate(make.manager(institution), mandate_id=mandate.pk, at=clock.now())


def leave(person, institution):
    leave_institution(person, institution_id=institution.pk, at=clock.now())


@pytest.mark.parametrize("go", [revoke, leave])
def test_whoever_acted_for_it_before_waits_for_a_manager(institution, amina, go):
    choose(make.manager(institution), institution, "automatic")
    ask(amina, institution)
    go(amina, institution)
    assert ask(amina, institution).state == "waiting"
    assert not queries.mandates_in_force(amina, at=clock.now()).exists()


def test_whoever_was_invited_meanwhile_waits_no_longer(institution, amina):
    manager, request = make.manager(institution), ask(amina, institution)
    invite_colleague(
        manager,
        institution_id=institution.pk,
        email=amina.email,
        powers=["sign"],
        language="en",
        at=clock.now(),
    )
    seed = Message.objects.get(kind="invitation").context["seed"]
    accept_invitation(amina, key=link_keys.key_of(seed), at=clock.now())
    request.refresh_from_db()
    assert request.state == "approved"
    with refused("not-found"):
        admit(manager, request)
    with refused("acts-already"):
        ask(amina, institution)


def test_an_institution_that_nobody_sees_is_not_there(amina):
    waiting = make.institution(domains=["rivers.example"])
    with refused("not-found"):
        ask(amina, waiting)
    with refused("not-found"):
        ask(amina, make.suspend(make.verify(waiting)))


@pytest.mark.parametrize("joining", ["", "sometimes"])
def test_joining_is_one_of_two(institution, joining):
    with refused("invalid", "joining"):
        choose(make.manager(institution), institution, joining)


@pytest.mark.parametrize(
    "domain", ["gmail.com", "@GMail.com", "qq.com", "yandex.ru", "web.de", "mail.proton.me"]
)
def test_a_domain_at_which_everybody_has_an_address_is_refused(domain):
    with refused("invalid", "domains"):
        register_institution(
            make.person(), name="Institute of Rivers", country="NO", type="academy", domains=[domain],
            at=clock.now(),
        )  # fmt: skip


def test_a_domain_at_which_everybody_has_an_address_opens_nothing_even_if_it_was_taken(institution):
    InstitutionDomain.objects.create(institution=institution, domain="gmail.com")
    with refused("address-elsewhere"):
        ask(make.person("amina@gmail.com"), institution)


@pytest.mark.parametrize(
    "domain", ["uio.no", "un.org", "who.int", "nus.edu.sg", "ox.ac.uk", "mail.gov.in", "cnrs.fr"]
)
def test_domains_of_institutions_are_not_taken_for_free_ones(domain):
    assert not is_free(domain)
