"""Endorsing on pages: the exact words are shown before they are signed; proposals; the matrix."""

import pytest

from accounts.models import Power
from consultation.endorsements.models import Endorsement
from consultation.texts.models import LicenceAcceptance
from tests import factories as make
from tests.moderation.acts import judge
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def endorse(home):
    return f"{home}principles/1/endorse/"


def chosen(client, endorse, **fields) -> dict[str, object]:
    """The form as it comes, with a position chosen."""
    return read(client.get(endorse)).form("look").filled(**{"position": "endorse", **fields})


def test_a_position_is_looked_over_and_then_signed(browser, owner, consultation, endorse, home):
    client = browser(owner)
    page = read(client.post(endorse, chosen(client, endorse) | {"do": "look"}))
    assert "You sign for Lakeshore University ." in page.text
    assert "Systems are open to review. People may ask why a decision was taken." in page.text
    assert "Version 1 of" in page.text
    assert not Endorsement.objects.exists()
    signed = client.post(endorse, page.form("sign").filled(do="sign"))
    held = Endorsement.objects.get()
    assert signed.headers["Location"] == f"{home}endorsements/{held.pk}/"
    assert (held.state, held.position, held.version.number, held.signed_by) == ("signed", "endorse", 1, owner)
    assert (
        "Signed for Lakeshore University, and counted." in read(client.get(signed.headers["Location"])).text
    )


def test_a_statement_agrees_to_the_licence_and_a_plain_position_does_not(
    browser, owner, consultation, endorse
):
    client, words = browser(owner), "is published under CC BY 4.0 ."
    plain = client.post(endorse, chosen(client, endorse) | {"do": "look"})
    assert words not in read(plain).text
    client.post(endorse, read(plain).form("sign").filled(do="sign"))
    assert not LicenceAcceptance.objects.exists()
    reserved = chosen(client, endorse, position="endorse_with_reservation", statement="But not today.")
    assert words in read(client.post(endorse, reserved | {"do": "look"})).text
    client.post(endorse, reserved | {"do": "sign"})
    assert LicenceAcceptance.objects.get().person == owner


def test_signing_twice_signs_once(browser, owner, endorse):
    client = browser(owner)
    fields = chosen(client, endorse) | {"do": "sign"}
    assert (
        client.post(endorse, fields).headers["Location"] == client.post(endorse, fields).headers["Location"]
    )
    assert Endorsement.objects.count() == 1


def test_who_may_not_sign_proposes_and_a_signatory_signs_from_the_desk(
    browser, owner, colleague, endorse, home
):
    client = browser(colleague)
    looked = read(client.post(endorse, chosen(client, endorse) | {"do": "look"}))
    assert "One of its signatories has to sign it." in looked.text
    client.post(endorse, looked.form("sign").filled(do="sign"))
    held = Endorsement.objects.get()
    assert (held.state, held.proposed_by) == ("proposed", colleague)
    address = f"{home}endorsements/{held.pk}/"
    assert ("do", "sign") not in [pair for form in read(client.get(address)).forms for pair in form.buttons]
    signer = browser(owner)
    assert "An endorsement of Principle 1 waits for your signature" in read(signer.get("/desk/")).text
    page = read(signer.get(address))
    assert f"Who proposed it {colleague.name}" in page.text
    form = page.form("sign")
    assert signer.post(address, form.filled(do="sign")).headers["Location"] == address
    held.refresh_from_db()
    assert (held.state, held.signed_by) == ("signed", owner)


def test_a_stranger_sees_and_signs_nothing(client, browser, stranger, consultation, institution, home):
    held = make.proposal(consultation, institution)
    address = f"{home}endorsements/{held.pk}/"
    assert browser(stranger).get(address).status_code == 404
    assert browser(stranger).post(address, {"do": "sign"}).status_code == 404
    assert client.post(address, {"do": "sign"}).status_code == 302
    held.refresh_from_db()
    assert held.state == "proposed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"position": ""}, "Choose one of the three."),
        ({"position": "perhaps"}, "Select a valid choice."),
        ({"position": "endorse_with_reservation", "statement": ""}, "Say what your reservation is."),
        ({"position": "decline", "statement": "x" * 5001}, "Use at most 5000 characters."),
        ({"position": "decline", "statement": "a\x00"}, "The text holds a null character."),
        ({"version": "x"}, "Enter a whole number."),
    ],
)
@pytest.mark.parametrize("do", ["look", "sign"])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, owner, endorse, do, changes, sentence):
    client = browser(owner)
    fields = chosen(client, endorse, statement="Our words.") | changes | {"do": do}
    response = client.post(endorse, fields)
    assert response.status_code == 400
    page = read(response)
    assert sentence in page.text.replace(",", "")
    assert page.form("look").fields["statement"] == [fields["statement"]]
    assert not Endorsement.objects.exists()


def test_what_was_filled_in_for_an_institution_is_not_signed_for_another(
    browser, owner, institution, endorse
):
    second = make.verified_institution("Second House")
    make.representative(second, Power.SIGN, by=owner)
    client = browser(owner)
    fields = chosen(client, endorse, institution=institution.slug)
    looked = read(client.post(endorse, fields | {"do": "look"})).form("sign")
    institution.mandates.filter(person=owner).update(until="2020-01-01")
    answer = client.post(endorse, looked.filled(do="sign"))
    assert answer.status_code == 400
    page = read(answer)
    assert "It would now be for Second House." in page.text
    assert not Endorsement.objects.exists()
    again = read(client.post(endorse, page.form("look").filled(do="look")))
    assert "You sign for Second House" in again.text


