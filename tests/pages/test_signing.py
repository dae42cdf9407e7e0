"""Many positions under one signature, two persons, the second factor, letters, contesting."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Power
from consultation.endorsements.actions import Choice, take_positions
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from consultation.standing.actions import erase_person
from tests import factories as make
from tests.endorsements.acts import SCAN, ask_for_two, contest, endorse, reserve
from tests.moderation.acts import judge
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def sheet(home):
    return f"{home}endorse/"


def filled(client, sheet, **fields):
    """The sheet as it comes, with some fields changed."""
    return read(client.get(sheet)).form("look").filled(do="look", **fields)


def positions():
    return sorted(Endorsement.objects.values_list("principle__number", "position", "state"))


def test_the_whole_text_is_looked_over_and_signed_in_one_act_but_for_what_was_unticked(
    browser, owner, sheet, home
):
    client = browser(owner)
    assert read(client.get(sheet)).form("look").fields["principle"] == ["1", "2", "3"]
    looked = read(client.post(sheet, filled(client, sheet, principle=["1", "3"], office="Rector")))
    assert not Endorsement.objects.exists()
    for words in (
        "You sign for Lakeshore University",
        "1. Title 1 (en)",
        "Principle 3. Systems are open",
        "Rector",
    ):
        assert words in looked.text
    assert "Title 2 (en)" not in looked.text
    for _time in range(2):
        done = client.post(sheet, looked.form("sign").filled(do="sign"))
        assert done.headers["Location"] == f"{home}endorsements/own/lakeshore-university/"
    assert positions() == [(1, "endorse", "signed"), (3, "endorse", "signed")]
    assert set(Endorsement.objects.values_list("office", "name_shown")) == {("Rector", False)}
    assert "Signed for Lakeshore University, and counted." in read(client.get(done.headers["Location"])).text


def test_each_principle_has_its_own_position_and_statement_on_one_sheet(browser, owner, sheet):
    client = browser(owner)
    fields = {
        "position-1": "endorse_with_reservation",
        "statement-1": "Not in wartime.",
        "position-2": "decline",
        "name_shown": "on",
    }
    looked = read(client.post(sheet, filled(client, sheet, **fields)))
    assert "Not in wartime." in looked.text
    assert f"Readers see that {owner.name} signed" in looked.text
    back = read(client.post(sheet, looked.form("sign").filled(do="change")))
    assert back.form("look").fields["statement-1"] == ["Not in wartime."]
    client.post(sheet, looked.form("sign").filled(do="sign"))
    assert positions() == [
        (1, "endorse_with_reservation", "signed"),
        (2, "decline", "signed"),
        (3, "endorse", "signed"),
    ]
    assert Endorsement.objects.get(principle__number=1).statement == "Not in wartime."


def test_a_new_sheet_ticks_no_reservation_and_nothing_that_was_declined(
    browser, owner, consultation, institution, sheet
):
    judge(reserve(institution, consultation, principle=2))
    endorse(institution, consultation, "decline", principle=1)
    make.new_version(consultation, 1)
    form = read(browser(owner).get(sheet)).form("look")
    assert form.fields["principle"] == ["3"]
    assert form.fields["position-1"] == ["decline"]
    assert form.fields["position-2"] == ["endorse_with_reservation"]


def test_what_is_wrong_on_the_sheet_is_said_beside_it_and_nothing_typed_is_lost(
    browser, owner, sheet, consultation, institution
):
    client = browser(owner)
    wrong = {"position-2": "endorse_with_reservation", "statement-3": "Kept."}
    for do in ("look", "sign"):
        answer = client.post(sheet, filled(client, sheet, **wrong) | {"do": do})
        page = read(answer)
        assert answer.status_code == 400
        assert "Say what your reservation is." in page.text
        assert page.form("look").fields["statement-3"] == ["Kept."]
    for fields in ({}, {"principle": ["9"], "version-9": "1"}, {"principle": ["x"]}):
        for do in ("look", "sign"):
            answer = client.post(
                sheet, {"institution": institution.slug, "language": "en", "do": do, **fields}
            )
            assert answer.status_code == 400
    stale = filled(client, sheet)
    make.new_version(consultation, 1, "New words to read.")
    for do in ("look", "sign"):
        answer = client.post(sheet, stale | {"do": do})
        page = read(answer)
        assert (answer.status_code, "New words to read." in page.text) == (409, True)
        assert page.form("look").fields["principle"] == ["2", "3"]
    assert not Endorsement.objects.exists()


def test_the_back_button_after_signing_signs_nothing_by_accident(browser, owner, sheet, home):
    client = browser(owner)
    form = read(client.get(sheet)).form("look")
    looked = read(client.post(sheet, form.filled(do="look", principle=["1"])))
    client.post(sheet, looked.form("sign").filled(do="sign"))
    again = client.post(sheet, looked.form("sign").filled(do="sign"))
    assert again.headers["Location"] == f"{home}endorsements/own/lakeshore-university/"
    other = looked.form("sign").filled(**{"do": "sign", "position-1": "decline"})
    answer = client.post(sheet, other)
    assert (answer.status_code, "used before for something else" in read(answer).text) == (422, True)
    assert positions() == [(1, "endorse", "signed")]


def test_a_sheet_for_another_institution_an_expired_mandate_or_a_closed_round_signs_nothing(
    browser, owner, sheet, institution, consultation, stranger
):
    client = browser(owner)
    fields = filled(client, sheet) | {"do": "sign"}
    other = make.verified_institution("Elsewhere")
    foreign = client.post(sheet, fields | {"institution": other.slug})
    assert foreign.status_code == 403
    assert "You have no mandate to endorse for this institution." in read(foreign).text
    consultation.rounds.update(closes_at=clock.now())
    closed = client.post(sheet, fields)
    assert (closed.status_code, "This round closed on" in read(closed).text) == (409, True)
    consultation.rounds.update(closes_at=None, opens_comment=False, opens_discuss=False)
    institution.mandates.update(until="2020-01-01")
    assert client.post(sheet, fields).status_code == 403
    assert browser(stranger).post(sheet, fields).status_code == 403
    assert not Endorsement.objects.exists()


def test_a_contributor_proposes_the_sheet_and_the_signatory_signs_it_in_one_act(
    browser, owner, colleague, sheet
):
    proposer = browser(colleague)
    looked = read(proposer.post(sheet, filled(proposer, sheet, **{"position-2": "decline"})))
    proposer.post(sheet, looked.form("sign").filled(do="sign"))
    assert {state for _number, _position, state in positions()} == {"proposed"}
    client = browser(owner)
    looked = read(client.post(sheet, filled(client, sheet)))
    client.post(sheet, looked.form("sign").filled(do="sign"))
    assert positions() == [(1, "endorse", "signed"), (2, "decline", "signed"), (3, "endorse", "signed")]


def test_many_are_reaffirmed_with_what_changed_before_ones_eyes(
    browser, owner, consultation, institution, home
):
    held = [make.endorsement(consultation, institution, principle=number) for number in (1, 2, 3)]
    for number in (1, 2):
        make.new_version(consultation, number, f"Principle {number}. Systems are shut to review.")
    client, address = browser(owner), f"{home}reaffirm/"
    desk = read(client.get("/desk/"))
    assert f"{address}?institution={institution.slug}#principle-1" in desk.links
    page = client.get(address)
    assert b"<del>" in page.content
    assert b"<ins>" in page.content
    form = read(page).form("look")
    assert "principle" not in form.fields
    assert "version-3" not in form.fields
    none = client.post(address, form.filled(do="look"))
    assert none.status_code == 400
    looked = read(client.post(address, form.filled(do="look", principle=["1", "2"])))
    assert "Systems are shut to review." in looked.text
    client.post(address, looked.form("sign").filled(do="sign"))
    standing = Endorsement.objects.filter(state="signed").order_by("principle__number")
    assert list(standing.values_list("version__number", flat=True)) == [2, 2, 1]
    assert {row.pk for row in standing} & {row.pk for row in held} == {held[2].pk}
    assert "Nothing is to be re-affirmed." in read(client.get(address)).text
    again = client.post(address, form.filled(do="look", principle=["1"]))
    assert again.status_code == 409


def test_a_text_that_changes_again_is_not_reaffirmed_unread(browser, owner, consultation, institution, home):
    make.endorsement(consultation, institution)
    make.new_version(consultation, 1)
    client, address = browser(owner), f"{home}reaffirm/"
    form = read(client.get(address)).form("look").filled(principle=["1"])
    make.new_version(consultation, 1, "And again.")
    for do in ("look", "sign"):
        assert client.post(address, form | {"do": do}).status_code == 409
    assert Endorsement.objects.count() == 1


def test_two_persons_sign_from_the_people_page_to_the_second_signature(
    browser, owner, consultation, institution, home, colleague
):
    people = f"/institutions/{institution.slug}/people/"
    client = browser(owner)
    form = read(client.get(people)).form("signatures")
    alone = client.post(people, form.filled(do="signatures", signatures="2"))
    assert (alone.status_code, "Only one person signs for the institution." in read(alone).text) == (
        409,
        True,
    )
    second = make.signatory(institution)
    assert client.post(people, form.filled(do="signatures", signatures="2")).status_code == 303
    address = f"{home}principles/1/endorse/"
    looked = client.post(
        address, read(client.get(address)).form("look").filled(position="endorse", do="look")
    )
    assert "Two persons have to sign" in read(looked).text
    assert "It counts at once" not in read(looked).text
    told = read(
        client.get(client.post(address, read(looked).form("sign").filled(do="sign")).headers["Location"])
    )
    assert "Somebody else has to sign too." in told.text
    assert ("do", "sign") not in [pair for form in told.forms for pair in form.buttons]
    assert "waits for your signature" not in read(client.get("/desk/")).text
    held = Endorsement.objects.get()
    other = browser(second)
    assert "waits for your signature" in read(other.get("/desk/")).text
    page = f"{home}endorsements/{held.pk}/"
    form = read(other.get(page)).form("sign")
    other.post(page, form.filled(do="sign", office="Treasurer", name_shown="on"))
    held.refresh_from_db()
    assert (held.state, held.signed_by, held.office, held.name_shown) == ("signed", second, "Treasurer", True)
    public = read(Client().get(f"{home}endorsements/?principle=1")).text
    assert f"Signed by {second.name} , Treasurer" in public
    assert owner.name not in public


def test_names_are_shown_only_where_the_signatory_said_so_and_go_with_the_person(
    client, consultation, institution, owner, home
):
    make.endorsement(consultation, institution)
    address = f"{home}endorsements/?principle=1"
    assert owner.name not in read(client.get(address)).text
    shown = make.verified_institution("Shown Academy")
    signer = make.manager(shown)
    take_positions(
        signer,
        consultation_id=consultation.pk,
        institution_id=shown.pk,
        choices=[Choice(1, 1, "endorse")],
        language="en",
        office="Rector",
        name_shown=True,
        at=clock.now(),
    )
    for page in (address, f"/institutions/{shown.slug}/"):
        assert f"Signed by {signer.name} , Rector" in read(client.get(page)).text
    erase_person(signer, person_id=signer.pk, address=signer.email, at=clock.now())
    text = read(client.get(address)).text
    assert "Signed by former representative 1, Rector" in text
    assert signer.name not in text


def test_a_letter_is_recorded_by_the_secretariat_and_shown_as_that(
    browser, client, owner, consultation, institution, home
):
    secretariat = make.secretariat(consultation)
    desk, address = browser(secretariat), f"/secretariat/{consultation.slug}/endorsements/record/"
    assert address in read(desk.get(f"/secretariat/{consultation.slug}/")).links
    form = read(desk.get(address)).forms[-1]
    assert "principle" not in form.fields

    name = institution.current.name
    assert f'<option value="{name}">' in desk.get(address).content.decode()

    def sent(**fields):
        today = clock.now().date().isoformat()
        given = {
            "institution": institution.slug,
            "dated": today,
            "principle": ["1", "2"],
            "position-2": "decline",
            "office": "Secretary-General",
        }
        scan = SimpleUploadedFile("letter.pdf", SCAN, "application/pdf")
        return desk.post(address, form.filled(**{**given, "principle": ["1", "2"], "letter": scan, **fields}))

    for wrong in (
        {"institution": "nobody"},
        {"institution": name[:-3]},
        {"dated": "2199-01-01"},
        {"dated": ""},
        {"letter": SimpleUploadedFile("x.pdf", b"no")},
        {"principle": []},
        {"position-1": "endorse_with_reservation"},
        {"principle": ["9"]},
    ):
        assert sent(**wrong).status_code == 400
    assert not Endorsement.objects.exists()
    assert f"Is it one of these: {name}?" in read(sent(institution=name[:-3])).text
    assert sent(institution=f" {name.upper()} ").status_code == 303
    held = Endorsement.objects.get(principle__number=1)
    text = read(client.get(f"{home}endorsements/?principle=1")).text
    assert "Recorded by the secretariat from a letter of" in text
    page = f"{home}endorsements/{held.pk}/"
    for reader in (owner, secretariat):
        letter = browser(reader).get(f"{page}letter/")
        assert b"".join(letter.streaming_content) == SCAN
    for reader in (make.person(), make.moderator(consultation)):
        assert browser(reader).get(f"{page}letter/").status_code == 404
        assert browser(reader).get(page).status_code == 404
        assert browser(reader).get(address).status_code == 404
    own = browser(owner)
    assert "A letter of yours was recorded for Principle 1: is it your own?" in read(own.get("/desk/")).text
    asked = read(own.get(page))
    assert "For the institution, Secretary-General" in asked.text
    own.post(page, asked.form("confirm").filled(do="confirm"))
    assert "Confirmed by the institution on" in read(client.get(f"{home}endorsements/?principle=1")).text


def test_what_was_done_without_right_is_contested_by_who_manages(
    browser, client, consultation, institution, home
):
    held = make.endorsement(consultation, institution)
    manager = browser(make.representative(institution, Power.MANAGE))
    own = read(manager.get(f"{home}endorsements/own/{institution.slug}/"))
    address = f"{home}endorsements/{held.pk}/"
    assert address in own.links
    page = read(manager.get(address))
    empty = manager.post(address, page.form("contest").filled(do="contest"))
    assert empty.status_code == 400
    manager.post(address, page.form("contest").filled(**{"do": "contest", "contest-reason": "She left."}))
    held.refresh_from_db()
    assert held.state == "contested"
    for reader in (make.secretariat(consultation), make.registrar()):
        answer = browser(reader).get(address)
        assert (answer.status_code, "She left." in read(answer).text) == (200, True)
    assert browser(make.observer(consultation)).get(address).status_code == 404
    assert "She left." not in read(client.get(f"{home}endorsements/?principle=1")).text


def test_a_reason_for_withdrawing_is_read_by_all_once_it_is_released(
    browser, client, owner, consultation, institution, home
):
    held = make.endorsement(consultation, institution)
    address, mine = f"{home}endorsements/{held.pk}/", browser(owner)
    form = read(mine.get(address)).form("withdraw")
    mine.post(address, form.filled(**{"do": "withdraw", "withdraw-reason": "Our board changed its mind."}))
    public = f"{home}endorsements/?principle=1"
    assert "Our board" not in read(client.get(public)).text
    own = read(mine.get(address)).text
    assert "Our board changed its mind. Waits for a moderator" in own
    judge(Endorsement.objects.get(pk=held.pk).withdrawal)
    assert "Our board changed its mind." in read(client.get(public)).text
    assert "said why it withdrew its position on Principle 1" in read(client.get(f"{home}history/")).text


def test_where_an_institution_stands_is_for_its_own_people(
    browser, owner, stranger, consultation, institution, home
):
    contest(make.endorsement(consultation, institution))
    ask_for_two(institution)
    endorse(institution, consultation, principle=2)
    address = f"{home}endorsements/own/{institution.slug}/"
    page = read(browser(owner).get(address))
    for words in ("Contested by the institution", "Waits for a second signature", "Silent"):
        assert words in page.text
    for reader in (stranger, make.secretariat(consultation)):
        assert browser(reader).get(address).status_code == 404
