"""Pages on which roles are given and taken."""

import pytest

from accounts import queries as accounts
from consultation.texts import queries as texts
from consultation.texts.models import ConsultationRole
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.django_db


def desk_of(consultation):
    return f"/secretariat/{consultation.slug}/roles/"


def give(client, address, person, role, claim="one"):
    return client.post(address, {"do": "give", "email": person.email, "role": role, "claim": claim})


def test_an_administrator_gives_a_role_once_and_sees_who_holds_which():
    client, person = signed_in(make.administrator(name="Ada")), make.person("new@test.example", name="Nora")
    for _ in range(2):
        response = give(client, "/site/roles/", person, "registrar")
        assert (response.status_code, response.headers["Location"]) == (303, "/site/roles/")
    assert accounts.site_roles(person) == {"registrar"}
    said = page(client.get("/site/roles/"))
    assert "Nora has this role now, and is told: Registrar." in said
    assert "Nora new@test.example Registrar" in said
    assert "Ada" in said


def test_taking_is_asked_for_and_then_done_once():
    client, registrar = signed_in(make.administrator()), make.registrar("reg@test.example", name="Rita")
    key = registrar.site_roles.get().pk
    asked = client.get(f"/site/roles/?take={key}")
    assert "Person Rita Address reg@test.example Role Registrar" in page(asked)
    assert accounts.site_roles(registrar) == {"registrar"}
    fields = {"do": "take", "role": key, "claim": claim_in(asked)}
    for _ in range(2):
        assert client.post("/site/roles/", fields).headers["Location"] == "/site/roles/"
    assert accounts.site_roles(registrar) == frozenset()
    assert "The role was taken, and its holder is told." in page(client.get("/site/roles/"))
    assert client.get(f"/site/roles/?take={key}").status_code == 404
    assert client.post("/site/roles/", {**fields, "claim": "two"}).status_code == 404


def test_the_last_administrator_is_told_why_not():
    person = make.administrator()
    client, key = signed_in(person), person.site_roles.get().pk
    assert "This is your own role." in page(client.get(f"/site/roles/?take={key}"))
    response = client.post("/site/roles/", {"do": "take", "role": key, "claim": "one"})
    assert (response.status_code, "This is the last administrator." in page(response)) == (409, True)
    make.administrator()
    response = client.post("/site/roles/", {"do": "take", "role": key, "claim": "two"})
    assert response.headers["Location"] == "/desk/"
    assert client.get("/site/roles/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "nobody@test.example", "role": "registrar"}, "no account with this confirmed address"),
        ({"email": "unsure@test.example", "role": "registrar"}, "no account with this confirmed address"),
        ({"email": "no address", "role": "registrar"}, "Enter a valid email address"),
        ({"email": "sure@test.example", "role": "moderator"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_stays_typed(fields, sentence):
    make.person("unsure@test.example", confirmed=False)
    make.person("sure@test.example")
    response = signed_in(make.administrator()).post("/site/roles/", {**fields, "claim": "one"})
    assert (response.status_code, sentence in page(response)) == (400, True)
    assert f'value="{fields["email"]}"' in response.content.decode()


def test_the_secretariat_gives_and_takes_the_roles_of_its_consultation():
    consultation, person = make.consultation(), make.person(name="Mona")
    client = signed_in(make.secretariat(consultation))
    assert give(client, desk_of(consultation), person, "moderator").status_code == 303
    assert texts.roles_of(person, consultation) == {"moderator"}
    role = ConsultationRole.objects.get(person=person)
    asked = client.get(f"{desk_of(consultation)}?take={role.pk}")
    client.post(desk_of(consultation), {"do": "take", "role": role.pk, "claim": claim_in(asked)})
    assert texts.roles_of(person, consultation) == set()


def test_a_moderator_whose_role_is_taken_is_out_at_once():
    consultation = make.consultation()
    boss, moderator = signed_in(make.secretariat(consultation)), make.moderator(consultation)
    inside = signed_in(moderator)
    assert inside.get("/moderation/").status_code == 200
    key = ConsultationRole.objects.get(person=moderator).pk
    boss.post(desk_of(consultation), {"do": "take", "role": key, "claim": "one"})
    assert inside.get("/moderation/").status_code == 404


def test_a_registrar_appoints_a_secretariat_where_there_is_none_and_no_longer_afterwards():
    consultation, person = make.consultation("charter"), make.person()
    make.moderator(consultation)
    client = signed_in(make.registrar())
    assert b'href="/secretariat/charter/roles/"' in client.get("/secretariat/").content
    response = client.get(desk_of(consultation))
    assert b'value="secretariat"' in response.content
    assert b'value="moderator"' not in response.content
    assert b"?take=" not in response.content
    response = give(client, desk_of(consultation), person, "secretariat")
    assert response.headers["Location"] == "/secretariat/"
    assert texts.roles_of(person, consultation) == {"secretariat"}
    assert client.get(desk_of(consultation)).status_code == 404
    assert "Every consultation has a secretariat." in page(client.get("/secretariat/"))
    assert "/secretariat/" in client.get("/").content.decode()


def test_nobody_else_learns_of_the_pages():
    consultation, other = make.consultation(), make.consultation()
    make.secretariat(consultation)
    people = [make.person(), make.registrar(), make.moderator(consultation), make.observer(consultation)]
    for who in [*people, make.secretariat(other)]:
        assert signed_in(who).get("/site/roles/").status_code == 404
        assert signed_in(who).get(desk_of(consultation)).status_code == 404
        assert give(signed_in(who), desk_of(consultation), who, "secretariat").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_a_fixed_number_of_queries(number, django_assert_num_queries):
    consultation = make.consultation()
    boss, administrator = signed_in(make.secretariat(consultation)), signed_in(make.administrator())
    for _ in range(number):
        make.registrar()
        make.moderator(consultation)
    for client, address, queries in ((boss, desk_of(consultation), 6), (administrator, "/site/roles/", 6)):
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)
