"""The pages on which a consultation is created, described, given its policy, looked over and published."""

import pytest
from django.test import Client

from accounts.models import User
from consultation.kit import clock
from consultation.record.models import Entry
from consultation.texts import actions
from consultation.texts.models import Consultation
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in
from tests.pages.page import read
from tests.rights.table import ROWS
from tests.texts.test_creating import begun, publish, ready, say

pytestmark = pytest.mark.django_db
NEW = "/secretariat/new/"
DESK = "/secretariat/rivers-2027/"


def send(client, address, button="", **changes):
    """The form on the page that has this button, sent as a browser does."""
    form = read(client.get(address)).form(button) if button else read(client.get(address)).forms[-1]
    return client.post(address, form.filled(**changes))


def new(client, **changes):
    fields = {"title": "ميثاق الأنهار", "authoritative": "ar", "languages": "fr", "slug": "rivers-2027"}
    form = next(each for each in read(client.get(NEW)).forms if "title" in each.fields)
    return client.post(NEW, form.filled(**{**fields, "zone": "Africa/Cairo", "policy": "pre", **changes}))


def test_a_consultation_is_begun_once_and_its_desk_says_what_is_missing():
    registrar = make.registrar()
    client = signed_in(registrar)
    assert b'href="/secretariat/new/"' in client.get("/secretariat/").content
    form = next(each for each in read(client.get(NEW)).forms if "title" in each.fields)
    fields = form.filled(title="ميثاق الأنهار", authoritative="ar", languages="fr, en", slug="rivers-2027")
    for _ in range(2):
        assert client.post(NEW, fields).headers["Location"] == DESK
    made = Consultation.objects.get()
    assert (made.languages, made.zone, made.policy) == (["ar", "fr", "en"], "UTC", "pre")
    said = page(client.get(DESK))
    assert "Not public yet" in said
    assert "It has no title in French." in said
    assert "There is no principle yet." in said
    assert "5 things are missing before it can be published." in said
    links = read(client.get(DESK)).links
    for address in (
        "facts/?language=fr",
        "policy/",
        "rounds/",
        "principles/",
        "roles/",
        "publish/",
        "preview/",
    ):
        assert DESK + address in links
    assert "Not public yet" in page(client.get("/secretariat/"))


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost():
    client = signed_in(make.registrar())
    response = new(client, slug="", languages="fr, klingon")
    said = response.content.decode()
    assert (response.status_code, "“klingon” is no language tag." in page(response)) == (400, True)
    assert 'id="id_languages_error"' in said
    assert "ميثاق الأنهار" in said
    response = new(client, slug="")
    assert "Give an address in Latin letters and digits" in page(response)
    assert not Consultation.objects.exists()


def test_facts_and_words_are_kept_and_who_was_slower_is_shown_both_wordings():
    registrar = make.registrar()
    made = begun(registrar)
    client, colleague = signed_in(registrar), signed_in(make.secretariat(made))
    address = DESK + "facts/?language=fr"
    begun_with = read(colleague.get(address)).forms[-1]
    assert send(client, address, title="Charte des fleuves", lead="Mon chapeau.").status_code == 303
    response = colleague.post(address, begun_with.filled(title="Charte", lead="Ton chapeau."))
    said = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else changed this meanwhile." in page(response)
    assert "Mon chapeau." in said
    assert "Ton chapeau." in said
    assert Consultation.objects.get().leads == {"fr": "Mon chapeau."}
    # Having read the other's words, they may stand by theirs.
    assert colleague.post(address, read(response).forms[-1].filled()).status_code == 303
    assert Consultation.objects.get().leads == {"fr": "Ton chapeau."}
    assert send(client, DESK + "facts/", zone="Asia/Dubai", languages="fr zh-Hans").status_code == 303
    assert Consultation.objects.get().languages == ["ar", "fr", "zh-hans"]
    assert client.get(DESK + "facts/?language=en").status_code == 404
    said = client.get(DESK + "facts/?language=ar").content.decode()
    assert said.count('dir="rtl"') == 6


def test_the_policy_is_taken_changed_and_after_publication_only_added_to():
    registrar = make.registrar()
    made = begun(registrar, languages=["fr"])
    client, address = signed_in(registrar), DESK + "policy/"
    assert send(client, address, "adopt").status_code == 303
    assert "Take the usual clauses" not in page(client.get(address))
    response = send(client, address + "?clause=1", "keep", title_fr="", text_fr="Deux.")
    assert "Title and text go together." in page(response)
    assert send(client, address + "?clause=1", "keep", title_fr="Un", text_fr="Deux.").status_code == 303
    assert made.clauses.get(number="1").texts["fr"] == "Deux."
    assert send(client, address + "?clause=8&end=1", "end", do="end").status_code == 303
    assert made.clauses.count() == 7
    ready_but_for_its_policy(registrar, made)
    publish(registrar, made)
    assert b'name="title_fr"' not in client.get(address + "?clause=1").content
    fields = {"title_ar": "جديد", "text_ar": "نص.", "title_fr": "Neuf", "text_fr": "Huit."}
    assert send(client, address + "?clause=new", "keep", **fields).status_code == 303
    assert send(client, address + "?clause=2&end=1", "end", do="end").status_code == 303
    assert [each.number for each in made.clauses.all()] == [str(number) for number in range(1, 9)]
    assert client.get(address + "?clause=2").status_code == 404
    visitor = Client()
    assert "Withdrawn on" in page(visitor.get("/en/consultations/rivers-2027/policy/"))
    history = page(visitor.get("/en/consultations/rivers-2027/history/"))
    assert "Clause 8 of the moderation policy was added." in history
    assert "Clause 2 of the moderation policy was withdrawn." in history


