import pytest

from accounts.models import Power, User
from consultation.endorsements.models import Endorsement
from consultation.kit import clock
from tests import factories as make
from tests.contract.calls import by, pages, problem, results, visitor
from tests.endorsements.acts import ask_for_two, by_letter

pytestmark = pytest.mark.usefixtures("on_top")
PATH = "consultations/rivers/endorsements/"


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def institution(kept):
    return make.verified_institution("Academy of Springs", country="KE")


@pytest.fixture(scope="module")
def signatory(institution):
    return by(make.signatory(institution))


def position(**changes):
    given = {"institution": "academy-of-springs", "principle": 1, "version": 1, "position": "endorse"}
    return {**given, **changes}


def noise(text):
    """What is in no public list: other texts, proposals, statements that wait, institutions that wait."""
    make.endorsement(make.consultation())
    make.proposal(text)
    make.endorsement(text, position="endorse_with_reservation", statement="It waits.")
    make.endorsement(text, make.institution())


def test_a_signed_position_takes_effect_and_is_told_to_everybody(text, institution, signatory):
    answer = signatory.post(PATH, position())
    assert answer.status_code == 201
    taken = Endorsement.objects.get()
    moments = {name: answer.json()[name] for name in ("signed_at", "effective_at")}
    shown = {
        "id": str(taken.pk),
        "institution": "academy-of-springs",
        "principle": 1,
        "version": 1,
        "position": "endorse",
        "statement": "",
        "signed_as": "Academy of Springs",
        "signatures": [{"name": "", "office": "", "former_representative": None}],
        "recorded": False,
        "letter_dated": None,
        "confirmed_at": None,
        "to_reaffirm": False,
        "log_index": None,
        **moments,
    }
    assert None not in moments.values()
    assert answer.json() == {**shown, "state": "signed"}
    assert results(visitor().get(PATH)) == [shown]


