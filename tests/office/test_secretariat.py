"""The secretariat's consultations."""

import pytest

from tests import factories as make
from tests.office.browsing import page, signed_in

pytestmark = pytest.mark.django_db


def test_the_secretariat_sees_its_consultations_and_what_waits():
    consultation = make.consultation("charter")
    make.comment(consultation)
    make.pending_comment(consultation)
    make.endorsement(consultation)
    make.pending_comment(make.consultation("other"))
    said = page(signed_in(make.secretariat(consultation)).get("/secretariat/"))
    assert "charter (en) 1 public comment · 1 position in effect".replace(" · ", " ") in said
    assert "1 contribution waits for moderation." in said
    assert "other" not in said


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_10_queries_however_many_consultations(number, django_assert_num_queries):
    person = make.person()
    for _ in range(number):
        consultation = make.consultation()
        make.with_role(consultation, "secretariat", person)
        make.pending_comment(consultation)
    make.pending_comment(make.consultation())
    client = signed_in(person)
    client.get("/secretariat/")
    with django_assert_num_queries(10):
        response = client.get("/secretariat/")
    assert response.content.decode().count('class="need') == number


@pytest.mark.parametrize("role", ["moderator", "observer", None])
def test_nobody_else_learns_of_it(role):
    consultation = make.consultation("charter")
    person = make.with_role(consultation, role) if role else make.person()
    client = signed_in(person)
    assert [client.get(path).status_code for path in ("/secretariat/", "/secretariat/charter/")] == [404, 404]


def test_the_secretariat_of_one_consultation_does_not_see_another_ones_desk():
    consultation = make.consultation("charter")
    make.consultation("other")
    client = signed_in(make.secretariat(consultation))
    assert [client.get(f"/secretariat/{slug}/").status_code for slug in ("charter", "other")] == [200, 404]


def test_the_desk_shows_rounds_texts_roles_and_what_waits():
    consultation = make.consultation("charter", principles=2, languages=("en", "fr"))
    make.new_version(consultation, 2)
    make.pending_comment(consultation)
    secretariat = make.with_role(consultation, "secretariat", make.person(name="Sam Secretary"))
    response = signed_in(secretariat).get("/secretariat/charter/")
    said = page(response)
    assert "1 contribution waits for moderation." in said
    assert "1 running" in said
    assert "commenting, replying and co-signing, endorsing" in said
    assert "2. Title 2 (en) 2, substantive" in said
    assert "Sam Secretary Secretariat" in said
    assert b'href="/moderation/?consultation=charter"' in response.content


def test_the_desk_takes_15_queries_however_many_principles(django_assert_num_queries):
    for slug, principles in (("short", 1), ("long", 5)):
        consultation = make.consultation(slug, principles=principles)
        client = signed_in(make.secretariat(consultation))
        client.get(f"/secretariat/{slug}/")
        with django_assert_num_queries(15):
            client.get(f"/secretariat/{slug}/")