def test_a_text_that_changed_meanwhile_is_not_signed_unread(browser, owner, consultation, endorse):
    client = browser(owner)
    fields = chosen(client, endorse)
    make.new_version(consultation, 1, "New words to read.")
    for do in ("look", "sign"):
        response = client.post(endorse, fields | {"do": do})
        assert response.status_code == 409
        page = read(response)
        assert "The text changed meanwhile." in page.text
        assert "New words to read." in page.text
        assert page.form("look").fields["version"] == ["2"]
    assert not Endorsement.objects.exists()


def test_a_statement_waits_for_a_moderator_and_that_is_said(browser, owner, endorse):
    client = browser(owner)
    fields = chosen(
        client, endorse, position="endorse_with_reservation", statement="As long as it is measured."
    )
    looked = read(client.post(endorse, fields | {"do": "look"}))
    assert "A moderator reads the statement; then the position counts" in looked.text
    signed = client.post(endorse, looked.form("sign").filled(do="sign"))
    assert (
        "It counts once a moderator has read the statement."
        in read(client.get(signed.headers["Location"])).text
    )


def test_a_position_is_withdrawn(browser, owner, consultation, institution, home):
    held = make.endorsement(consultation, institution)
    address = f"{home}endorsements/{held.pk}/"
    client = browser(owner)
    form = read(client.get(address)).form("withdraw")
    for _time in range(2):
        assert client.post(address, form.filled(do="withdraw")).headers["Location"] == address
    held.refresh_from_db()
    assert held.state == "withdrawn"


def test_what_was_reserved_is_not_ticked(browser, owner, consultation, institution, home):
    reserved = make.endorsement(
        consultation, institution, principle=2, position="endorse_with_reservation", statement="But."
    )
    judge(reserved, "approve")
    form = read(browser(owner).get(f"{home}endorse/")).forms[-1]
    assert form.fields["principle"] == ["1", "3"]


@pytest.mark.parametrize("fields", [{}, {"principle": ["9"], "version-9": "1"}, {"principle": ["x"]}])
def test_a_sheet_with_nothing_to_sign_is_refused_in_words(browser, owner, home, institution, fields):
    response = browser(owner).post(f"{home}endorse/", {"institution": institution.slug, **fields})
    assert response.status_code == 400
    assert not Endorsement.objects.exists()


def test_the_matrix_shows_positions_in_effect_alone(client, consultation, home, institution):
    make.endorsement(consultation, institution, principle=1)
    make.endorsement(consultation, institution, principle=2, position="decline")
    make.endorsement(consultation, make.institution("Not yet verified"), principle=1)
    make.proposal(consultation, make.verified_institution("Only proposed"), principle=1)
    page = read(client.get(f"{home}endorsements/"))
    assert "Lakeshore University" in page.text
    assert "Not yet verified" not in page.text
    assert "Only proposed" not in page.text
    content = client.get(f"{home}endorsements/").content.decode()
    cells = content.split('class="line"')[1].split("</tr>")[0]
    assert [cells.count(f'class="pos {each}"') for each in ("endorse", "decline", "silent")] == [1, 1, 1]


@pytest.mark.parametrize("number", [1, 3])
def test_the_matrix_takes_as_many_queries_for_three_as_for_one(
    client, consultation, home, number, django_assert_num_queries
):
    make.endorsement(make.consultation())
    for _each in range(number):
        held = make.endorsement(consultation, principle=1)
        make.endorsement(consultation, held.institution, principle=2)
    client.get(home)
    # The place and its rounds (2), the stamp for the browser and the figures (4), principles with their
    # texts (2), institutions, how many a region has, positions.
    with django_assert_num_queries(11):
        response = client.get(f"{home}endorsements/")
    assert response.content.count(b'class="line"') == number


def test_the_positions_on_one_principle_stand_with_their_statements(client, consultation, home):
    reserved = make.endorsement(
        consultation, position="endorse_with_reservation", statement="As far as it goes."
    )
    make.endorsement(consultation, position="decline", statement="Still waits for a moderator.")
    judge(reserved, "approve")
    text = read(client.get(f"{home}endorsements/?principle=1")).text
    assert "As far as it goes." in text
    assert "Still waits" not in text
    assert client.get(f"{home}endorsements/?principle=9").status_code == 404
    assert client.get(f"{home}endorsements/?principle=x").status_code == 404


def test_both_ways_of_counting_are_told_in_a_sentence(client, consultation, home):
    kenya = [make.verified_institution(country="KE") for _each in range(3)]
    make.endorsement(consultation, make.verified_institution(country="FJ"))
    for institution in kenya:
        make.endorsement(consultation, institution, principle=2)
    page = read(client.get(f"{home}endorsements/"))
    told = "Support for Principle 1 differs most: 25 of 100 institutions, 50 with an equal voice"
    assert told in page.text
    assert "Each line goes from none to all." in page.text