def test_lists_hold_effective_positions_and_nothing_else(text, institution):
    noise(text)
    make.endorsement(text, institution)
    for person in (None, make.manager(institution), make.moderator(text)):
        assert [each["institution"] for each in results(by(person).get(PATH))] == ["academy-of-springs"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_two_queries(text, number, django_assert_num_queries):
    noise(text)
    for _ in range(number):
        make.endorsement(text)
    # the consultation; its positions
    with django_assert_num_queries(2):
        found = results(visitor().get(PATH))
    assert len(found) == number


FILTERS = {
    "principle=1": ["endorse"],
    "principle=3": [],
    "institution=academy-of-springs": ["endorse"],
    "country=ke": ["endorse"],
    "region=150": ["decline"],
    "position=decline": ["decline"],
    "": ["decline", "endorse"],
}


def test_filters(text, institution):
    make.endorsement(text, institution)
    make.endorsement(text, principle=2, position="decline")
    noise(text)
    found = {
        query: [each["position"] for each in results(visitor().get(f"{PATH}?{query}"))] for query in FILTERS
    }
    assert found == FILTERS
    assert [len(page) for page in pages(visitor(), f"{PATH}?page_size=1")] == [1, 1]


def test_a_wrong_filter_is_named(text):
    for query in (
        "principle=x",
        "principle=0",
        "country=XX",
        "region=1",
        "position=maybe",
        "institution=%00",
    ):
        problem(visitor().get(f"{PATH}?{query}"), 400, "invalid", query.partition("=")[0])


def test_a_contributor_proposes_and_a_signatory_signs(text, institution, signatory):
    contributor = by(make.representative(institution))
    answer = contributor.post(PATH, position())
    assert (answer.status_code, answer.json()["state"]) == (201, "proposed")
    path = f"endorsements/{answer.json()['id']}/"
    assert results(visitor().get(PATH)) == []
    problem(contributor.post(f"{path}sign/"), 403, "no-mandate")
    problem(by(make.manager(make.verified_institution())).post(f"{path}sign/"), 404, "not-found")
    problem(visitor().post(f"{path}sign/"), 401, "not-signed-in")
    signed = signatory.post(f"{path}sign/")
    assert (signed.status_code, signed.json()["state"]) == (200, "signed")
    problem(signatory.post(f"{path}sign/"), 409, "not-a-proposal")
    assert len(results(visitor().get(PATH))) == 1


def test_without_any_power_the_position_is_refused(text, institution):
    manager = by(make.representative(institution, Power.MANAGE))
    problem(manager.post(PATH, position()), 403, "no-mandate")
    problem(by(make.person()).post(PATH, position()), 403, "no-mandate")
    problem(visitor().post(PATH, position()), 401, "not-signed-in")
    assert Endorsement.objects.count() == 0


def test_the_very_same_again_is_the_one_that_stands_waits_or_is_proposed(text, institution, signatory):
    contributor = by(make.representative(institution))
    waiting = position(principle=2, position="endorse_with_reservation", statement="But not here.")
    proposed = position(principle=3)
    for caller, body in ((signatory, position()), (signatory, waiting), (contributor, proposed)):
        first, second = caller.post(PATH, body), caller.post(PATH, body)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()


def test_a_reservation_waits_while_the_earlier_position_stands(text, institution, signatory):
    signatory.post(PATH, position())
    answer = signatory.post(PATH, position(position="endorse_with_reservation", statement="But not here."))
    assert (answer.json()["state"], answer.json()["effective_at"]) == ("signed", None)
    assert [each["position"] for each in results(visitor().get(PATH))] == ["endorse"]
    second = position(position="decline", statement="Nor there.")
    problem(signatory.post(PATH, second), 409, "waiting")
    assert signatory.post(PATH, position(position="decline")).status_code == 201
    assert [each["position"] for each in results(visitor().get(PATH))] == ["decline"]


def test_another_proposal_while_one_is_open_is_refused(text, institution):
    contributor = by(make.representative(institution))
    contributor.post(PATH, position())
    problem(contributor.post(PATH, position(position="decline")), 409, "proposal-open")


def test_only_the_current_version_can_be_signed(text, institution, signatory):
    make.new_version(text, 1)
    problem(signatory.post(PATH, position()), 409, "version-not-current", "version")
    assert signatory.post(PATH, position(version=2)).status_code == 201


def test_the_whole_text_is_signed_in_one_act(text, institution, signatory):
    answer = signatory.post(PATH, position(principle="all", version={"1": 1, "3": 1}))
    assert answer.status_code == 201
    assert [(each["principle"], each["state"]) for each in answer.json()] == [(1, "signed"), (3, "signed")]
    again = signatory.post(PATH, position(principle="all", version={"3": 1, "1": 1}))
    assert (again.status_code, again.json()) == (200, answer.json())


def test_one_stale_version_refuses_all(text, institution, signatory):
    make.new_version(text, 2)
    body = position(principle="all", version={"1": 1, "2": 1, "3": 1})
    problem(signatory.post(PATH, body), 409, "version-not-current", "version")
    assert Endorsement.objects.count() == 0


def test_withdrawing(text, institution, signatory):
    signed = signatory.post(PATH, position()).json()
    path = f"endorsements/{signed['id']}/withdraw/"
    problem(by(make.representative(institution)).post(path), 403, "no-mandate")
    problem(by(make.manager(make.verified_institution())).post(path), 403, "no-mandate")
    assert signatory.post(path).json()["state"] == "withdrawn"
    problem(signatory.post(path), 409, "not-live")
    assert results(visitor().get(PATH)) == []


def test_reaffirming_after_a_change_of_substance(text, institution, signatory):
    signed = signatory.post(PATH, position()).json()
    path = f"endorsements/{signed['id']}/reaffirm/"
    make.new_version(text, 1)
    assert results(visitor().get(PATH))[0]["to_reaffirm"] is True
    problem(by(make.representative(institution)).post(path), 403, "no-mandate")
    answer = signatory.post(path)
    assert (answer.status_code, answer.json()["version"], answer.json()["to_reaffirm"]) == (201, 2, False)
    assert [each["version"] for each in results(visitor().get(PATH))] == [2]
    problem(signatory.post(path), 409, "not-live")


def test_an_unknown_position_is_not_found(text, signatory):
    for key in ("01890a5d-ac96-774b-bcce-b302099a8057", "nonsense"):
        for act in ("sign", "withdraw", "reaffirm", "contest", "confirm"):
            problem(signatory.post(f"endorsements/{key}/{act}/", {"reason": "None."}), 404, "not-found")


WRONG_POSITIONS = [
    ({"institution": "nobody"}, "institution"),
    ({"institution": 7}, "institution"),
    ({"principle": 9}, "principle"),
    ({"principle": 10**30}, "principle"),
    ({"principle": "some"}, "principle"),
    ({"principle": "1"}, "principle"),
    ({"principle": None}, "principle"),
    ({"principle": True}, "principle"),
    ({"principle": ["all"]}, "principle"),
    ({"version": 0}, "version"),
    ({"version": 10**30}, "version"),
    ({"version": "1"}, "version"),
    ({"version": {"1": 1}}, "version"),
    ({"version": [1]}, "version"),
    ({"principle": "all"}, "version"),
    ({"principle": "all", "version": {}}, "version"),
    ({"principle": "all", "version": {"x": 1}}, "version"),
    ({"principle": "all", "version": {"1" * 40: 1}}, "version"),
    ({"principle": "all", "version": {"1": "1"}}, "version.1"),
    ({"principle": "all", "version": {"1": 0}}, "version.1"),
    ({"principle": "all", "version": {"9": 1}}, "principle"),
    ({"position": "maybe"}, "position"),
    ({"position": None}, "position"),
    ({"position": "endorse_with_reservation"}, "statement"),
    ({"position": "endorse_with_reservation", "statement": " \n"}, "statement"),
    ({"statement": "x" * 5_001}, "statement"),
    ({"statement": "\x00"}, "statement"),
    ({"statement": "\udfff"}, "statement"),
    ({"statement": 7}, "statement"),
    ({"language": "nonsense-x"}, "language"),
]


def test_each_wrong_field_is_named(text, signatory):
    for changes, field in WRONG_POSITIONS:
        problem(signatory.post(PATH, position(**changes)), 400, "invalid", field)
    problem(signatory.post(PATH, {}), 400, "invalid", "institution", "position", "principle", "version")
    assert Endorsement.objects.count() == 0


def test_two_persons_sign_and_each_answer_says_where_it_stands(text, institution, signatory):
    first = by(make.manager(ask_for_two(institution)))
    half = first.post(PATH, position(office="Rector", name_shown=True))
    assert (half.status_code, half.json()["state"], half.json()["effective_at"]) == (201, "half_signed", None)
    assert first.post(PATH, position()).json() == half.json()
    path = f"endorsements/{half.json()['id']}/"
    problem(first.post(f"{path}sign/"), 409, "signed-by-you")
    name = make.manager(institution).name
    User.objects.filter(pk=make.manager(institution).pk).update(name="Called otherwise by now")
    signed = signatory.post(f"{path}sign/", {"office": "Treasurer"}).json()
    assert (signed["state"], signed["effective_at"] is not None) == ("signed", True)
    assert signed["signatures"] == [
        {"name": name, "office": "Rector", "former_representative": None},
        {"name": "", "office": "Treasurer", "former_representative": None},
    ]


def test_contesting_and_confirming(text, institution, signatory):
    row = by_letter(institution, text)
    path = f"endorsements/{row.pk}/"
    shown = results(visitor().get(PATH))[0]
    assert (shown["recorded"], shown["letter_dated"]) == (True, row.letter_dated.isoformat())
    manager = by(make.representative(institution, Power.MANAGE))
    problem(manager.post(f"{path}confirm/"), 403, "no-mandate")
    assert signatory.post(f"{path}confirm/").json()["confirmed_at"] is not None
    problem(signatory.post(f"{path}confirm/"), 409, "not-to-confirm")
    problem(manager.post(f"{path}contest/"), 400, "invalid", "reason")
    assert manager.post(f"{path}contest/", {"reason": "Not ours."}).json()["state"] == "contested"
    assert results(visitor().get(PATH)) == []


def test_a_reason_goes_with_a_withdrawal(text, institution, signatory):
    path = f"endorsements/{signatory.post(PATH, position()).json()['id']}/withdraw/"
    for wrong in ({"reason": "x" * 1001}, {"reason": "\x00"}, {"reason": 7}):
        problem(signatory.post(path, wrong), 400, "invalid", "reason")
    assert signatory.post(path, {"reason": "Our board decided so."}).json()["state"] == "withdrawn"


def test_nothing_is_signed_by_bad_luck(text, institution, signatory):
    held = signatory.post(PATH, position()).json()
    make.new_version(text, 1)
    stale = signatory.post(f"endorsements/{held['id']}/reaffirm/", {"version": 1})
    problem(stale, 409, "version-not-current", "version")
    other = make.verified_institution("Elsewhere")
    problem(signatory.post(PATH, position(institution=other.slug, version=2)), 403, "no-mandate")
    foreign = make.consultation("lakes", principles=9)
    problem(signatory.post(PATH, position(principle=9)), 400, "invalid", "principle")
    assert signatory.post("consultations/lakes/endorsements/", position(principle=9)).status_code == 201
    make.manager(institution)
    institution.mandates.update(until="2020-01-01")
    problem(signatory.post(PATH, position(version=2)), 403, "no-mandate")
    institution.mandates.update(until=None)
    text.rounds.update(closes_at=clock.now())
    problem(signatory.post(PATH, position(version=2)), 409, "round-closed")
    text.rounds.update(opens_endorse=False)
    problem(signatory.post(PATH, position(version=2)), 409, "round-not-open")
    assert Endorsement.objects.filter(consultation=text).count() == 1
    assert Endorsement.objects.filter(consultation=foreign).count() == 1
