"""The directory, one institution, registering."""

import pytest

from accounts.models import Institution
from consultation.pages.reading import discussion
from consultation.pages.reading import institutions as reading
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
NEW = "/institutions/new/"
FIELDS = {
    "name": "Académie de l’Atlas",
    "country": "MA",
    "type": "academy",
    "website": "https://atlas.example/",
}


def form(client) -> dict[str, object]:
    """The registration form as it comes, filled in."""
    page = read(client.get(NEW))
    return next(form for form in page.forms if "claim" in form.fields).filled(**FIELDS)


def test_it_works(client):
    make.verified_institution("Coral Atoll Institute", country="FJ")
    page = read(client.get("/institutions/"))
    assert "Coral Atoll Institute" in page.text
    assert "Fiji" in page.text


def test_only_verified_institutions_are_listed_and_found(client, browser):
    waiting = make.institution("Not yet verified")
    for reader in (client, browser(make.manager(waiting))):
        assert "Not yet verified" not in read(reader.get("/institutions/?q=verified")).text


def test_filters_and_folded_names_find_institutions(client):
    make.verified_institution("Académie de l’Atlas", country="MA", type="academy")
    make.verified_institution("Nordlys forskningsråd", country="NO", type="government")
    for query in ("q=academie", "country=ma", "region=002", "type=academy"):
        text = read(client.get(f"/institutions/?{query}")).text
        assert "Académie de l’Atlas" in text
        assert "Nordlys" not in text


@pytest.mark.parametrize("name", ["q", "country", "region", "type", "cursor"])
def test_no_parameter_breaks_the_directory(client, name):
    for value in ("\x00", "x" * 5000, "'\"", "%"):
        assert client.get("/institutions/", {name: value}).status_code in (200, 400)


def test_the_directory_goes_on_page_by_page(client, monkeypatch):
    monkeypatch.setattr(reading, "SIZE", 2)
    for letter in "CAB":
        make.verified_institution(f"Academy {letter}")
    first = read(client.get("/institutions/"))
    second = read(client.get(next(link for link in first.links if "cursor=" in link)))
    assert [f"Academy {letter}" in first.text for letter in "ABC"] == [True, True, False]
    assert [f"Academy {letter}" in second.text for letter in "ABC"] == [False, False, True]


@pytest.mark.parametrize("number", [1, 3])
def test_the_directory_takes_two_queries(client, number, django_assert_num_queries):
    make.institution()
    for _each in range(number):
        make.verified_institution()
    with django_assert_num_queries(2):
        client.get("/institutions/")


def test_an_institutions_page_tells_what_it_said_and_where_it_stands(client, consultation, institution):
    make.comment(consultation, institution, body="What it said.")
    make.pending_comment(consultation, institution, body="What waits.")
    make.endorsement(consultation, institution, principle=2)
    page = read(client.get(f"/institutions/{institution.slug}/"))
    assert "What it said." in page.text
    assert "What waits." not in page.text
    assert f"/consultations/{consultation.slug}/principles/2/" in page.links


@pytest.mark.long
def test_every_position_and_every_comment_is_reached_from_an_institutions_page(
    client, institution, monkeypatch
):
    monkeypatch.setattr(reading, "POSITIONS", 2)
    monkeypatch.setattr(discussion, "SIZE", 2)
    one, other = make.consultation(), make.consultation()
    for place, number in ((one, 1), (one, 2), (one, 3), (other, 1), (other, 2)):
        make.endorsement(place, institution, principle=number)
        make.comment(place, institution, principle=number)
    stands = {f"/consultations/{each.slug}/principles/{n}/" for each in (one, other) for n in (1, 2, 3)}
    stands.remove(f"/consultations/{other.slug}/principles/3/")
    spoke = {f"/consultations/{one.slug}/comments/P{number}-1/" for number in (1, 2, 3)}
    spoke |= {f"/consultations/{other.slug}/comments/P{number}-1/" for number in (1, 2)}
    pages = every_page(client, f"/institutions/{institution.slug}/")
    found = {link for page in pages for link in page.links}
    assert stands <= found
    assert spoke <= found
    for page in pages:
        assert len(stands & set(page.links)) <= 2
    titles = [each.title("en") for each in (one, other)]
    assert [all(title in page.text for page in pages[:1]) for title in titles] == [True, False]


def every_page(client, address):
    """The pages that are reached from here by the links of lists that go on, this one first."""
    pages, ahead, seen = [], [address], {address}
    while ahead:
        page = read(client.get(ahead.pop(0)))
        pages.append(page)
        further = [link for link in page.links if link.startswith(f"{address}?")]
        ahead += [link for link in further if link not in seen]
        seen.update(further)
    return pages


