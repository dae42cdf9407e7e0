"""What a role is worth without a second factor: everything for a while, then nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts import queries as accounts
from accounts.models import SiteRole, User
from consultation.kit import clock
from consultation.texts import queries as texts
from consultation.texts.actions import give_role
from consultation.texts.models import Consultation, ConsultationRole
from tests import factories as make
from tests.contract.calls import by, problem
from tests.office.browsing import page, signed_in
from tests.refusals import refused

pytestmark = pytest.mark.usefixtures("on_top")
SET_UP = "Set up a second factor"


def long_ago(person: User, days: float = 8) -> User:
    """The roles of this person were given so many days ago."""
    since = clock.now() - timedelta(days=days)
    SiteRole.objects.filter(person=person).update(since=since)
    ConsultationRole.objects.filter(person=person).update(since=since)
    return person


def with_app(person: User) -> User:
    totp.TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


def administrator() -> User:
    made = make.person()
    SiteRole.objects.create(person=made, role=SiteRole.Role.ADMINISTRATOR)
    return made


@pytest.fixture(scope="module")
def consultation(kept: None) -> Consultation:
    return make.consultation()


@pytest.mark.parametrize(("days", "gives"), [(6.9, True), (7.1, False)])
def test_a_role_gives_power_for_seven_days(consultation, days, gives):
    registrar = long_ago(make.registrar(), days)
    moderator = long_ago(make.moderator(consultation), days)

    assert accounts.has_site_role(registrar, SiteRole.Role.REGISTRAR) is gives
    assert texts.has_role(moderator, consultation, "moderator") is gives
    assert texts.consultations_with_role(moderator, "moderator").exists() is gives
    assert (texts.roles_anywhere(moderator) == {"moderator"}) is gives
    assert texts.roles_held(moderator).exists() is gives


def test_the_setting_says_for_how_long(settings):
    registrar = long_ago(make.registrar(), 2)
    settings.SECOND_FACTOR_GRACE_DAYS = 1

    assert accounts.site_roles(registrar) == frozenset()


def test_each_role_has_its_own_time(consultation):
    person = long_ago(make.registrar())
    make.with_role(consultation, "moderator", person)

    assert accounts.site_roles(person) == frozenset()
    assert texts.roles_of(person, consultation) == {"moderator"}


@pytest.mark.parametrize("kind", [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
def test_an_app_or_a_passkey_gives_it_back_and_recovery_codes_alone_do_not(consultation, kind):
    person = long_ago(make.moderator(consultation))
    Authenticator.objects.create(user=make.person(), type=kind, data={})
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert texts.roles_of(person, consultation) == set()

    Authenticator.objects.create(user=person, type=kind, data={})

    assert texts.roles_of(person, consultation) == {"moderator"}


def test_a_demonstration_account_needs_none(consultation):
    person = long_ago(make.with_role(consultation, "secretariat", make.person(demonstration=True)))

    assert texts.roles_of(person, consultation) == {"secretariat"}
    assert texts.second_factor_due(person) is None


def test_an_observer_needs_none(consultation):
    person = long_ago(make.observer(consultation))

    assert texts.roles_of(person, consultation) == {"observer"}
    assert texts.second_factor_due(person) is None
    assert signed_in(person).get("/moderation/").status_code == 200


def test_a_text_in_preparation_is_hidden_from_whose_role_gives_no_power(consultation):
    person = long_ago(make.with_role(consultation, "secretariat"))
    make.unpublish(consultation)
    assert not texts.visible_to(person).exists()

    with_app(person)

    assert list(texts.visible_to(person)) == [consultation]


def office_pages(consultation: Consultation) -> list[tuple[User, str]]:
    return [
        (make.moderator(consultation), "/moderation/"),
        (make.secretariat(consultation), "/secretariat/"),
        (make.secretariat(consultation), f"/secretariat/{consultation.slug}/"),
        (make.registrar(), "/registry/"),
        (make.registrar(), f"/registry/{make.institution().slug}/"),
        (administrator(), "/site/"),
    ]


def test_the_pages_of_the_office_say_what_is_missing(consultation):
    for person, address in office_pages(consultation):
        browser = signed_in(long_ago(person))
        answer = browser.get(address)
        assert (answer.status_code, SET_UP in page(answer)) == (403, True), address
        assert b'href="/accounts/2fa/"' in answer.content
        with_app(person)
        assert browser.get(address).status_code == 200, address


def test_a_case_that_somebody_may_not_read_for_want_of_it_says_so_too(consultation):
    comment = make.pending_comment(consultation, body="A planted secret.")
    case = comment.item.cases.get()
    person = long_ago(make.moderator(consultation))
    answer = signed_in(person).get(f"/moderation/cases/{case.pk}/")
    assert answer.status_code == 403
    assert b"planted" not in answer.content


def test_the_office_is_not_there_for_who_has_no_role(consultation):
    for _person, address in office_pages(consultation):
        answer = signed_in(make.person()).get(address)
        assert (answer.status_code, SET_UP in page(answer)) == (404, False), address


def test_a_page_that_is_not_there_is_not_there_for_a_moderator_with_power(consultation):
    assert signed_in(make.moderator(consultation)).get("/secretariat/").status_code == 404


def test_programs_are_told(consultation):
    institution = make.institution()
    case = make.pending_comment(consultation).item.cases.get()
    moderator, registrar = by(long_ago(make.moderator(consultation))), by(long_ago(make.registrar()))
    for answer in (
        moderator.get("moderation/cases/"),
        moderator.get(f"moderation/cases/{case.pk}/"),
        moderator.post("moderation/claim/"),
        moderator.post(f"moderation/cases/{case.pk}/claim/"),
        registrar.get("institutions/?state=pending"),
        registrar.post(f"institutions/{institution.slug}/verify/", {"how": "letter"}),
    ):
        problem(answer, 403, "second-factor-needed")
    assert registrar.get("me/").json()["site_roles"] == []


def test_verbs_refuse_by_the_same_code(consultation):
    secretariat = long_ago(make.secretariat(consultation))
    with refused("second-factor-needed"):
        give_role(secretariat, consultation_id=consultation.pk, person_id=make.person().pk, role="moderator")


def test_the_desk_says_until_when(consultation, time_machine):
    time_machine.move_to("2026-03-02T09:00Z", tick=False)
    person = long_ago(make.moderator(consultation), 2)
    said = page(signed_in(person).get("/desk/"))
    assert "by 7 March 5 days left. Your role needs a second factor" in said
    assert "After that day your role gives no power until it is set up." in said

    said = page(signed_in(long_ago(person)).get("/desk/"))
    assert "since 1 March Your role needs a second factor" in said
    assert "Your role gives no power until it is set up." in said

    assert "second factor" not in page(signed_in(with_app(person)).get("/desk/"))
    assert "second factor" not in page(signed_in(make.person()).get("/desk/"))


def test_it_costs_no_query_more(consultation, django_assert_num_queries):
    person = long_ago(make.registrar())
    make.with_role(consultation, "moderator", person)
    for _ in range(3):
        make.with_role(make.consultation(), "moderator", person)
    for ask in (
        lambda: accounts.site_roles(person),
        lambda: texts.roles_of(person, consultation),
        lambda: list(texts.consultations_with_role(person, "moderator")),
        lambda: texts.second_factor_due(person),
    ):
        with django_assert_num_queries(1):
            ask()


def test_setting_up_an_app_by_its_page_opens_the_office_and_is_asked_for_at_the_next_sign_in(consultation):
    person = long_ago(make.moderator(consultation))
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    form = browser.get("/accounts/2fa/totp/activate/").context["form"]
    code = totp.format_hotp_value(
        totp.hotp_value(form.secret, next(iter(totp.yield_hotp_counters_from_time())))
    )
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302

    assert browser.get("/moderation/").status_code == 200
    again = Client()
    answer = again.post("/accounts/login/", {"login": person.email, "password": make.PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert again.get("/moderation/").status_code == 302
