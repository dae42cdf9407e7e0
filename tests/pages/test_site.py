"""The site's own pages, its health, the mail of an installation that sends none."""

import pytest
from celery import current_app
from django.core.mail import EmailMessage

from consultation.kit.mailbox import FolderBackend
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "page", ["about", "privacy", "terms", "accessibility", "contact", "search", "institutions"]
)
def test_every_page_of_the_site_is_there_with_one_title(client, page):
    response = client.get(f"/{page}/")
    assert response.status_code == 200
    assert read(response).headings.count("h1") == 1


def test_the_page_says_in_its_own_language_where_the_others_are(client, home):
    content = client.get(f"/ar{home}?a=%22b").content.decode()
    assert '<html lang="ar" dir="rtl">' in content
    assert f'href="/zh-hans{home}?a=%22b" lang="zh-Hans"' in content


def test_it_is_alive_and_ready(client):
    assert client.get("/healthz").content == b"ok\n"
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"
    assert answer.json()["broker"] == "ok"
    assert answer.json()["worker"] == "not seen"


def test_readiness_without_a_broker_is_said_and_not_an_outage(client, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "away", "worker": "not seen"}


@pytest.fixture
def letter(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    message = EmailMessage(
        "Confirm your address", "Go to http://localhost:8000/accounts/x/ <now>", to=["a@b.example"]
    )
    FolderBackend().send_messages([message])
    return next(settings.EMAIL_FILE_PATH.iterdir()).name


def test_mail_is_shown_on_this_machine_with_its_links(client, letter):
    assert "Confirm your address" in read(client.get("/dev/mail/")).text
    response = client.get(f"/dev/mail/{letter}")
    assert "http://localhost:8000/accounts/x/" in read(response).links
    assert b"<now>" not in response.content


@pytest.mark.parametrize("where", [{"REMOTE_ADDR": "192.0.2.1"}, {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}])
def test_mail_is_nowhere_else(client, letter, where):
    assert client.get("/dev/mail/", **where).status_code == 404
    assert client.get(f"/dev/mail/{letter}", **where).status_code == 404


def test_mail_is_not_shown_where_a_real_database_is(client, letter, settings):
    settings.EMBEDDED = False
    assert client.get("/dev/mail/").status_code == 404


@pytest.mark.parametrize("name", ["x.eml", "..%2Fsecrets", "%2Fetc%2Fpasswd", ".hidden.eml"])
def test_only_letters_are_shown(client, letter, name):
    assert client.get(f"/dev/mail/{name}").status_code == 404


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "nowhere/at-all", "../etc/passwd", ""])
def test_times_stand_in_the_persons_own_zone(browser, consultation, home, zone):
    person = make.person(timezone=zone)
    text = read(browser(person).get(home)).text
    assert ("Japan Time" in text) == (zone == "Asia/Tokyo")
    assert "in Oslo" in text


def test_roles_add_links_to_the_head(browser, consultation):
    links = read(browser(make.moderator(consultation)).get("/")).links
    assert "/moderation/" in links
    assert "/moderation/" not in read(browser(make.person()).get("/")).links


def test_nothing_is_inline(client, consultation, home):
    make.comment(consultation, passage={"exact": "Systems are"})
    for page in ("", "text/", "principles/1/", "digests/", "endorsements/", "participation/"):
        content = client.get(home + page).content
        assert b" style=" not in content
        assert b"<style" not in content
        assert b" onclick=" not in content
        assert b"<script>" not in content