def test_positions_go_on_and_back_and_a_cursor_of_another_list_is_refused(client, institution, monkeypatch):
    monkeypatch.setattr(reading, "POSITIONS", 1)
    consultation = make.consultation()
    for number in (1, 2):
        make.endorsement(consultation, institution, principle=number)
    address = f"/institutions/{institution.slug}/"
    first = read(client.get(address))
    [further] = [link for link in first.links if link.startswith(f"{address}?positions=")]
    second = read(client.get(further))
    [earlier] = [link for link in second.links if link.startswith(f"{address}?positions=")]
    assert ("Principle 1" in first.text, "Principle 2" in first.text) == (True, False)
    assert ("Principle 1" in second.text, "Principle 2" in second.text) == (False, True)
    assert read(client.get(earlier)).text == first.text
    for value in ("x", "x" * 5000, "\x00", further.split("positions=")[1][:-2]):
        assert client.get(address, {"positions": value}).status_code == 400


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("جامعة القاهرة للعلوم", "القاهرة"),
        ("北京语言与文化研究院", "语言"),
        ("Университет Байкала", "БАЙКАЛ"),
    ],
)
def test_an_institution_may_have_its_name_in_any_script(client, consultation, name, part):
    there = make.verified_institution(name, country="CN")
    make.verified_institution("Another one", country="CN")
    make.comment(consultation, there, body="What it said.")
    make.endorsement(consultation, there)
    assert set(there.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    address = f"/institutions/{there.slug}/"
    listed = read(client.get("/institutions/", {"q": part}))
    assert (address in listed.links, "Another one" in listed.text) == (True, False)
    page = read(client.get(address))
    assert name in page.text
    assert "What it said." in page.text
    assert f"/consultations/{consultation.slug}/principles/1/" in page.links


def test_what_is_not_verified_is_404_to_all_but_its_own_people(client, browser, stranger):
    waiting = make.institution("Not yet verified")
    address = f"/institutions/{waiting.slug}/"
    assert client.get(address).status_code == 404
    assert browser(stranger).get(address).status_code == 404
    assert "Waits to be verified." in read(browser(make.manager(waiting)).get(address)).text


def registered():
    """The institutions of the country that the form names."""
    return Institution.objects.filter(current__country=FIELDS["country"])


def test_an_institution_is_registered_with_all_powers_for_who_registers_it(browser):
    person = make.person()
    client = browser(person)
    fields = form(client)
    for _time in range(2):
        done = client.post(NEW, fields)
        assert (done.status_code, done.headers["Location"]) == (303, "/institutions/academie-de-latlas/")
    institution = registered().get()
    assert (institution.state, institution.current.country) == ("pending", "MA")
    assert institution.mandates.get().powers == ["contribute", "sign", "manage"]
    assert "is registered, and you may act for it." in read(client.get(done.headers["Location"])).text


def test_visitors_sign_in_before_they_register(client):
    assert client.get(NEW).headers["Location"] == f"/accounts/login/?next={NEW}"


def test_an_unconfirmed_address_registers_nothing(browser):
    client = browser(make.person(confirmed=False))
    response = client.post(NEW, form(client))
    assert response.status_code == 409
    page = read(response)
    assert "Please confirm your e-mail address first." in page.text
    assert FIELDS["name"] in [value for each in page.forms for value in each.fields.get("name", [])]
    assert not registered().exists()


def test_institutions_that_sound_alike_are_shown_once_before(browser, client):
    there = make.verified_institution("Academie de l'Atlas", country="MA")
    mine = browser(make.person())
    fields = form(mine)
    asked = mine.post(NEW, fields)
    page = read(asked)
    assert asked.status_code == 200
    assert f"/institutions/{there.slug}/" in page.links
    assert "Register it all the same" in page.text
    assert registered().count() == 1
    assert mine.post(NEW, fields | {"anyway": "1"}).status_code == 303
    assert registered().count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 301),
        ("name", "a\x00"),
        ("country", "XX"),
        ("type", "club"),
        ("website", "institut"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, field, value):
    client = browser(make.person())
    response = client.post(NEW, form(client) | {field: value})
    assert response.status_code == 400
    page = read(response)
    kept = next(each for each in page.forms if "claim" in each.fields).fields
    assert "needs another look" in page.text
    assert kept["website" if field != "website" else "name"] == [
        FIELDS["website" if field != "website" else "name"]
    ]
    assert not registered().exists()