def ready_but_for_its_policy(actor: User, made: Consultation) -> None:
    clauses = list(made.clauses.all())
    made.clauses.all().delete()
    ready(actor, made)
    made.clauses.all().delete()
    made.clauses.bulk_create(clauses)


def test_it_is_looked_over_and_published_once_and_says_what_becomes_public():
    registrar = make.registrar()
    made = begun(registrar)
    client = signed_in(registrar)
    response = client.get(DESK + "publish/")
    assert "It can’t be published yet." in page(response)
    assert response.content.count(b'value="publish"') == 0
    assert client.post(DESK + "publish/", {"claim": "early"}).status_code == 409
    ready(registrar, made)
    said = page(client.get(DESK + "preview/?text=fr"))
    assert "Nothing of it is public yet." in said
    assert "مبدأ 2" in said
    response = client.get(DESK + "publish/")
    assert "The first versions of 2 principles." in page(response)
    fields = {"claim": claim_in(response, "publish")}
    for _ in range(2):
        assert client.post(DESK + "publish/", fields).status_code == 303
    assert Entry.objects.filter(kind="consultation.published").count() == 1
    assert "مبدأ 2" in page(Client().get("/en/consultations/rivers-2027/text/"))
    assert "thing is missing" not in page(client.get(DESK))


# Every address below a consultation's that answers visitors.
PUBLIC = [
    address.removeprefix("GET ").replace("rivers", "rivers-2027")
    for address, statuses in ROWS.items()
    if address.startswith("GET ") and "/rivers/" in address and "{" not in address and statuses[:3] == "200"
]
LISTS = ("/", "/search/?q=مبدأ", "/search/?q=أنهار", "/api/v1/consultations/", "/institutions/")


def test_nothing_of_it_is_public_before_by_any_door_and_everything_after():
    registrar = make.registrar()
    made = begun(registrar, languages=[])
    ready(registrar, made)
    say(registrar, made, "ar", title="ميثاق الأنهار", lead="أنهار")
    manager = make.manager(make.verified_institution())
    others = [Client(), signed_in(manager), signed_in(make.registrar())]
    assert len(PUBLIC) > 20
    for client in others:
        assert {client.get(path).status_code for path in PUBLIC} == {404}
        for path in LISTS:
            said = client.get(path).content.decode()
            assert "rivers-2027" not in said
            assert "ميثاق" not in said
    said = {"institution": manager.mandates.get().institution.slug, "principle": 1}
    comment, position = {"kind": "general", "body": "a"}, {"version": 1, "position": "endorse"}
    for path, fields in (("comments/", said | comment), ("endorsements/", said | position), ("digests/", {})):
        address = f"/api/v1/consultations/rivers-2027/{path}"
        response = others[1].post(address, fields, content_type="application/json")
        assert response.status_code == 404, (path, response.content)
    mine = signed_in(registrar)
    assert "Not public yet." in page(mine.get("/consultations/rivers-2027/"))
    response = mine.post("/api/v1/consultations/rivers-2027/digests/", {}, content_type="application/json")
    assert response.status_code in (403, 404)
    publish(registrar, made)
    public = [path for path in PUBLIC if path.endswith(("/", ".atom")) and "/changes/" not in path]
    assert {Client().get(path).status_code for path in public} == {200}
    assert all(
        "rivers-2027" in Client().get(path).content.decode() for path in ("/", "/api/v1/consultations/")
    )


def test_what_changes_after_publication_is_in_the_history_and_pages_are_read_anew():
    made = make.consultation("rivers-2027", principles=1, languages=("en", "fr"))
    secretariat = make.secretariat(made)
    client, visitor = signed_in(secretariat), Client()
    tag = visitor.get("/consultations/rivers-2027/").headers["ETag"]
    assert b'name="zone"' not in client.get(DESK + "facts/").content
    response = send(client, DESK + "facts/?language=en", title="Rivers of the world", note="Ours.")
    assert response.status_code == 303
    fresh = visitor.get("/consultations/rivers-2027/", headers={"If-None-Match": tag})
    assert (fresh.status_code, "Rivers of the world" in page(fresh)) == (200, True)
    assert "The facts of the consultation were changed: Title, Note." in page(
        visitor.get("/consultations/rivers-2027/history/")
    )
    response = visitor.get("/consultations/rivers-2027/history/facts/1/")
    assert "Title, English rivers-2027 (en) Rivers of the world" in page(response)
    assert visitor.get("/consultations/rivers-2027/history/facts/2/").status_code == 404
    said = page(client.get(DESK + "facts/"))
    assert "rivers-2027 (en) Rivers of the world" in said
    # A choice that is not asked for stays; one that is made is told in words.
    assert Consultation.objects.get(pk=made.pk).private_comments
    assert send(client, DESK + "facts/", private_comments="False").status_code == 303
    response = visitor.get("/consultations/rivers-2027/history/facts/2/")
    assert "Comments for the secretariat only yes no" in page(response)
    assert not Consultation.objects.get(pk=made.pk).private_comments


def test_the_pages_take_as_many_queries_however_much_is_there(django_assert_max_num_queries):
    registrar = make.registrar()
    made = begun(registrar)
    client = signed_in(registrar)
    for _ in range(2):
        client.get(DESK)
        with django_assert_max_num_queries(22):
            assert client.get(DESK).status_code == 200
        with django_assert_max_num_queries(14):
            assert client.get(DESK + "preview/").status_code == 200
        for number in range(4):
            actions.add_principle(
                registrar, consultation_id=made.pk, title=f"T{number}", body="B.", at=clock.now()
            )
