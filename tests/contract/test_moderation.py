from datetime import timedelta

import pytest

from consultation.comments.actions import flag_comment
from consultation.kit import clock
from consultation.moderation.models import Case
from tests import factories as make
from tests.contract.calls import by, pages, problem, results, visitor

pytestmark = pytest.mark.usefixtures("on_top")


@pytest.fixture(scope="module")
def text(kept):
    return make.consultation("rivers")


@pytest.fixture(scope="module")
def moderator(text):
    return by(make.moderator(text))


def case_of(comment):
    return comment.item.cases.latest("opened_at")


def noise():
    """What is in nobody's queue here: another text's cases, and decided ones."""
    other = make.consultation()
    make.pending_comment(other)
    make.comment(other)


def test_a_case_tells_what_a_moderator_needs(text, moderator, settings):
    comment = make.pending_comment(text, make.verified_institution("Academy of Springs"), body="We ask.")
    case = case_of(comment)
    answer = moderator.get(f"moderation/cases/{case.pk}/")
    moments = {name: answer.json()[name] for name in ("opened_at", "due_at")}
    assert answer.json() == {
        "id": str(case.pk),
        "kind": "comment",
        "consultation": "rivers",
        "subject": {
            "reference": "P1-1",
            "url": f"{settings.SITE_URL}/consultations/rivers/comments/P1-1/",
            "revision": 1,
            "text": "We ask.",
            "language": "en",
        },
        "institution": "academy-of-springs",
        "reasons": [
            {
                "code": "policy",
                "text": "The policy asks for a review of everything before it is published.",
                "words": [],
            },
            {"code": "first-contribution", "text": "The institution has nothing published yet.", "words": []},
        ],
        "flags": [],
        "lease_until": None,
        "is_appeal": False,
        **moments,
    }
    assert moments["opened_at"] < moments["due_at"]
    assert results(moderator.get("moderation/cases/")) == [answer.json()]


def test_a_case_says_which_words_made_a_signal_speak_up_and_what_readers_flagged(text, moderator):
    comment = make.comment(text, body="Ring me: +44 20 7946 0958, or +44 20 7946 0959.")
    flag_comment(make.person(), comment_id=comment.pk, reason="2", note="Somebody's number.", at=clock.now())
    case = moderator.get(f"moderation/cases/{comment.item.cases.get(closed_at=None).pk}/").json()
    assert [(each["code"], each["words"]) for each in case["reasons"]] == [("flagged", [])]
    [flag] = case["flags"]
    assert (flag["reason"], flag["note"], flag["revision"]) == ("2", "Somebody's number.", 1)
    sent = make.pending_comment(text, body="Ring me: +44 20 7946 0958.")
    reasons = moderator.get(f"moderation/cases/{case_of(sent).pk}/").json()["reasons"]
    assert {each["code"]: each["words"] for each in reasons}["telephone-number"] == ["+44 20 7946 0958"]


def test_who_reads_the_queue(text):
    comment = make.pending_comment(text)
    path = f"moderation/cases/{case_of(comment).pk}/"
    for person in (make.moderator(text), make.secretariat(text), make.observer(text)):
        assert len(results(by(person).get("moderation/cases/"))) == 1
        assert by(person).get(path).status_code == 200
    for person in (make.manager(comment.institution), make.registrar(), make.person()):
        problem(by(person).get("moderation/cases/"), 403, "no-role")
        problem(by(person).post("moderation/claim/"), 403, "no-role")
        problem(by(person).get(path), 404, "not-found")
        problem(by(person).post(f"{path}claim/"), 404, "not-found")
    elsewhere = by(make.moderator(make.consultation()))
    assert results(elsewhere.get("moderation/cases/")) == []
    problem(elsewhere.get(path), 404, "not-found")
    for address in ("moderation/cases/", path):
        problem(visitor().get(address), 401, "not-signed-in")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_eleven_queries(text, moderator, number, django_assert_num_queries):
    noise()
    for _ in range(number):
        make.pending_comment(text)
    moderator.get("me/")  # the token's use is kept once a minute
    # the token; whether there is a queue; cases, their reasons, their flags; their comments, the texts
    # commented on; that they were read: the transaction, what they belong to, the rows
    with django_assert_num_queries(11):
        found = results(moderator.get("moderation/cases/"))
    assert len(found) == number


def test_filters(text, moderator):
    noise()
    make.pending_comment(text, language="fr", body="Oui.")
    make.pending_comment(text)
    make.endorsement(text, principle=2, position="endorse_with_reservation", statement="But.")
    filters = {
        "consultation=rivers": ["P1-1", "P1-2", "E2"],
        "consultation=nowhere": [],
        "kind=comment": ["P1-1", "P1-2"],
        "kind=statement": ["E2"],
        "language=fr": ["P1-1"],
        "reference=p1-2": ["P1-2"],
        "reference=e2": ["E2"],
        "reference=E3": [],
        "is_appeal=false": ["P1-1", "P1-2", "E2"],
        "is_appeal=true": [],
    }
    found = {
        query: [each["subject"]["reference"] for each in results(moderator.get(f"moderation/cases/?{query}"))]
        for query in filters
    }
    assert found == filters
    assert [len(page) for page in pages(moderator, "moderation/cases/?page_size=2")] == [2, 1]


def test_a_wrong_filter_is_named(moderator):
    for query in ("kind=noise", "language=nonsense-x", "reference=%00", "reference=P1-", "is_appeal=maybe",
                  "consultation=%00", "page_size=0", "cursor=x"):  # fmt: skip
        problem(moderator.get(f"moderation/cases/?{query}"), 400, "invalid", query.partition("=")[0])


