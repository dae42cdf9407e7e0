"""The registrar's pages: who waits, on what evidence, and the decision."""

import pytest

from accounts.actions import give_evidence
from accounts.models import Institution
from consultation.kit import clock
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
def test_the_registry_takes_12_queries_whoever_waits(number, django_assert_num_queries):
    for each in range(number):
        waiting(f"Academy {each}", domains=[f"academy{each}.example"])
    make.verified_institution()
    client = signed_in(make.registrar())
    client.get("/registry/")
    with django_assert_num_queries(12):
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
    first = client.post("/registry/fjord-academy/", form | {"do": "confirm-reject"})
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


def test_asking_for_more_stands_beside_the_entry_until_it_is_answered():
    institution = waiting()
    client = signed_in(make.registrar())
    form = {"do": "ask", "words": "A letter, please.", "claim": "one"}
    answer = client.post("/registry/fjord-academy/", form)
    assert (answer.status_code, answer.url) == (303, "/registry/fjord-academy/")
    assert "Asked for" in page(client.get("/registry/"))
    assert "A letter, please." in page(client.get("/registry/fjord-academy/"))
    give_evidence(make.manager(institution), institution_id=institution.pk, note="By post.", at=clock.now())
    assert "Asked for, and answered" in page(client.get("/registry/"))
    assert "By post." in page(client.get("/registry/fjord-academy/"))


def test_suspending_is_asked_for_twice_and_verifying_again_brings_it_back():
    institution = make.verified_institution("Fjord Academy")
    client = signed_in(make.registrar())
    form = {"reason": "A doubt.", "claim": "one"}
    first = client.post("/registry/fjord-academy/", form | {"do": "confirm-suspend"})
    institution.refresh_from_db()
    assert (first.status_code, institution.state) == (200, "verified")
    assert "Fjord Academy is about to be suspended." in page(first)
    client.post("/registry/fjord-academy/", form | {"do": "suspend"})
    institution.refresh_from_db()
    assert (institution.state, institution.reason) == ("suspended", "A doubt.")
    client.post("/registry/fjord-academy/", {"do": "verify", "how": "letter", "claim": "two"})
    institution.refresh_from_db()
    assert institution.state == "verified"


def test_merging_says_in_numbers_what_will_happen_and_is_asked_for_twice():
    kept = make.verified_institution("Fjord Academy", domains=["fjord.example"])
    merged = make.verified_institution("The Fjord Academy", domains=["fjord.example"])
    make.comment(institution=merged)
    client = signed_in(make.registrar())
    assert "?kept=fjord-academy" in client.get("/registry/the-fjord-academy/merge/").content.decode()
    form = {"kept": "fjord-academy", "reason": "Twice.", "claim": "one"}
    first = client.post("/registry/the-fjord-academy/merge/", form)
    assert "1 comment moves to the kept record." in page(first)
    assert "1 person loses their powers." in page(first)
    merged.refresh_from_db()
    assert merged.state == "verified"
    second = client.post("/registry/the-fjord-academy/merge/", form | {"do": "merge"})
    merged.refresh_from_db()
    assert (second.status_code, merged.state, merged.merged_into) == (303, "merged", kept)
    unknown = client.post("/registry/fjord-academy/merge/", form | {"kept": "nowhere"})
    assert (unknown.status_code, "There is no other institution" in page(unknown)) == (400, True)


def test_a_registrar_changes_the_name_and_what_was_sent_keeps_the_old_one():
    institution = make.verified_institution("Fjord Academy")
    comment = make.comment(institution=institution)
    client = signed_in(make.registrar())
    form = {
        "name": "Academy of the Fjord",
        "country": "NO",
        "type": "academy",
        "reason": "New.",
        "claim": "one",
    }
    assert client.post("/registry/fjord-academy/data/", form).status_code == 303
    institution.refresh_from_db()
    assert institution.current.name == "Academy of the Fjord"
    comment.latest.refresh_from_db()
    assert comment.latest.sent_as.name == "Fjord Academy"


def test_names_in_other_languages_are_changed_and_those_the_form_lacks_stay():
    names = {"fr": "Académie du Fjord", "nb": "Fjordakademiet", "ru": "Академия фьорда"}
    institution = make.verified_institution("Fjord Academy", names=names)
    client = signed_in(make.registrar())
    assert 'value="Académie du Fjord"' in client.get("/registry/fjord-academy/data/").content.decode()
    form = {
        "name": "Fjord Academy",
        "name_fr": "Académie des Fjords",
        "country": "NO",
        "type": "academy",
        "reason": "New.",
        "claim": "one",
    }
    assert client.post("/registry/fjord-academy/data/", form).status_code == 303
    institution.refresh_from_db()
    assert institution.current.names == {"fr": "Académie des Fjords", "nb": "Fjordakademiet"}


def test_a_name_that_looks_like_that_of_a_verified_one_is_flagged():
    make.verified_institution("Oslo Academy", country="NO")
    waiting("\u041eslo Academy", country="SE")
    client = signed_in(make.registrar())
    assert "Looks like the name of Oslo Academy" in page(client.get("/registry/"))
    said = page(client.get("/registry/?q=slo"))
    assert "Verified" in said
