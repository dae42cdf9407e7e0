"""The site's own pages, its health, the mail of an installation that sends none."""

import re

import pgtrigger
import pytest
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage

from consultation.kit.mailbox import FolderBackend
from consultation.site.first_texts import shipped
from consultation.site.models import Key, SitePageVersion, TermsAcceptance
from consultation.site.queries import current_terms
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
LINK = re.compile(r"\[(.*?)\]\(.*?\)")


@pytest.mark.parametrize(
    "page", ["about", "privacy", "terms", "accessibility", "contact", "search", "institutions"]
)
def test_every_page_of_the_site_is_there_with_one_title(client, page):
    response = client.get(f"/{page}/")
    assert response.status_code == 200
    assert read(response).headings.count("h1") == 1


@pytest.mark.parametrize("language", list(dict(settings.LANGUAGES)))
@pytest.mark.parametrize("key", Key.values)
def test_each_page_is_there_in_each_language_with_all_its_paragraphs(client, key, language):
    response = client.get(f"/{language}/{key}/")
    shown = read(response)
    [text] = [each for each in shipped() if (each.key, each.language) == (key, language)]
    assert text.title in shown.text
    assert "{" not in response.content.decode().split("<main")[1].split("</main")[0]
    said = "".join(shown.text.split())
    parts = [LINK.sub(r"\1", part.split("{")[0]) for part in text.body.split("\n\n")]
    words = ["".join(part.strip("# ").split()) for part in parts]
    assert [part for part in words if part not in said] == []
    assert shown.headings.count("h2") == text.body.count("## ")


def test_what_the_site_alone_knows_stands_in_its_place(client, settings):
    settings.DEFAULT_FROM_EMAIL = "Accord <hello@accord.example>"
    assert "mailto:hello@accord.example" in read(client.get("/contact/")).links
    kept = read(client.get("/privacy/")).text
    assert "Drafts a year after closing stay with the institution" in kept
    assert "equal-voice" in read(client.get("/ru/about/")).ids
    assert "../contact/" in read(client.get("/fr/privacy/")).links


def test_what_an_administrator_publishes_is_what_readers_see(client):
    make.publish_page("about", "fr", "Ici", "## Un\n\nDes *mots* <b>et</b> [le site](https://un.org).")
    response = client.get("/fr/about/")
    assert (
        b'<div class="prose" lang="fr" dir="ltr"><h2>Un</h2>\n<p>Des <em>mots</em> &lt;b&gt;'
        in response.content
    )
    assert read(response).links.count("https://un.org") == 1
    assert "Version 2" in client.get("/fr/about/", headers={"Accept-Language": "en"}).content.decode()
    assert "New" not in read(client.get("/es/about/")).text


def test_a_page_that_is_not_translated_is_shown_in_english_and_says_so(client):
    with pgtrigger.ignore("consultation.SitePageVersion:site_page_version_never_deleted"):
        SitePageVersion.objects.filter(page__key="about", language="ar").delete()
    content = client.get("/ar/about/").content.decode()
    assert '<h1 class="title" lang="en" dir="ltr">About this site</h1>' in content
    assert "notice near" in content


def test_a_translation_that_is_behind_says_so(client):
    assert "this translation did not yet" not in read(client.get("/about/")).text
    make.publish_page("about", "en")
    assert b"notice near" in client.get("/es/about/").content
    assert b"notice near" not in client.get("/en/about/").content


def test_a_page_takes_one_query_for_a_visitor(client, django_assert_num_queries):
    for _ in range(2):
        make.publish_page("about", "en")
    client.get("/about/")
    with django_assert_num_queries(1):
        client.get("/about/")


def test_terms_are_asked_of_who_has_not_accepted_them(browser, client):
    person = make.person()
    asked = browser(person)
    assert [form for form in read(client.get("/terms/")).forms if "version" in form.fields] == []
    [form] = [form for form in read(asked.get("/fr/terms/")).forms if "version" in form.fields]
    for _ in range(2):
        assert asked.post("/fr/terms/", form.filled()).headers["Location"] == "/fr/desk/"
    assert TermsAcceptance.objects.get().version == current_terms("fr")
    assert [form for form in read(asked.get("/terms/")).forms if "version" in form.fields] == []


def test_terms_that_changed_meanwhile_are_shown_anew(browser):
    asked = browser(make.person())
    [form] = [form for form in read(asked.get("/terms/")).forms if "version" in form.fields]
    make.publish_page("terms", body="Quite other terms.")
    response = asked.post("/terms/", form.filled())
    assert response.status_code == 409
    assert "The terms were changed meanwhile" in read(response).text
    assert "Quite other terms." in read(response).text
    assert asked.post("/terms/", {"version": "9" * 40}).status_code == 409
    assert not TermsAcceptance.objects.exists()


def test_visitors_sign_in_before_they_accept(client):
    assert client.post("/terms/", {"version": "1"}).headers["Location"].startswith("/accounts/login/")


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
