"""The administrator's desk: the check of the installation, and the site's own pages."""

import pytest

from accounts.models import SiteRole
from consultation.site.models import SitePageVersion
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in

pytestmark = pytest.mark.django_db


def test_the_check_says_what_is_well_and_what_is_not():
    said = page(signed_in(make.administrator()).get("/site/"))
    assert "Database well PostgreSQL 18" in said
    assert "Tables well All migrations are applied." in said
    assert "Redis well embedded" in said
    assert "Background worker needs a look No worker answered within a second." in said
    assert "Mail well written to files; 0 wait, 0 failed" in said


@pytest.mark.parametrize("who", [make.person, make.registrar, lambda: make.secretariat(make.consultation())])
def test_nobody_else_learns_of_it(who):
    assert signed_in(who()).get("/site/").status_code == 404


def test_an_administrator_whose_role_ended_is_out():
    person = make.administrator()
    SiteRole.objects.filter(person=person).update(ended_at="2026-01-01T00:00Z")
    assert signed_in(person).get("/site/").status_code == 404


def test_the_pages_of_the_site_are_listed_with_their_versions():
    make.publish_page("about", "fr", "Ici")
    response = signed_in(make.administrator()).get("/site/pages/")
    said = page(response)
    assert "Français Ici 2" in said
    assert said.count("English") >= 5
    assert b'href="/site/pages/terms/?language=zh-hans"' in response.content


def test_a_page_is_edited_looked_over_and_published_once():
    client, address = signed_in(make.administrator()), "/site/pages/about/?language=fr"
    form = client.get(address)
    assert "À propos de ce site" in form.content.decode()
    fields = {"title": "Chez nous", "body": "## Un\n\nDes *mots*.", "after": 1, "claim": claim_in(form)}
    look = client.post(address, fields | {"do": "look"})
    assert "<h2>Un</h2>\n<p>Des <em>mots</em>.</p>" in look.content.decode()
    assert b"Chez nous" not in client.get("/fr/about/").content
    changing = client.post(address, fields | {"do": "change"})
    assert "Des *mots*." in changing.content.decode()
    for _ in range(2):
        assert client.post(address, fields | {"do": "publish"}).headers["Location"] == "/site/pages/"
    assert b"<em>mots</em>" in client.get("/fr/about/").content
    assert SitePageVersion.objects.filter(language="fr", page__key="about").count() == 2


def test_an_earlier_version_can_be_read_and_taken_up_again():
    make.publish_page("contact", "es", body="Aquí.\n\n{contact}")
    client = signed_in(make.administrator())
    response = client.get("/site/pages/contact/?language=es&version=1")
    assert "escriba a:" in response.content.decode()
    assert b'name="after" value="2"' in response.content
    assert "Keep it in a paragraph of its own" in page(response)
    assert client.get("/site/pages/contact/?language=es&version=3").status_code == 404


def test_what_was_published_meanwhile_is_said_and_nothing_typed_is_lost():
    client, address = signed_in(make.administrator()), "/site/pages/about/?language=en"
    fields = {"title": "Mine", "body": "My words.", "after": 1, "do": "publish"}
    make.publish_page("about", "en", "Theirs")
    response = client.post(address, fields | {"claim": "one"})
    assert response.status_code == 409
    assert "Somebody published another version of this page meanwhile." in page(response)
    assert ">\nMy words.</textarea>" in response.content.decode()
    assert b'name="after" value="2"' in response.content
    assert client.post(address, fields | {"claim": "two", "after": 2}).status_code == 303


@pytest.mark.parametrize("do", ["look", "publish"])
def test_what_cannot_be_published_is_said_beside_its_field(do):
    client = signed_in(make.administrator())
    fields = {"title": " ", "body": "a", "after": 1, "do": do, "claim": "one"}
    response = client.post("/site/pages/about/", fields)
    assert (response.status_code, b"id_title_error" in response.content) == (400, True)
    response = client.post("/site/pages/contact/", fields | {"title": "Contact", "claim": "two"})
    assert (response.status_code, "Keep {contact} in a paragraph" in page(response)) == (400, True)


@pytest.mark.parametrize("path", ["imprint/", "about/?language=tlh", "about/?version=x"])
def test_there_is_no_page_that_nobody_knows(path):
    assert signed_in(make.administrator()).get(f"/site/pages/{path}").status_code == 404


def test_nobody_else_learns_of_the_editor():
    for who in (make.person(), make.registrar(), make.secretariat(make.consultation())):
        client = signed_in(who)
        for path in ("/site/pages/", "/site/pages/about/"):
            assert client.get(path).status_code == 404
        assert client.post("/site/pages/about/", {"do": "publish", "claim": "one"}).status_code == 404


def test_the_pages_take_as_many_queries_whatever_was_published(django_assert_num_queries):
    client = signed_in(make.administrator())
    for _ in range(2):
        make.publish_page("about", "en")
        for path in ("/site/pages/", "/site/pages/about/"):
            client.get(path)
            with django_assert_num_queries(6):
                client.get(path)
