"""The people of an institution: reading, changing, inviting, joining, and saying for whom one acts."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from accounts import queries
from accounts.actions import ask_to_join, choose_joining
from accounts.models import Institution, Invitation, JoinRequest, Mandate, Power
from consultation.kit import clock, link_keys
from consultation.post.models import Message
from tests import factories as make
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
ADDRESS = "amina@rivers.example"
PEOPLE_QUERIES = 16
INSTITUTION_QUERIES = 15


@pytest.fixture(scope="module")
def institution(kept: None) -> Institution:
    return make.verified_institution("Institute of Rivers", domains=["rivers.example"])


def people_of(institution) -> str:
    return f"/institutions/{institution.slug}/people/"


def held(person) -> Mandate:
    return queries.mandates_in_force(person, at=clock.now()).get()


def url_of(mandate) -> str:
    return f"{people_of(mandate.institution)}{mandate.pk}/"


def send(client, address, button, **changes):
    """Fill in the form with this button on the page at the address, and send it by that button."""
    form = read(client.get(address)).form(button)
    name = next((name for name, value in form.buttons if button in (name, value)), button)
    value = next((value for name, value in form.buttons if button in (name, value)), "")
    return client.post(address, form.filled(**{name: value}, **changes))


def invite(client, institution, **changes):
    address = f"{people_of(institution)}invite/"
    form = next(each for each in read(client.get(address)).forms if "email" in each.fields)
    given = {"email": ADDRESS, "powers": ["contribute", "sign"], **changes}
    return client.post(address, form.filled(**given))


def link() -> str:
    seed = Message.objects.filter(kind="invitation").latest("pk").context["seed"]
    return f"/invitations/{link_keys.key_of(seed)}/"


def accept(client, address=None):
    address = address or link()
    form = next(each for each in read(client.get(address)).forms if "claim" in each.fields)
    return client.post(address, form.filled())


# Reading


def test_those_who_act_for_it_read_who_does(browser, institution):
    colleague = make.representative(institution, by=make.person(name="Amina of the Rivers"))
    make.representative(make.verified_institution(), by=make.person(name="Somebody elsewhere"))
    page = read(browser(colleague).get(people_of(institution)))
    assert "Amina of the Rivers (you) contribute a letter that was checked" in page.text
    assert "contribute, sign, manage registered the institution" in page.text
    assert "Somebody elsewhere" not in page.text
    assert "Invite a colleague" not in page.text
    assert url_of(held(colleague)) in page.links
    assert url_of(held(make.manager(institution))) not in page.links


def test_nobody_else_does(client, browser, stranger, institution):
    secretariat = make.secretariat(make.consultation())
    pages = ["", "invite/", f"{held(make.manager(institution)).pk}/"]
    for page in pages:
        address = people_of(institution) + page
        assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"
        for person in (stranger, make.person(), make.registrar(), secretariat):
            assert browser(person).get(address).status_code == 404
            assert browser(person).post(address, {"do": "end", "claim": "1"}).status_code == 404
    assert held(make.manager(institution)).ended_at is None


def test_a_contributor_changes_nothing(browser, institution):
    client = browser(make.representative(institution))
    for address in (f"{people_of(institution)}invite/", url_of(held(make.manager(institution)))):
        assert client.get(address).status_code == 403
        for do in ("change", "end"):
            assert client.post(address, {"do": do, "powers": ["sign"], "email": ADDRESS}).status_code == 403
    answer = client.post(people_of(institution), {"do": "joining", "joining": "automatic"})
    assert answer.status_code == 403
    assert held(make.manager(institution)).powers == ["contribute", "sign", "manage"]
    institution.refresh_from_db()
    assert institution.joining == "approval"


def test_what_ends_soon_is_marked_and_what_has_ended_is_told(browser, institution):
    owner = make.manager(institution)
    soon, gone = make.signatory(institution), make.signatory(institution)
    Mandate.objects.filter(person=soon).update(until=clock.now().date())
    send(browser(owner), url_of(held(gone)), "end")
    page = read(browser(owner).get(people_of(institution)))
    assert page.text.count("ends soon") == 1
    assert re.search(rf"Before Mandates that have ended .*{gone.name}", page.text)


@pytest.mark.parametrize("number", [1, 3])
def test_the_people_take_a_fixed_number_of_queries(browser, institution, number, django_assert_num_queries):
    owner = make.manager(institution)
    client = browser(owner)
    for each in range(number):
        make.representative(institution)
        make.representative(institution, by=make.person(name=f"Past {each}"))
        Mandate.objects.filter(person__name=f"Past {each}").update(ended_at=clock.now())
        invite(client, institution, email=f"{each}@rivers.example")
        ask_to_join(make.person(f"p{each}@rivers.example"), institution_id=institution.pk, at=clock.now())
    client.get(people_of(institution))
    with django_assert_num_queries(PEOPLE_QUERIES):
        client.get(people_of(institution))


# Changing


def test_powers_and_last_day_are_changed(browser, institution):
    colleague, owner = make.signatory(institution), browser(make.manager(institution))
    address = url_of(held(colleague))
    form = read(owner.get(address)).form("change")
    assert form.fields["powers"] == ["contribute", "sign"]
    filled = form.filled(do="change", powers=["manage"], until="2099-01-31")
    for _time in range(2):
        assert owner.post(address, filled).headers["Location"] == people_of(institution)
    assert (held(colleague).powers, str(held(colleague).until)) == (["manage"], "2099-01-31")
    assert Mandate.objects.filter(person=colleague).count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"powers": []}, "Choose at least one power."),
        ({"until": "2020-01-01"}, "Choose a day that is not over."),
        ({"until": "soon"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(browser, institution, wrong, sentence):
    colleague, owner = make.signatory(institution), browser(make.manager(institution))
    answer = send(owner, url_of(held(colleague)), "change", **wrong)
    assert (answer.status_code, sentence in read(answer).text) == (400, True)
    assert held(colleague).powers == ["contribute", "sign"]


def test_the_last_manager_is_told_to_find_another(browser, institution):
    owner = make.manager(institution)
    answer = send(browser(owner), url_of(held(owner)), "leave")
    assert (answer.status_code, "Nobody else manages this institution." in read(answer).text) == (409, True)
    answer = send(browser(owner), url_of(held(owner)), "change", powers=["sign"])
    assert (answer.status_code, "Nobody else manages this institution." in read(answer).text) == (409, True)
    assert held(owner).powers == ["contribute", "sign", "manage"]


def test_leaving_twice_is_leaving_once(browser, institution):
    colleague = make.representative(institution)
    client, address = browser(colleague), url_of(held(colleague))
    filled = read(client.get(address)).form("leave").filled(do="leave")
    for _time in range(2):
        assert client.post(address, filled).headers["Location"] == "/desk/"
    assert "You act for Institute of Rivers no longer." in read(client.get("/desk/")).text
    assert client.get(people_of(institution)).status_code == 404


# Inviting


def test_an_invitation_is_sent_shown_sent_again_and_taken_back(browser, institution):
    client = browser(make.manager(institution))
    assert invite(client, institution).headers["Location"] == people_of(institution)
    page = read(client.get(people_of(institution)))
    assert f"{ADDRESS} contribute, sign the link works until" in page.text
    assert "Send the link again" not in page.text
    Invitation.objects.update(sent_at=clock.now() - timedelta(hours=2))
    page = read(client.get(people_of(institution)))
    first = link()
    again, back = (
        next(form for form in page.forms if form.fields.get("do") == [do]) for do in ("renew", "withdraw")
    )
    assert client.post(people_of(institution), again.filled()).status_code == 303
    assert client.get(first).status_code == 404
    assert client.post(people_of(institution), back.filled()).status_code == 303
    assert ADDRESS not in read(client.get(people_of(institution))).text
    assert client.get(link()).status_code == 410


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"powers": []}, "Choose at least one power."),
        ({"until": "2020-01-01"}, "Choose a day that is not over."),
    ],
)
def test_a_wrong_invitation_keeps_what_was_typed(browser, institution, wrong, sentence):
    client = browser(make.manager(institution))
    answer = invite(client, institution, **wrong)
    page = read(answer)
    assert (answer.status_code, sentence in page.text) == (400, True)
    kept = next(each for each in page.forms if "email" in each.fields).fields
    assert kept["email"] == [wrong.get("email", ADDRESS)]
    assert not Invitation.objects.exists()


def test_a_visitor_signs_up_confirms_and_comes_back_to_accept(client, browser, institution):
    invite(browser(make.manager(institution)), institution)
    address = link()
    page = read(client.get(address))
    assert "invites you to act for Institute of Rivers" in page.text
    assert "Sign: sign and withdraw endorsements" in page.text
    assert "Manage:" not in page.text
    door = next(each for each in page.links if "signup" in each)
    sheet = client.get(door)
    form = next(each for each in read(sheet).forms if "password1" in each.fields)
    terms = re.search(r'name="terms" value="(\d+)"', sheet.content.decode())[1]
    secret = {"password1": make.PASSWORD, "password2": make.PASSWORD}
    fields = form.filled(name="Amina", email=ADDRESS, terms=terms, **secret)
    assert client.post(door, fields).status_code == 302
    confirm = re.search(r"/accounts/confirm-email/\S+", mail.outbox[-1].body)[0]
    sent = next(iter(read(client.get(confirm)).forms[-1:])).filled()
    assert client.post(confirm, sent).headers["Location"] == address
    assert accept(client, address).headers["Location"] == "/desk/"
    assert Mandate.objects.get(evidence="invitation").powers == ["contribute", "sign"]
    assert "You may act for Institute of Rivers now." in read(client.get("/desk/")).text


def test_accepting_twice_is_accepting_once(browser, institution):
    invite(browser(make.manager(institution)), institution)
    person, address = make.person(), link()
    client = browser(person)
    filled = next(each for each in read(client.get(address)).forms if "claim" in each.fields).filled()
    for _time in range(2):
        assert client.post(address, filled).headers["Location"] == "/desk/"
    assert Mandate.objects.filter(person=person).count() == 1


def test_an_invitation_that_is_over_tells_nothing(client, browser, institution):
    invite(browser(make.manager(institution)), institution)
    accept(browser(make.person()))
    for reader in (client, browser(make.person())):
        answer = reader.get(link())
        assert (answer.status_code, "This invitation is over" in read(answer).text) == (410, True)
        assert "Rivers" not in read(answer).text
    assert client.get("/invitations/nothing/").status_code == 404


def test_accepting_says_what_is_missing(browser, institution):
    owner = make.manager(institution)
    invite(browser(owner), institution)
    unconfirmed = read(browser(make.person(confirmed=False)).get(link()))
    assert "Please confirm your e-mail address first." in unconfirmed.text
    assert "You act for this institution already." in read(browser(owner).get(link())).text
    assert browser(make.person(confirmed=False)).post(link(), {"claim": "1"}).status_code == 409
    assert not Mandate.objects.filter(evidence="invitation").exists()


def test_an_invitation_is_kept_by_no_cache(client, browser, institution):
    invite(browser(make.manager(institution)), institution)
    assert "no-store" in client.get(link()).headers["Cache-Control"]


# Joining


def test_somebody_at_its_domain_asks_and_a_manager_lets_them_in(browser, institution):
    amina, owner = make.person(ADDRESS, name="Amina"), browser(make.manager(institution))
    client, home = browser(amina), f"/institutions/{institution.slug}/"
    assert f"{home}join/" in read(client.get(home)).links
    done = accept(client, f"{home}join/")
    assert done.headers["Location"] == home
    assert "A manager decides, and you are told by mail." in read(client.get(home)).text
    page = read(owner.get(people_of(institution)))
    assert f"Amina {ADDRESS}" in page.text
    [door] = [each for each in page.links if "/asked/" in each]
    filled = read(owner.get(door)).form("admit").filled(do="admit", powers=["sign"])
    for _time in range(2):
        assert owner.post(door, filled).headers["Location"] == people_of(institution)
    assert (held(amina).powers, held(amina).evidence) == (["sign"], "domain")


@pytest.mark.parametrize("number", [1, 3])
def test_an_institutions_page_takes_as_many_queries_for_three_domains_as_for_one(
    browser, number, django_assert_num_queries
):
    domains = [f"rivers{each}.example" for each in range(number)]
    institution = make.verified_institution(domains=domains)
    client = browser(make.person("amina@rivers0.example"))
    with django_assert_num_queries(INSTITUTION_QUERIES):
        page = client.get(f"/institutions/{institution.slug}/")
    assert "Ask to join" in read(page).text


def test_a_manager_says_no(browser, institution):
    amina, owner = make.person(ADDRESS), browser(make.manager(institution))
    request = ask_to_join(amina, institution_id=institution.pk, at=clock.now())
    assert send(owner, f"{people_of(institution)}asked/{request.pk}/", "decline").status_code == 303
    assert JoinRequest.objects.get().state == "declined"
    assert browser(amina).get(f"/institutions/{institution.slug}/join/").status_code == 409


@pytest.mark.parametrize("email", ["amina@lakes.example", "amina@sub.rivers.example"])
def test_nobody_else_is_offered_to_join(client, browser, institution, email):
    home = f"/institutions/{institution.slug}/"
    other = browser(make.person(email))
    for reader in (client, other):
        assert f"{home}join/" not in read(reader.get(home)).links
    assert other.get(f"{home}join/").status_code == 409
    assert other.post(f"{home}join/", {"claim": "1"}).status_code == 409
    waiting = make.institution(domains=["lakes.example"])
    assert other.get(f"/institutions/{waiting.slug}/join/").status_code == 404


def test_managers_choose_that_people_join_at_once(browser, institution):
    owner = make.manager(institution)
    done = send(browser(owner), people_of(institution), "joining", joining="automatic")
    assert done.status_code == 303
    amina = make.person(ADDRESS)
    address = f"/institutions/{institution.slug}/join/"
    page = read(browser(amina).get(address))
    assert "You may contribute at once" in page.text
    accept(browser(amina), address)
    assert held(amina).powers == ["contribute"]


def test_without_a_domain_people_join_by_invitation(browser):
    institution = make.verified_institution()
    choose_joining(
        make.manager(institution), institution_id=institution.pk, joining="automatic", at=clock.now()
    )
    page = read(browser(make.manager(institution)).get(people_of(institution)))
    assert "People join by invitation." in page.text


# Several hats


@pytest.fixture(scope="module")
def hats(institution):
    person = make.representative(institution, *Power)
    for name in ("Academy of Lakes", "Council of Seas"):
        make.representative(make.verified_institution(name), *Power, by=person)
    return person


NAMES = ("Academy of Lakes", "Council of Seas", "Institute of Rivers")


def test_every_act_of_somebody_with_several_hats_says_for_whom_it_is(browser, hats, home, consultation):
    client = browser(hats)
    there = make.comment(consultation, make.verified_institution(), body="To be co-signed.")
    for address in (f"{home}write/?principle=1", f"{home}principles/1/endorse/", f"{home}endorse/"):
        page = read(client.get(address))
        assert "For which institution?" in page.text
        assert all(name in page.text for name in NAMES)
    page = read(client.get(f"{home}comments/{there.reference}/"))
    assert all(f"For {name} :" in page.text for name in NAMES)


def test_withdrawing_says_for_whom_it_is(browser, hats, home, consultation):
    seas = Institution.objects.get(current__name="Council of Seas")
    ours = make.comment(consultation, seas, by=hats)
    page = read(browser(hats).get(f"{home}comments/{ours.reference}/withdraw/"))
    assert "For Council of Seas :" in page.text


def test_it_is_said_in_words_before_sending(browser, hats, home):
    client, lakes = browser(hats), Institution.objects.get(current__name="Academy of Lakes")
    write = f"{home}write/?principle=1"
    words = {"institution": lakes.slug, "body": "Of lakes.", "kind": "general"}
    looked = send(client, write, "look", **words)
    assert "You send this for Academy of Lakes ." in read(looked).text
    endorse = f"{home}principles/1/endorse/"
    looked = send(client, endorse, "look", institution=lakes.slug, position="endorse")
    page = read(looked)
    assert "You sign for Academy of Lakes ." in page.text
    assert "Sign for Academy of Lakes" in page.text


# The desk


def test_the_desk_tells_managers_who_asks_and_everybody_until_when_they_act(browser, institution):
    amina = make.person(ADDRESS, name="Amina")
    ask_to_join(amina, institution_id=institution.pk, at=clock.now())
    elsewhere = make.verified_institution(domains=["rivers.example"])
    ask_to_join(amina, institution_id=elsewhere.pk, at=clock.now())
    colleague = make.representative(institution)
    Mandate.objects.filter(person=colleague).update(until="2099-01-31")
    desk = read(browser(make.manager(institution)).get("/desk/"))
    assert desk.text.count("Amina asks to join") == 1
    assert sum("/asked/" in link for link in desk.links) == 1
    assert people_of(institution) in desk.links
    desk = read(browser(colleague).get("/desk/"))
    assert "asks to join" not in desk.text
    assert "Until the end of 31 January 2099 (UTC)." in desk.text