def test_each_claim_gives_another_case_until_none_is_left(text, moderator):
    noise()
    for _ in range(2):
        make.pending_comment(text)
    first, second, third = (moderator.post("moderation/claim/") for _ in range(3))
    assert [each.status_code for each in (first, second, third)] == [200, 200, 204]
    assert first.json()["id"] != second.json()["id"]
    assert first.json()["lease_until"] is not None
    assert third.content == b""


def test_a_claim_can_ask_for_a_consultation_and_a_language(text, moderator):
    make.pending_comment(text, language="fr", body="Oui.")
    assert moderator.post("moderation/claim/", {"language": "ru"}).status_code == 204
    assert (
        moderator.post("moderation/claim/", {"consultation": "rivers", "language": "fr"}).status_code == 200
    )
    problem(moderator.post("moderation/claim/", {"consultation": "nowhere"}), 400, "invalid", "consultation")
    problem(moderator.post("moderation/claim/", {"language": 7}), 400, "invalid", "language")


def test_claiming_twice_under_a_key_gives_the_same_case(text, moderator):
    for _ in range(2):
        make.pending_comment(text)
    key = {"Idempotency-Key": "once"}
    first, again = moderator.post("moderation/claim/", **key), moderator.post("moderation/claim/", **key)
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_case_that_another_holds(text, moderator):
    path = f"moderation/cases/{case_of(make.pending_comment(text)).pk}/"
    assert moderator.post(f"{path}claim/").status_code == 200
    other = by(make.moderator(text))
    for act, body in (("claim", {}), ("release", {}), ("decide", {"action": "approve"})):
        problem(other.post(f"{path}{act}/", body), 409, "case-held")
    assert moderator.post(f"{path}release/").json()["lease_until"] is None
    problem(moderator.post(f"{path}decide/", {"action": "approve"}), 409, "case-held")
    assert other.post(f"{path}claim/").status_code == 200


def test_a_lease_ends_after_a_quarter_of_an_hour(text, moderator, time_machine):
    path = f"moderation/cases/{case_of(make.pending_comment(text)).pk}/"
    moderator.post(f"{path}claim/")
    time_machine.move_to(clock.now() + timedelta(minutes=16))
    problem(moderator.post(f"{path}decide/", {"action": "approve"}), 409, "case-held")
    assert by(make.moderator(text)).post(f"{path}claim/").status_code == 200


def test_a_decision_is_carried_out_and_shown_to_the_author(text, moderator):
    comment = make.pending_comment(text, make.verified_institution("Academy of Springs"))
    path = f"moderation/cases/{case_of(comment).pk}/"
    moderator.post(f"{path}claim/")
    body = {"action": "reject", "clause": "3", "message": "It names a person."}
    answer = moderator.post(f"{path}decide/", body)
    assert (answer.status_code, answer.json()["lease_until"]) == (200, None)
    assert results(moderator.get("moderation/cases/")) == []
    case = by(make.manager(comment.institution)).get("comments/rivers/P1-1/").json()["case"]
    assert (case["action"], case["clause"], case["message"]) == ("reject", "3", "It names a person.")
    assert case["decided_at"] is not None
    problem(moderator.post(f"{path}decide/", body), 409, "case-closed")


def test_approving_needs_no_clause_and_publishes(text, moderator):
    path = f"moderation/cases/{case_of(make.pending_comment(text)).pk}/"
    moderator.post(f"{path}claim/")
    assert moderator.post(f"{path}decide/", {"action": "approve"}).status_code == 200
    assert visitor().get("comments/rivers/P1-1/").status_code == 200


def test_nobody_decides_on_the_own_institution(text):
    comment = make.pending_comment(text)
    path = f"moderation/cases/{case_of(comment).pk}/"
    partial = by(make.with_role(text, "moderator", make.representative(comment.institution)))
    assert partial.post("moderation/claim/").status_code == 204
    other = make.pending_comment(text).reference
    listed = [row["subject"]["reference"] for row in results(partial.get("moderation/cases/"))]
    assert listed == [other]
    problem(partial.post(f"{path}claim/"), 403, "own-institution")
    watching = by(make.observer(text))
    problem(watching.post(f"{path}claim/"), 403, "no-role")
    problem(watching.post("moderation/claim/"), 403, "no-role")


WRONG_DECISIONS = [
    ({}, "action"),
    ({"action": "applaud"}, "action"),
    ({"action": 7}, "action"),
    ({"action": "reject"}, "clause"),
    ({"action": "reject", "clause": "77"}, "clause"),
    ({"action": "reject", "clause": 1}, "clause"),
    ({"action": "reject", "clause": "\x00"}, "clause"),
    ({"action": "approve", "message": "x" * 5_001}, "message"),
    ({"action": "approve", "message": "\ud800"}, "message"),
    ({"action": "approve", "message": ["x"]}, "message"),
]


def test_a_wrong_decision_is_named(text, moderator):
    path = f"moderation/cases/{case_of(make.pending_comment(text)).pk}/"
    moderator.post(f"{path}claim/")
    for body, field in WRONG_DECISIONS:
        problem(moderator.post(f"{path}decide/", body), 400, "invalid", field)
    problem(moderator.post(f"{path}decide/", {"action": "restore"}), 409, "not-possible-now")
    assert Case.objects.get().closed_at is None


def test_an_unknown_case_is_not_found(moderator):
    for key in ("01890a5d-ac96-774b-bcce-b302099a8057", "nonsense"):
        problem(moderator.get(f"moderation/cases/{key}/"), 404, "not-found")
        for act in ("claim", "release", "decide"):
            problem(moderator.post(f"moderation/cases/{key}/{act}/", {"action": "approve"}), 404, "not-found")
