"""Pages on which the secretariat keeps its rounds."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from consultation.kit import clock
from consultation.post.models import Message
from consultation.texts.models import Round, RoundExtension
from tests import factories as make
from tests.office.browsing import claim_in, page, signed_in
from tests.pages.page import read

pytestmark = pytest.mark.usefixtures("on_top")
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def consultation(kept):
    return make.consultation(languages=["en", "fr"], days=10)


@pytest.fixture(scope="module")
def round_(consultation):
    return consultation.rounds.get()


@pytest.fixture(scope="module")
def boss(consultation):
    return signed_in(make.secretariat(consultation))


@pytest.fixture(scope="module")
def desk(consultation):
    return f"/secretariat/{consultation.slug}/rounds/"


def local(moment, zone="Europe/Oslo"):
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def wanted(round_, **changes):
    fields = {
        "opens_at": local(round_.closes_at + DAY),
        "closes_at": local(round_.closes_at + 9 * DAY),
        "acts": ["comment", "discuss"],
        "purposes_en": "On wording.",
        "claim": "one",
    }
    return fields | changes


def test_a_round_is_added_changed_and_removed_each_once(boss, desk, consultation, round_):
    assert f'href="{desk}"' in boss.get(f"/secretariat/{consultation.slug}/").content.decode()
    for _twice in range(2):
        assert boss.post(desk, {**wanted(round_), "do": "add"}).headers["Location"] == desk
    new = consultation.rounds.get(number=2)
    assert (new.opens_at, new.closes_at) == (round_.closes_at + DAY, round_.closes_at + 9 * DAY)
    assert (new.acts, new.purposes) == (["comment", "discuss"], {"en": "On wording."})
    shown = boss.get(f"{desk}2/")
    form = read(shown).form("change")
    # What the round is stands in its form, in the consultation's own zone.
    assert form.fields["opens_at"] == [local(new.opens_at)]
    assert form.fields["acts"] == ["comment", "discuss"]
    fields = form.filled(closes_at=local(round_.closes_at + 12 * DAY), do="change")
    for _twice in range(2):
        assert boss.post(f"{desk}2/", fields).headers["Location"] == desk
    new.refresh_from_db()
    assert (new.closes_at, new.sequence) == (round_.closes_at + 12 * DAY, 1)
    asked = boss.get(f"{desk}2/?remove")
    fields = {"do": "remove", "round": new.pk, "claim": claim_in(asked, "remove")}
    for _twice in range(2):
        assert boss.post(f"{desk}2/", fields).headers["Location"] == desk
    assert consultation.rounds.get() == round_
    assert boss.get(f"{desk}2/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"acts": []}, "Choose what the round opens."),
        ({"closes_at": ""}, "Only a round for endorsing alone may stay open without end."),
        ({"opens_at": "2027-03-28T02:30"}, "this time does not exist"),
        ({"opens_at": "2026-10-25T02:30"}, "this time comes twice"),
        ({"opens_at": "sometime"}, "Enter a valid date/time."),
        ({"opens_at": "0001-01-01T00:00"}, "Enter a valid date/time."),
        ({"closes_at": "2020-01-01T10:00"}, "A round closes after it opens."),
        ({"purposes_fr": "x" * 301}, "Use at most 300 characters."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_everything_typed_stays(
    boss, desk, round_, changes, sentence
):
    response = boss.post(desk, {**wanted(round_, **changes), "do": "add"})
    assert (response.status_code, sentence in page(response)) == (400, True)
    form = read(response).form("add")
    assert form.fields["purposes_en"] == ["On wording."]
    assert form.fields["opens_at"] == [changes.get("opens_at", local(round_.closes_at + DAY))]
    assert Round.objects.count() == 1


def test_an_extension_is_looked_over_and_then_done_once(boss, desk, consultation, round_):
    make.draft(consultation)
    Message.objects.all().delete()
    until, address = round_.closes_at + 3 * DAY, f"{desk}1/"
    form = read(boss.get(address)).form("look")
    typed = form.filled(closes_at=local(until), reasons_en="Many asked.", reasons_fr="Beaucoup.", do="look")
    looked = boss.post(address, typed)
    said = page(looked)
    assert "The round is about to be extended." in said
    assert "1 person who takes part is told by mail." in said
    assert "Many asked. Beaucoup." in said
    assert not RoundExtension.objects.exists()
    carried = read(looked).form("extend")
    back = boss.post(address, carried.filled(do="edit"))
    assert read(back).form("look").fields["reasons_fr"] == ["Beaucoup."]
    for _twice in range(2):
        assert boss.post(address, carried.filled(do="extend")).headers["Location"] == address
    round_.refresh_from_db()
    assert round_.closes_at == until
    assert RoundExtension.objects.get().reasons == {"en": "Many asked.", "fr": "Beaucoup."}
    assert Message.objects.filter(kind="round-extended").count() == 1
    assert "Round 1 was extended on" in page(boss.get(address))
    early = boss.post(address, typed)
    assert (early.status_code, "Give a time after the present closing time." in page(early)) == (400, True)
    empty = boss.post(address, {"do": "look", "claim": "x"})
    assert (empty.status_code, page(empty).count("This field is required.")) == (400, 4)


def test_an_opened_round_takes_no_change_and_no_removal(boss, desk, round_):
    for do in ("change", "remove"):
        fields = wanted(round_, do=do, round=round_.pk, claim=do)
        response = boss.post(f"{desk}1/", fields)
        assert (response.status_code, "It can only be extended." in page(response)) == (409, True)
    assert Round.objects.get(pk=round_.pk).sequence == 0


def test_only_its_secretariat_finds_them(consultation, desk):
    people = [make.person(), make.registrar(), make.moderator(consultation), make.observer(consultation)]
    for who in [*people, make.secretariat(make.consultation())]:
        for address in (desk, f"{desk}1/"):
            assert signed_in(who).get(address).status_code == 404
            assert signed_in(who).post(address, {"do": "add"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_take_a_fixed_number_of_queries(
    boss, desk, consultation, number, django_assert_max_num_queries
):
    start = clock.now() + 100 * DAY
    for each in range(2, number + 1):
        opens = start + each * 10 * DAY
        Round.objects.create(
            consultation=consultation, number=each, opens_at=opens, closes_at=opens + DAY, opens_comment=True
        )
    boss.get(desk)
    for address in (desk, f"{desk}1/"):
        # Session, person, the consultation by its role (2), extensions, rounds; roles for the head.
        with django_assert_max_num_queries(11):
            boss.get(address)
