"""The registrar's pages: who waits, on what evidence, and the decision."""

import pytest

from accounts.models import Institution
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.django_db


def waiting(name="Fjord Academy", email="", **data) -> Institution:
    return make.institution(name, by=make.person(email), **data)


def test_the_registry_lists_who_waits_with_the_evidence():
    waiting(email="anna@office.fjord.example", domains=["fjord.example"], website="https://fjord.example/")
    waiting("Hill Society", domains=["hill.example"])
    make.verified_institution("Long There")
    said = page(signed_in(make.registrar()).get("/registry/"))
    assert "2 institutions wait to be verified" in said
    assert "Confirmed address at its domain anna@office.fjord.example" in said
    assert said.count("No confirmed address at a domain of its own") == 1
    assert "Long There" not in said


@pytest.mark.parametrize("number", [1, 3])
def test_the_registry_takes_8_queries_whoever_waits(number, django_assert_num_queries):
    for each in range(number):
        waiting(f"Academy {each}", domains=[f"academy{each}.example"])
    make.verified_institution()
    client = signed_in(make.registrar())
    client.get("/registry/")
    with django_assert_num_queries(8):
        response = client.get("/registry/")
    assert response.content.decode().count('class="need') == number


def test_an_empty_registry_says_so():
    assert "No institution waits" in page(signed_in(make.registrar()).get("/registry/"))


@pytest.mark.parametrize("path", ["/registry/", "/registry/fjord-academy/"])
@pytest.mark.parametrize("who", ["owner", "colleague", "stranger", "moderator"])
def test_only_registrars_learn_of_the_registry(path, who):
    institution = waiting()
    person = {
        "owner": lambda: make.manager(institution),
        "colleague": lambda: make.representative(institution),
        "stranger": make.person,
        "moderator": lambda: make.moderator(make.consultation()),
    }[who]()
    client = signed_in(person)
    assert client.get(path).status_code == 404
    if path != "/registry/":
        assert client.post(path, {"do": "verify", "how": "letter", "claim": "one"}).status_code == 404
    institution.refresh_from_db()
    assert institution.state == "pending"


def test_one_institution_stands_beside_what_speaks_for_it():
    make.verified_institution("The Fjord Academy", domains=["fjord.example"])
    waiting(email="anna@fjord.example", domains=["fjord.example"], ror="https://ror.org/05dxps055")
    said = page(signed_in(make.registrar()).get("/registry/fjord-academy/"))
    assert "at its domain anna@fjord.example" in said
    assert "The Fjord Academy It has the same e-mail domain. Verified." in said
    assert "ror.org/05dxps055" in said


def test_an_address_at_a_domain_that_only_ends_alike_is_no_evidence():
    waiting(email="anna@notfjord.example", domains=["fjord.example"])
    said = page(signed_in(make.registrar()).get("/registry/fjord-academy/"))
    assert "at another domain anna@notfjord.example" in said


def test_verifying_is_done_once_however_often_it_is_sent():
    institution = waiting()
    client = signed_in(make.registrar())
    claim = claim_in(client.get("/registry/fjord-academy/"), "Verify this institution")
    form = {"do": "verify", "how": "letter", "note": "Letter of 3 May, drawer 2.", "claim": claim}
    answers = [client.post("/registry/fjord-academy/", form) for _ in range(2)]
    assert [(each.status_code, each.url) for each in answers] == [(303, "/registry/")] * 2
    institution.refresh_from_db()
    assert (institution.state, institution.verified_how, institution.verified_note) == (
        "verified",
        "letter",
        "Letter of 3 May, drawer 2.",
    )


def test_verifying_without_saying_how_keeps_the_note():
    institution = waiting()
    response = signed_in(make.registrar()).post(
        "/registry/fjord-academy/", {"do": "verify", "note": "By telephone.", "claim": "one"}
    )
    assert response.status_code == 400
    assert "Say how you made sure that this institution is what it says." in page(response)
    assert "By telephone." in response.content.decode()
    institution.refresh_from_db()
    assert institution.state == "pending"


def test_rejecting_is_asked_for_twice():
    institution = waiting()
    client = signed_in(make.registrar())
    form = {"reason": "No such place <b>at all</b>.\nWe looked.", "claim": "one"}
    first = client.post("/registry/fjord-academy/", form | {"do": "confirm"})
    institution.refresh_from_db()
    assert (first.status_code, institution.state) == (200, "pending")
    assert "Fjord Academy is about to be rejected." in page(first)
    assert "<b>at all" not in first.content.decode()
    claim = claim_in(first, "Reject this institution")
    second = client.post("/registry/fjord-academy/", form | {"do": "reject", "claim": claim})
    institution.refresh_from_db()
    assert (second.status_code, institution.state, institution.reason) == (303, "rejected", form["reason"])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "a\x00b"])
def test_rejecting_needs_a_reason_that_can_be_kept(reason):
    institution = waiting()
    response = signed_in(make.registrar()).post(
        "/registry/fjord-academy/", {"do": "reject", "reason": reason, "claim": "one"}
    )
    institution.refresh_from_db()
    assert (response.status_code, institution.state) == (400, "pending")


def test_a_registrar_does_not_verify_its_own_institution():
    registrar = make.registrar()
    make.institution("Fjord Academy", by=registrar)
    client = signed_in(registrar)
    sentence = "You act for this institution. Another registrar has to decide."
    assert sentence in page(client.get("/registry/fjord-academy/"))
    response = client.post("/registry/fjord-academy/", {"do": "verify", "how": "letter", "claim": "one"})
    assert (response.status_code, sentence in page(response)) == (403, True)


def test_an_institution_that_was_decided_meanwhile_says_so():
    institution = waiting()
    make.verify(institution)
    response = signed_in(make.registrar()).post(
        "/registry/fjord-academy/", {"do": "verify", "how": "letter", "claim": "one"}
    )
    assert response.status_code == 409
    assert "This was decided already" in page(response)
